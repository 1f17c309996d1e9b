// The formats of described types. A new one is a file in formats/, and its name here.

import type { CodecOptions, DescribedCodec } from './codecs.js';
import type { Description } from './description-types.js';
import { cbor } from './formats/cbor.js';
import { json } from './formats/json.js';
import { initXml, xml } from './formats/xml.js';

export { cbor, initXml, json, xml };
const formats = { cbor, json, xml };

/**
 * Selects the codec by the text after the last dot of the subprotocol, in lower case: "order.xml", or just "xml". Any
 * other subprotocol, such as "", selects JSON. Same as `codec_of` in C++. Use it for the option `codec` of `connect`:
 *
 *     const codec = (subprotocol: string) => codecOf(subprotocol, Order);
 *     const socket = await connect<Order>(url, { codec, subprotocols: ['order.cbor', 'order.json'] });
 */
export function codecOf<T>(
  subprotocol: string,
  description: Description<T>,
  options: CodecOptions = {},
): DescribedCodec<T> {
  const name = subprotocol.slice(subprotocol.lastIndexOf('.') + 1);
  const codec = Object.hasOwn(formats, name) ? formats[name as keyof typeof formats] : json;
  return codec(description, options);
}
