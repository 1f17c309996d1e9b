/** Parses hexadecimal digits such as `00 ff c0de`. Throws an error with a text for the user. */
export function parseHex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/0x|[\s,:]+/gi, '');
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong) throw new Error(`"${wrong[0]}" is not a hexadecimal digit`);
  if (digits.length % 2 !== 0) throw new Error(`${digits.length} digits: the number of digits must be even`);
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** The hexadecimal digits of at most `maxBytes` bytes. */
export function toHex(bytes: Uint8Array, maxBytes: number): string {
  const digits = Array.from(bytes.subarray(0, maxBytes), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > maxBytes ? `${digits} \u2026` : digits;
}

/** How messages are shown: as they are, with line breaks, or as bytes. */
export type View = 'plain' | 'pretty' | 'hex';

const shownBytes: Readonly<Record<View, number>> = { plain: 24, pretty: 24, hex: 256 };
const shownCharacters: Readonly<Record<View, number>> = { plain: 200, pretty: 2000, hex: 0 };
const encoder = new TextEncoder();

const unchanged = (text: string): string => text;

/** The beginning of a message, for the log. `pretty` adds the line breaks of that view. */
export function preview(message: string | Uint8Array, view: View = 'plain', pretty = unchanged): string {
  if (typeof message !== 'string') return toHex(message, shownBytes[view]);
  if (view === 'hex') return toHex(encoder.encode(message), shownBytes.hex);
  const text = view === 'pretty' ? pretty(message) : message;
  return text.length > shownCharacters[view] ? `${text.slice(0, shownCharacters[view])}\u2026` : text;
}

/** Size of a message in bytes, without the frame header. */
export function sizeOf(message: string | Uint8Array): number {
  return typeof message === 'string' ? encoder.encode(message).length : message.length;
}
