import { TwinsocketError } from '../errors.js';
import type { Message } from '../codec.js';
import { type CodecOptions, type DescribedCodec, messageOf, textOf } from '../codecs.js';
import type { Description } from '../description-types.js';
import type { ModuleSource } from '../platform.js';
import { mismatchesAsErrors } from '../shapes/mismatch.js';
import { OneOf } from '../shapes/one-of.js';
import { shapeOf } from '../shapes/shape.js';
import { Struct } from '../shapes/struct.js';
import { standardProperties } from '../standard-schema.js';
import { xmlLoader, xmlModule } from '../xml-module.js';
import { type XmlNode, XmlReader } from './xml-reader.js';
import { XmlWriter } from './xml-writer.js';

/**
 * XML in text messages, for a described type. The documents are those of the C++ codec and of Go's encoding/xml for the
 * same struct: one element per member, and one per value of a list. The parser and the writer run in WebAssembly, so they
 * also work in workers and in Node. Connections load their module when they connect. To use the codec without a connection,
 * await {@link initXml}.
 */
export function xml<T>(description: Description<T>, { disallowUnknown = false }: CodecOptions = {}): DescribedCodec<T> {
  const shape = shapeOf(description);
  if (!(shape instanceof Struct || shape instanceof OneOf))
    throw new TwinsocketError('invalid_argument', 'an XML document must be a struct() or a oneOf()');
  const name = shape instanceof Struct ? shape.name : undefined;
  const load = (): Promise<void> | undefined => (xmlLoader().loaded ? undefined : initXml());
  const read = (message: Message): T => {
    const root = JSON.parse(xmlModule().read(textOf(message))) as XmlNode;
    const reader = new XmlReader(disallowUnknown);
    return (shape instanceof Struct ? reader.root(shape, root) : reader.selected(shape, root)) as T;
  };
  return {
    load,
    encode(value) {
      const writer = new XmlWriter(name);
      mismatchesAsErrors(() => shape.write(shape.check(value), writer));
      return xmlModule().write(writer.tokens);
    },
    decode: (message) => mismatchesAsErrors(() => read(message)),
    '~standard': standardProperties((value) => read(messageOf(value)), load),
  };
}

/**
 * Loads the WebAssembly module of the XML codec, for XML without a connection. `source` replaces the package's own file.
 * Further calls do nothing once the module is loaded.
 */
export async function initXml(source?: ModuleSource): Promise<void> {
  await xmlLoader().load(source);
}
