// UTF-8 also where the platform has no TextEncoder or TextDecoder, such as in older versions of React Native.

import type { Decoder, Encoder } from './sockets.js';

type Platform = { TextEncoder?: new () => Encoder; TextDecoder?: new (name: string, options: object) => Decoder };

let encoder: Encoder | undefined;
let decoder: Decoder | undefined;

export function utf8Encoder(): Encoder {
  const { TextEncoder } = globalThis as Platform;
  return (encoder ??= TextEncoder ? new TextEncoder() : { encode, encodeInto });
}

/** Throws for bytes that are not UTF-8. Keeps a byte order mark. */
export function utf8Decoder(): Decoder {
  const { TextDecoder } = globalThis as Platform;
  return (decoder ??= TextDecoder ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }) : { decode });
}

export function encodeUtf8(text: string): Uint8Array {
  return utf8Encoder().encode(text);
}

/** Throws for bytes that are not UTF-8. Keeps a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string {
  return utf8Decoder().decode(bytes);
}

function encode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  return bytes.slice(0, encodeInto(text, bytes).written);
}

/** Stops before the first character that does not fit. A surrogate without its other half becomes U+FFFD. */
function encodeInto(text: string, into: Uint8Array): { read: number; written: number } {
  let read = 0;
  let written = 0;
  for (const character of text) {
    let code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (written + size > into.length) break;
    // From the last byte to the first, which has the size in its upper bits.
    for (let i = size - 1; i > 0; --i, code >>= 6) into[written + i] = 0x80 | (code & 0x3f);
    into[written] = size === 1 ? code : ((0xf00 >> size) & 0xff) | code;
    written += size;
    read += character.length;
  }
  return { read, written };
}

function decode(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at++] as number;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let code = more ? first & (0x3f >> more) : first;
    let isValid = first < 0x80 || (first >= 0xc2 && first < 0xf5);
    for (let i = 0; i < more; ++i) {
      const next = bytes[at++] ?? 0;
      isValid &&= next >> 6 === 2;
      code = (code << 6) | (next & 0x3f);
    }
    // Neither a longer form than necessary, nor a surrogate, nor beyond Unicode.
    isValid &&= more < 2 || code >= (more === 2 ? 0x800 : 0x10000);
    if (!isValid || code >> 11 === 27 || code > 0x10ffff) throw new TypeError('The encoded data was not valid');
    text += String.fromCodePoint(code);
  }
  return text;
}
