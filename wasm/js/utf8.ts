// UTF-8. The platform's classes are created on first use, because an import of the package must not need them. In the entry
// point without WebAssembly build.mjs replaces this file by utf8.javascript.ts.

import type { Decoder, Encoder } from './sockets.js';

let encoder: Encoder | undefined;
let decoder: Decoder | undefined;

export function utf8Encoder(): Encoder {
  return (encoder ??= new TextEncoder());
}

/** Throws for bytes that are not UTF-8. Keeps a byte order mark. */
export function utf8Decoder(): Decoder {
  return (decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }));
}

export function encodeUtf8(text: string): Uint8Array {
  return utf8Encoder().encode(text);
}

/** Throws for bytes that are not UTF-8. Keeps a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string {
  return utf8Decoder().decode(bytes);
}
