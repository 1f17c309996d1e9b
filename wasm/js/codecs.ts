import type { Codec, Message } from './codec.js';
import type { Description } from './description.js';
import { TwinsocketError } from './errors.js';
import { parseCbor } from './parse-cbor.js';
import { parseJson, parseJsonExactly } from './parse-json.js';
import { CborOutput } from './shapes/cbor.js';
import { mismatchesAsErrors } from './shapes/mismatch.js';
import { shapeOf } from './shapes/shape.js';

/** Text messages as strings. A binary message is refused with `wrong_kind`. */
export const text: Codec<string> = {
  encode: (value) => value,
  decode: textOf,
};

/** Binary messages as bytes. A text message is refused with `wrong_kind`. */
export const binary: Codec<Uint8Array> = {
  encode: (value) => value,
  decode(message) {
    if (typeof message !== 'string') return message;
    throw new TwinsocketError('wrong_kind', `expected a binary message, found text of ${message.length} characters`);
  },
};

/** What a codec of described types may be told. */
export interface CodecOptions {
  /** Refuse a document with members that are not described, which otherwise are passed over. */
  readonly refuseUnknown?: boolean;
}

/** JSON in text messages, of any value: what comes is not checked, and numbers are what JavaScript makes of them. */
export function json(): Codec<unknown>;
/**
 * JSON in text messages of a described type, by the browser's own parser; what comes and what goes is checked. Documents
 * that are nested deeper than 256 levels are refused.
 */
export function json<T>(description: Description<T>, options?: CodecOptions): Codec<T>;
export function json<T>(
  description?: Description<T>,
  { refuseUnknown = false }: CodecOptions = {},
): Codec<T> | Codec<unknown> {
  if (!description) {
    const untyped: Codec<unknown> = { encode: stringify, decode: (message) => parseJson(textOf(message)) };
    return untyped;
  }
  const shape = shapeOf(description);
  const typed: Codec<T> = {
    encode: (value) => mismatchesAsErrors(() => shape.toJson(shape.check(value))),
    decode: (message) =>
      mismatchesAsErrors(() =>
        shape.fromData(parseJsonExactly(textOf(message)), { refuseUnknown, isBinary: false }),
      ) as T,
  };
  return typed;
}

/**
 * CBOR (RFC 8949) in binary messages of a described type: the same documents as JSON, smaller, with bytes as bytes.
 * Documents that are nested deeper than 256 levels are refused, and those with more than 1,000,000 arrays, maps and byte
 * strings (`message_too_big`).
 */
export function cbor<T>(description: Description<T>, { refuseUnknown = false }: CodecOptions = {}): Codec<T> {
  const shape = shapeOf(description);
  return {
    encode: (value) =>
      mismatchesAsErrors(() => {
        const out = new CborOutput();
        shape.toCbor(shape.check(value), out);
        return out.done();
      }),
    decode: (message) =>
      mismatchesAsErrors(() =>
        shape.fromData(parseCbor(binary.decode(message)), { refuseUnknown, isBinary: true }),
      ) as T,
  };
}

/** @internal The text of a message, which must be one of text. */
export function textOf(message: Message): string {
  if (typeof message === 'string') return message;
  throw new TwinsocketError('wrong_kind', `expected a text message, found ${message.byteLength} bytes of binary`);
}

function stringify(value: unknown): string {
  let document: string | undefined;
  try {
    document = JSON.stringify(value);
  } catch (error) {
    // A bigint, or an object that contains itself.
    throw new TwinsocketError('wrong_type', `no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (document !== undefined) return document;
  throw new TwinsocketError('wrong_type', `JSON has no ${typeof value}`);
}
