import { TwinsocketError } from './errors.js';
import { Choice, List, Numeric, Optional, Required, Scalar, Struct, shapeOf } from './shape.js';

/**
 * What values of a type look like, at run time. TypeScript infers the type from it:
 *
 *     const person = struct('Person', { Name: string(), Emails: list(string()) });
 *     type Person = Infer<typeof person>;
 *
 * The codecs `json` and `xml` encode and decode by it as C++ does by the description of the same struct: a member that
 * a document does not have is "", 0, false, [] or absent, unless it is `required`.
 */
export interface Description<T> {
  /** How errors call such a value: "a string", "an array". */
  readonly expected: string;
  /**
   * Returns the value itself when it fits, or throws `wrong_type` such as "Emails[1]: expected a string, found a
   * number".
   */
  check(value: unknown): T;
  /** True when the value fits. */
  is(value: unknown): value is T;
}

/** A member that may be absent. */
export interface OptionalDescription<T> extends Description<T | undefined> {
  readonly isOptional: true;
}

/** The type that a description describes. */
export type Infer<D> = D extends Description<infer T> ? T : never;

/** The members of a struct, by their names on the wire. */
export type Members = Readonly<Record<string, Description<unknown>>>;

type OptionalNames<M> = { [K in keyof M]: M[K] extends OptionalDescription<unknown> ? K : never }[keyof M];

/** The type of a struct with these members. */
export type StructOf<M extends Members> = {
  -readonly [K in Exclude<keyof M, OptionalNames<M>>]: Infer<M[K]>;
} & { -readonly [K in OptionalNames<M>]?: Infer<M[K]> } extends infer All
  ? { [K in keyof All]: All[K] }
  : never;

/** Text. */
export function string(): Description<string> {
  return new Scalar(
    'a string',
    '',
    (value) => typeof value === 'string',
    (text) => text,
  );
}

/** True or false. */
export function boolean(): Description<boolean> {
  return new Scalar('a boolean', false, (value) => typeof value === 'boolean', parseBoolean);
}

/** A number: a C++ `double`. JSON has no NaN and no infinity, XML has. */
export function number(): Description<number> {
  return new Numeric('a number', () => true, parseNumber, printNumber);
}

/** A whole number that JavaScript holds exactly: up to 2^53 - 1 either way. */
export function integer(): Description<number> {
  return between(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}
export function int8(): Description<number> {
  return between(-0x80, 0x7f);
}
export function int16(): Description<number> {
  return between(-0x8000, 0x7fff);
}
export function int32(): Description<number> {
  return between(-0x80000000, 0x7fffffff);
}
export function uint8(): Description<number> {
  return between(0, 0xff);
}
export function uint16(): Description<number> {
  return between(0, 0xffff);
}
export function uint32(): Description<number> {
  return between(0, 0xffffffff);
}

/** One of a few names: a C++ enum. */
export function choice<const Names extends readonly [string, ...string[]]>(
  ...names: Names
): Description<Names[number]> {
  return new Choice<Names[number]>(names);
}

/** Any number of values of one kind: a JSON array, or in XML one element per value. */
export function list<T>(element: Description<T>): Description<T[]> {
  return new List(shapeOf(element));
}

/** A member that may be absent, which in JSON is null. */
export function optional<T>(present: Description<T>): OptionalDescription<T> {
  return new Optional(shapeOf(present));
}

/** A member that every document must have. */
export function required<T>(member: Description<T>): Description<T> {
  return new Required(shapeOf(member));
}

/**
 * A value with named members: a C++ struct. The name is that of the root element in XML. Members that are not described
 * are passed over.
 */
export function struct<const M extends Members>(name: string, members: M): Description<StructOf<M>> {
  if (Object.hasOwn(members, '__proto__')) throw new TwinsocketError('invalid_argument', 'a member called __proto__');
  return new Struct<StructOf<M>>(name, members);
}

function between(low: number, high: number): Description<number> {
  const fits = (value: number) => Number.isInteger(value) && value >= low && value <= high;
  const parse = (text: string) => (/^[+-]?\d+$/.test(text) ? Number(text) || 0 : undefined);
  return new Numeric(`an integer from ${low} to ${high}`, fits, parse);
}

/** The words that Go's strconv.ParseBool takes; no text at all is false. */
function parseBoolean(text: string): boolean | undefined {
  const word = text.trim();
  if (['true', 'True', 'TRUE', 't', 'T', '1'].includes(word)) return true;
  return ['false', 'False', 'FALSE', 'f', 'F', '0'].includes(word) || text === '' ? false : undefined;
}

/** A decimal number that is not too large, or the words that Go takes. */
function parseNumber(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (/^nan$/i.test(text)) return NaN;
  const [, sign] = /^([+-]?)inf(inity)?$/i.exec(text) ?? [];
  return sign === undefined ? undefined : sign === '-' ? -Infinity : Infinity;
}

/** As C++ and Go write a number in XML: the shortest text, with an exponent below 1e-4 and from 1e6 on. */
function printNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === Infinity) return value > 0 ? '+Inf' : '-Inf';
  if (magnitude >= 1e6 || (magnitude < 1e-4 && magnitude > 0))
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return Object.is(value, -0) ? '-0' : String(value);
}
