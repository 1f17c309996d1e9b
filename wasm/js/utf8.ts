// UTF-8. The platform's classes are created on first use, because an import of the package must not need them.

let encoder: TextEncoder | undefined;
let decoder: TextDecoder | undefined;

export function encodeUtf8(text: string): Uint8Array {
  return (encoder ??= new TextEncoder()).encode(text);
}

/** Throws for bytes that are not UTF-8. Keeps a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): string {
  return (decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })).decode(bytes);
}
