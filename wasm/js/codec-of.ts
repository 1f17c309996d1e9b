import type { Codec } from './codec.js';
import { type CodecOptions, cbor, json } from './codecs.js';
import type { Description } from './description.js';
import { xml } from './xml.js';

const formats = { json, xml, cbor } as const;

/**
 * The codec that a subprotocol names by what stands behind its last dot, in small letters: "order.xml", or "xml" alone.
 * JSON where it names none, as "" does. As C++'s `codec_of`; for the option `codec` of `connect`:
 *
 *     const codec = (subprotocol: string) => codecOf(subprotocol, Order);
 *     const socket = await connect<Order>(url, { codec, subprotocols: ['order.cbor', 'order.json'] });
 */
export function codecOf<T>(subprotocol: string, description: Description<T>, options: CodecOptions = {}): Codec<T> {
  const name = subprotocol.slice(subprotocol.lastIndexOf('.') + 1);
  const codec = Object.hasOwn(formats, name) ? formats[name as keyof typeof formats] : json;
  return codec(description, options);
}
