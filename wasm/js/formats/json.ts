import type { Codec, Message } from '../codec.js';
import { type CodecOptions, type DescribedCodec, textOf } from '../codecs.js';
import type { Description } from '../description-types.js';
import { TwinsocketError } from '../errors.js';
import { toBase64 } from '../shapes/base64.js';
import { forEachElement } from '../shapes/list.js';
import { forEachSorted } from '../shapes/map.js';
import { Mismatch, withPathStep } from '../shapes/mismatch.js';
import { shortestFloat } from '../shapes/shortest-float.js';
import type { Checks, Shape, StructShape, Writer } from '../shapes/shape.js';
import { memberValue } from '../shapes/struct-member.js';
import { quote } from '../shapes/text.js';
import { type DataFormat, dataCodec } from './data-format.js';
import { isTooDeep, mayBeVeryDeep, mayHaveUnpairedSurrogate, parseJson, parseJsonWithBigInts } from './parse-json.js';

/** Untyped JSON in text messages. Received values are not checked, and numbers have the precision of JavaScript. */
export function json(): Codec<unknown>;
/**
 * JSON in text messages, for a described type. Uses `JSON.parse` and checks the values in both directions. Rejects
 * documents nested deeper than 256 levels (`too_deep`).
 */
export function json<T>(description: Description<T>, options?: CodecOptions): DescribedCodec<T>;
export function json<T>(description?: Description<T>, options: CodecOptions = {}): DescribedCodec<T> | Codec<unknown> {
  if (!description) {
    const untyped: Codec<unknown> = { encode: stringify, decode: (message) => parseJson(textOf(message)) };
    return untyped;
  }
  return dataCodec(jsonFormat, description, options);
}

const jsonFormat: DataFormat = {
  isBinary: false,
  parse: (message) => parseJsonWithBigInts(textOf(message)),
  generated: ({ read, write }, { disallowUnknown }) => ({
    decode: read && ((message) => decodeGenerated(message, read, disallowUnknown)),
    encode: write && ((value) => encodeGenerated(write(value))),
  }),
  writer: () => new JsonWriter(),
};

type Read = NonNullable<Checks<unknown>['read']>;

/**
 * Parses before the depth is checked, unless the document may be so deep that JSON.parse would take much time and memory: only
 * members that are not described can be deeper than what `read` accepts. Integers
 * beyond 2^53 - 1 are rounded, which `read` does not accept for 64-bit integers and which makes no difference elsewhere.
 */
function decodeGenerated(document: Message, read: Read, disallowUnknown?: boolean): unknown {
  if (typeof document !== 'string' || mayHaveUnpairedSurrogate(document)) return undefined;
  if (mayBeVeryDeep(document) && isTooDeep(document)) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(document);
  } catch {
    return undefined;
  }
  const state = { others: false };
  const value = read(data, state);
  if (state.others && (disallowUnknown || isTooDeep(document))) return undefined;
  return value;
}

/** `data` has a text for each member, and null for each that is absent. */
function encodeGenerated(data: unknown): string | undefined {
  if (data === undefined) return undefined;
  const document = JSON.stringify(data);
  // JSON.stringify escapes unpaired surrogates.
  return document.includes('\\ud') ? undefined : document;
}

class JsonWriter implements Writer {
  private document = '';

  finish(): string {
    return this.document;
  }

  null(): void {
    this.document += 'null';
  }
  boolean(value: boolean): void {
    this.document += String(value);
  }
  integer(value: number | bigint): void {
    this.document += String(value);
  }
  real(value: number, isFloat: boolean): void {
    if (!Number.isFinite(value)) throw new Mismatch(`JSON has no ${value}`, 'invalid_argument');
    const number = isFloat ? shortestFloat(value) : value;
    this.document += Object.is(number, -0) ? '-0' : String(number);
  }
  string(text: string): void {
    this.document += quote(text);
  }
  bytes(bytes: Uint8Array): void {
    this.document += `"${toBase64(bytes)}"`;
  }
  list(element: Shape<unknown>, values: readonly unknown[]): void {
    this.document += '[';
    forEachElement(values, (value, i) => {
      if (i) this.document += ',';
      element.write(value, this);
    });
    this.document += ']';
  }
  map(element: Shape<unknown>, value: Readonly<Record<string, unknown>>): void {
    let separator = '{';
    forEachSorted(value, (key, part) => {
      this.document += `${separator}${quote(key)}:`;
      separator = ',';
      element.write(part, this);
    });
    this.document += separator === '{' ? '{}' : '}';
  }
  oneOf(name: string, type: Shape<unknown>, value: unknown): void {
    this.document += `{${quote(name)}:`;
    type.write(value, this);
    this.document += '}';
  }
  struct({ members }: StructShape, value: object): void {
    let separator = '{';
    let at = '';
    try {
      for (const member of members) {
        at = member.name;
        const part = memberValue(value, member);
        if (member.options.omitEmpty && member.shape.isEmpty(part)) continue;
        this.document += separator + member.prefix;
        separator = ',';
        member.shape.write(part, this);
      }
    } catch (error) {
      throw withPathStep(error, at);
    }
    this.document += separator === '{' ? '{}' : '}';
  }
  inString(scalar: Shape<unknown>, value: unknown): void {
    this.document += '"';
    scalar.write(value, this);
    this.document += '"';
  }
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
