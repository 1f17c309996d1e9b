import type { Codec, Message } from './codec.js';
import type { Description } from './description.js';
import { TwinsocketError } from './errors.js';
import { Mismatch, shapeOf } from './shape.js';

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

/** JSON in text messages, of any value: what comes is not checked. */
export function json(): Codec<unknown>;
/** JSON in text messages of a described type, by the browser's own parser; what comes and what goes is checked. */
export function json<T>(description: Description<T>): Codec<T>;
export function json<T>(description?: Description<T>): Codec<T> | Codec<unknown> {
  if (!description) {
    const untyped: Codec<unknown> = { encode: stringify, decode: (message) => parse(textOf(message)) };
    return untyped;
  }
  const shape = shapeOf(description);
  const typed: Codec<T> = {
    encode: (value) => stringify(read(() => shape.toJson(shape.check(value)))),
    decode: (message) => read(() => shape.fromJson(parse(textOf(message)))) as T,
  };
  return typed;
}

/** @internal The text of a message, which must be one of text. */
export function textOf(message: Message): string {
  if (typeof message === 'string') return message;
  throw new TwinsocketError('wrong_kind', `expected a text message, found ${message.byteLength} bytes of binary`);
}

/** @internal Runs a reader of shape.ts, whose mismatches become errors. */
export function read<T>(reader: () => T): T {
  try {
    return reader();
  } catch (error) {
    throw error instanceof Mismatch ? error.toError() : error;
  }
}

function stringify(value: unknown): string {
  const document: string | undefined = JSON.stringify(value);
  if (document !== undefined) return document;
  throw new TwinsocketError('wrong_type', `JSON has no ${typeof value}`);
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch (error) {
    throw new TwinsocketError('syntax', `not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
