import type { Codec, Message } from './codec.js';
import type { Description } from './description-types.js';
import { TwinsocketError } from './errors.js';
import { parseCbor } from './parse-cbor.js';
import { parseJson, parseJsonWithBigInts } from './parse-json.js';
import { CborWriter } from './shapes/cbor.js';
import { mismatchesAsErrors } from './shapes/mismatch.js';
import { shapeOf } from './shapes/shape.js';

/** Text messages as strings. A binary message is rejected with `wrong_kind`. */
export const text: Codec<string> = {
  encode: (value) => value,
  decode: textOf,
};

/** Binary messages as Uint8Array. A text message is rejected with `wrong_kind`. */
export const binary: Codec<Uint8Array> = {
  encode: (value) => value,
  decode(message) {
    if (typeof message !== 'string') return message;
    throw new TwinsocketError('wrong_kind', `expected a binary message, found text of ${message.length} characters`);
  },
};

/** Options of the codecs for described types. */
export interface CodecOptions {
  /** Rejects documents with members that are not described. Default: false, such members are ignored. */
  readonly disallowUnknown?: boolean;
}

/** Untyped JSON in text messages. Received values are not checked, and numbers have the precision of JavaScript. */
export function json(): Codec<unknown>;
/**
 * JSON in text messages, for a described type. Uses `JSON.parse` and checks the values in both directions. Rejects
 * documents nested deeper than 256 levels (`too_deep`).
 */
export function json<T>(description: Description<T>, options?: CodecOptions): Codec<T>;
export function json<T>(
  description?: Description<T>,
  { disallowUnknown = false }: CodecOptions = {},
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
        shape.fromData(parseJsonWithBigInts(textOf(message)), { disallowUnknown, isBinary: false }),
      ) as T,
  };
  return typed;
}

/**
 * CBOR (RFC 8949) in binary messages, for a described type. The documents have the structure of the JSON ones; they are
 * smaller, and bytes need no base64. Rejects documents nested deeper than 256 levels (`too_deep`) and documents with more
 * than 1,000,000 arrays, maps and byte strings (`message_too_big`).
 */
export function cbor<T>(description: Description<T>, { disallowUnknown = false }: CodecOptions = {}): Codec<T> {
  const shape = shapeOf(description);
  return {
    encode: (value) =>
      mismatchesAsErrors(() => {
        const out = new CborWriter();
        shape.toCbor(shape.check(value), out);
        return out.finish();
      }),
    decode: (message) =>
      mismatchesAsErrors(() =>
        shape.fromData(parseCbor(binary.decode(message)), { disallowUnknown, isBinary: true }),
      ) as T,
  };
}

/** @internal Returns the text of a text message. Throws `wrong_kind` for a binary one. */
export function textOf(message: Message): string {
  if (typeof message === 'string') return message;
  throw new TwinsocketError('wrong_kind', `expected a text message, found ${message.byteLength} bytes of binary`);
}

function stringify(value: unknown): string {
  let document: string | undefined;
  try {
    document = JSON.stringify(value);
  } catch (error) {
    // The value has a bigint or contains itself.
    const why = error instanceof Error ? error.message : String(error);
    throw new TwinsocketError('type_mismatch', `cannot be written as JSON: ${why}`);
  }
  if (document !== undefined) return document;
  throw new TwinsocketError('type_mismatch', `JSON has no ${typeof value}`);
}
