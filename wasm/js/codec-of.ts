import type { Codec } from './codec.js';
import { type CodecOptions, cbor, json } from './codecs.js';
import type { Description } from './description-types.js';
import { xml } from './xml.js';

const formats = { json, xml, cbor } as const;

/**
 * Selects the codec by the text after the last dot of the subprotocol, in lower case: "order.xml", or just "xml". Any
 * other subprotocol, such as "", selects JSON. Same as `codec_of` in C++. Use it for the option `codec` of `connect`:
 *
 *     const codec = (subprotocol: string) => codecOf(subprotocol, Order);
 *     const socket = await connect<Order>(url, { codec, subprotocols: ['order.cbor', 'order.json'] });
 */
export function codecOf<T>(subprotocol: string, description: Description<T>, options: CodecOptions = {}): Codec<T> {
  const name = subprotocol.slice(subprotocol.lastIndexOf('.') + 1);
  const codec = Object.hasOwn(formats, name) ? formats[name as keyof typeof formats] : json;
  return codec(description, options);
}
