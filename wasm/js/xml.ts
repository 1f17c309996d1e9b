import type { Codec } from './codec.js';
import { read, textOf } from './codecs.js';
import type { Description } from './description.js';
import { running } from './engine.js';
import { TwinsocketError } from './errors.js';
import { Struct, type XmlNode, type XmlSink, shapeOf } from './shape.js';

/**
 * XML in text messages: the documents that Go's encoding/xml and our C++ write for the same struct, an element per
 * member and one per value of a list. Parsed and written in WebAssembly, so it is there in workers and in Node too; but
 * not before a first `connect` or `init`.
 */
export function xml<T>(description: Description<T>): Codec<T> {
  const shape = shapeOf(description);
  if (!(shape instanceof Struct)) throw new TwinsocketError('invalid_argument', 'an XML document is a struct');
  return {
    encode(value) {
      const marks = new Marks();
      shape.toXml(shape.name, shape.check(value), marks);
      return running().writeXml(marks.all);
    },
    decode(message) {
      const root = JSON.parse(running().readXml(textOf(message))) as XmlNode;
      return read(() => shape.fromDocument(root)) as T;
    },
  };
}

/**
 * A document on its way into WebAssembly, which puts in the brackets and the escapes: one character for what comes,
 * then a name or a text, then a NUL. XML has no NUL, so one in a text becomes U+FFFD, as in Go.
 */
class Marks implements XmlSink {
  all = '';

  begin(name: string): void {
    this.all += `<${name}\0`;
  }
  text(text: string): void {
    this.all += `=${text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text}\0`;
  }
  end(): void {
    this.all += '>\0';
  }
}
