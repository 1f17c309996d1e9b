import type { Codec, Message } from './codec.js';
import { TwinsocketError } from './errors.js';
import { typeName } from './shapes/mismatch.js';
import type { StandardSchema } from './standard-schema.js';

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

/** A codec for a described type. It is a Standard Schema, too: it validates messages by decoding them. */
export interface DescribedCodec<T> extends Codec<T>, StandardSchema<Message, T> {}

/** @internal Returns the text of a text message. Throws `wrong_kind` for a binary one. */
export function textOf(message: Message): string {
  if (typeof message === 'string') return message;
  throw new TwinsocketError('wrong_kind', `expected a text message, found ${message.byteLength} bytes of binary`);
}

/** @internal Returns the value if it is a message. */
export function messageOf(value: unknown): Message {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  throw new TwinsocketError('wrong_kind', `expected a message, found ${typeName(value)}`);
}
