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

const shownBytes = 24;
const shownCharacters = 200;

/** The beginning of a message, for the log. */
export function preview(message: string | Uint8Array): string {
  if (typeof message !== 'string') return toHex(message, shownBytes);
  return message.length > shownCharacters ? `${message.slice(0, shownCharacters)}\u2026` : message;
}

const encoder = new TextEncoder();

/** Size of a message in bytes, without the frame header. */
export function sizeOf(message: string | Uint8Array): number {
  return typeof message === 'string' ? encoder.encode(message).length : message.length;
}
