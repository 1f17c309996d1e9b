import { TwinsocketError } from '../errors.js';
import type { Codec } from '../codec.js';
import { type CodecOptions, textOf } from '../codecs.js';
import type { Description } from '../description-types.js';
import { Instance } from '../instance.js';
import { mismatchesAsErrors } from '../shapes/mismatch.js';
import { OneOf } from '../shapes/one-of.js';
import { shapeOf } from '../shapes/shape.js';
import { Struct } from '../shapes/struct.js';
import { type XmlNode, XmlReader } from './xml-reader.js';
import { XmlWriter } from './xml-writer.js';

/**
 * XML in text messages, for a described type. The documents are those of the C++ codec and of Go's encoding/xml for the
 * same struct: one element per member, and one per value of a list. The parser and the writer run in WebAssembly, so they
 * also work in workers and in Node. Await a first `connect` or `init` before you use them.
 */
export function xml<T>(description: Description<T>, { disallowUnknown = false }: CodecOptions = {}): Codec<T> {
  const shape = shapeOf(description);
  if (!(shape instanceof Struct || shape instanceof OneOf))
    throw new TwinsocketError('invalid_argument', 'an XML document must be a struct() or a oneOf()');
  const name = shape instanceof Struct ? shape.name : undefined;
  return {
    encode(value) {
      const writer = new XmlWriter(name);
      mismatchesAsErrors(() => shape.write(shape.check(value), writer));
      return Instance.get().writeXml(writer.tokens);
    },
    decode(message) {
      const root = JSON.parse(Instance.get().readXml(textOf(message))) as XmlNode;
      const reader = new XmlReader(disallowUnknown);
      return mismatchesAsErrors(() =>
        shape instanceof Struct ? reader.root(shape, root) : reader.selected(shape, root),
      ) as T;
    },
  };
}
