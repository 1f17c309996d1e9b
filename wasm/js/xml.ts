import type { Codec } from './codec.js';
import { type CodecOptions, textOf } from './codecs.js';
import type { Description } from './description-types.js';
import { TwinsocketError } from './errors.js';
import { Instance } from './instance.js';
import { type XmlNode, XmlTokens } from './shapes/document.js';
import { mismatchesAsErrors } from './shapes/mismatch.js';
import { OneOf } from './shapes/one-of.js';
import { shapeOf } from './shapes/shape.js';
import { Struct } from './shapes/struct.js';

/**
 * XML in text messages, for a described type. The documents are those of the C++ codec and of Go's encoding/xml for the
 * same struct: one element per member, and one per value of a list. The parser and the writer run in WebAssembly, so they
 * also work in workers and in Node. Await a first `connect` or `init` before you use them.
 */
export function xml<T>(description: Description<T>, { disallowUnknown = false }: CodecOptions = {}): Codec<T> {
  const shape = shapeOf(description);
  if (!(shape instanceof Struct || shape instanceof OneOf))
    throw new TwinsocketError('invalid_argument', 'an XML document must be a struct() or a oneOf()');
  return {
    encode(value) {
      const tokens = new XmlTokens();
      mismatchesAsErrors(() => {
        shape.check(value);
        if (shape instanceof Struct) shape.toXml({ name: shape.name }, value, tokens);
        else shape.toNamed(value, tokens);
      });
      return Instance.get().writeXml(tokens.all);
    },
    decode(message) {
      const root = JSON.parse(Instance.get().readXml(textOf(message))) as XmlNode;
      const options = { disallowUnknown, isBinary: false };
      return mismatchesAsErrors(() =>
        shape instanceof Struct ? shape.fromRoot(root, options) : shape.fromNamed(root, options),
      ) as T;
    },
  };
}
