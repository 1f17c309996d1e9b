import { TwinsocketError } from './errors.js';
import { InString, Later, OneElement, Optional } from './shapes/around.js';
import { Bytes } from './shapes/bytes.js';
import { List } from './shapes/list.js';
import { Dictionary } from './shapes/map.js';
import { memberOf, say } from './shapes/member.js';
import { Numeric, Whole, Whole64 } from './shapes/number.js';
import { OneOf } from './shapes/one-of.js';
import { Choice, Flag, Scalar, Text } from './shapes/scalar.js';
import { type Shape, shapeOf } from './shapes/shape.js';
import { Struct } from './shapes/struct.js';
import { Time } from './shapes/time.js';

/**
 * What values of a type look like, at run time. TypeScript infers the type from it:
 *
 *     const person = struct('Person', { Name: string(), Emails: list(string()) });
 *     type Person = Infer<typeof person>;
 *
 * The codecs `json` and `xml` encode and decode by it as C++ does by the description of the same struct: a member that
 * a document does not have is "", 0, false, [] or absent, unless it is `required` or `withDefault`.
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
  return new Text();
}

/** True or false. */
export function boolean(): Description<boolean> {
  return new Flag();
}

/** A number: a C++ `double`. JSON has no NaN and no infinity, XML has. */
export function number(): Description<number> {
  return new Numeric();
}

/**
 * A number that a C++ `float` can hold. What is read, in whatever format, is the number with the shortest text that stands
 * for the same float: 0.1, and not 0.10000000149011612; and so it is written.
 */
export function float32(): Description<number> {
  return new Numeric(true);
}

/** A whole number that JavaScript holds exactly: up to 2^53 - 1 either way. */
export function integer(): Description<number> {
  return new Whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}
export function int8(): Description<number> {
  return new Whole(-0x80, 0x7f);
}
export function int16(): Description<number> {
  return new Whole(-0x8000, 0x7fff);
}
export function int32(): Description<number> {
  return new Whole(-0x80000000, 0x7fffffff);
}
export function uint8(): Description<number> {
  return new Whole(0, 0xff);
}
export function uint16(): Description<number> {
  return new Whole(0, 0xffff);
}
export function uint32(): Description<number> {
  return new Whole(0, 0xffffffff);
}
/** 64 bits, exactly, in JSON too: a bigint here and a number there. */
export function int64(): Description<bigint> {
  return new Whole64(-(2n ** 63n), 2n ** 63n - 1n);
}
/** 64 bits without a sign. */
export function uint64(): Description<bigint> {
  return new Whole64(0n, 2n ** 64n - 1n);
}

/** Bytes, `count` of them where it is given. JSON and XML have them as text in base64. */
export function bytes(count?: number): Description<Uint8Array> {
  return new Bytes(count);
}

/** A time of a clock, as text by RFC 3339: "2024-02-29T12:00:00.5Z". A C++ `std::chrono::system_clock::time_point`. */
export function time(): Description<string> {
  return new Time();
}

/** One of a few names: a C++ enum. The first is the one of the value 0. */
export function choice<const Names extends readonly [string, ...string[]]>(
  ...names: Names
): Description<Names[number]> {
  return new Choice<Names[number]>(names);
}

/**
 * Any number of values of one kind, or `count` of them: a JSON array, or in XML one element per value. A list of lists
 * has elements called `item` for the inner ones.
 */
export function list<T>(element: Description<T>, count?: number): Description<T[]> {
  return new List(shapeOf(element), count);
}

/** An object with any keys. In XML each value is an element with the attribute `key`. */
export function map<T>(element: Description<T>): Description<Record<string, T>> {
  return new Dictionary(shapeOf(element));
}

/** A value of one of several types, which an object with one member holds: `{ Circle: {...} }`. A C++ `std::variant`. */
export function oneOf<const M extends Members>(
  types: M,
): Description<{ [K in keyof M]: { [Only in K]: Infer<M[K]> } }[keyof M]> {
  return new OneOf(Object.entries(types).map(([name, type]) => [name, shapeOf(type)]));
}

/** A value that may be absent, which in JSON is null. */
export function optional<T>(present: Description<T>): OptionalDescription<T> {
  return new Optional(shapeOf(present));
}

/** A description that is made later: for a type that contains itself. */
export function later<T>(make: () => Description<T>): Description<T> {
  return new Later(() => shapeOf(make()));
}

/** A value that is one element in XML even if it is a list, and never null in JSON: what a C++ `wire_form` writes. */
export function oneElement<T>(value: Description<T>): Description<T> {
  return new OneElement(shapeOf(value));
}

/**
 * A value with named members: a C++ struct. The name is that of the root element in XML. Members that are not described
 * are passed over. What stands around a member (`required`, `attribute` and the like) is for members only. An object of
 * JavaScript has members whose names are whole numbers before all others: where documents have them elsewhere, `order`
 * names all members as they come.
 */
export function struct<const M extends Members>(
  name: string,
  members: M,
  order?: readonly `${keyof M & (string | number)}`[],
): Description<StructOf<M>> {
  if (Object.hasOwn(members, '__proto__')) throw new TwinsocketError('invalid_argument', 'a member called __proto__');
  if (order && String([...order].sort()) !== String(Object.keys(members).sort()))
    throw new TwinsocketError('invalid_argument', `the order of ${name} does not name each member once`);
  return new Struct<StructOf<M>>(name, members, order);
}

/** A member that every document must have. */
export function required<D extends Description<unknown>>(member: D): D {
  return say(member, { required: true });
}

/** A member that is this, and not empty, when a document does not have it. */
export function withDefault<D extends Description<unknown>>(member: D, value: Infer<D>): D {
  member.check(value);
  return say(member, { absent: () => structuredClone(value) });
}

/** A member that is left out of the document when it is false, 0, "", without elements or absent. */
export function omitEmpty<D extends Description<unknown>>(member: D): D {
  return say(member, { omitEmpty: true });
}

/** A number or boolean that JSON has in a string. */
export function asString<D extends Description<unknown>>(member: D): D {
  const inString = (shape: Shape<unknown>): Shape<unknown> => {
    if (shape instanceof Optional || shape instanceof OneElement) return shape.map(inString);
    const isOne =
      shape instanceof Flag || shape instanceof Numeric || shape instanceof Whole || shape instanceof Whole64;
    if (isOne) return new InString(shape as Scalar<unknown>);
    throw new TwinsocketError('invalid_argument', `as a string stands a number or a boolean, not ${shape.expected}`);
  };
  const { shape, words } = memberOf(member);
  return say(inString(shape), words) as Description<unknown> as D;
}

/** A member that is an attribute in XML: a single value. */
export function attribute<D extends Description<unknown>>(member: D): D {
  return say(member, { form: 'attribute' });
}

/** A member that is the text between the tags in XML: a single value. */
export function content<D extends Description<unknown>>(member: D): D {
  return say(member, { form: 'content' });
}

/** A member with another name in XML. `a>b` is the element b within an element a. */
export function xmlName<D extends Description<unknown>>(name: string, member: D): D {
  return say(member, { xmlName: name });
}
