import type { Description, Infer, Members, OptionalDescription, StructOf } from './description-types.js';
import { TwinsocketError } from './errors.js';
import { InString, Lazy, OneElement, Optional } from './shapes/wrapper.js';
import { Bytes } from './shapes/bytes.js';
import { List } from './shapes/list.js';
import { Dictionary } from './shapes/map.js';
import { memberOf, withOptions } from './shapes/member.js';
import { NumberShape, IntegerShape, BigIntShape } from './shapes/number.js';
import { OneOf } from './shapes/one-of.js';
import { Choice, BooleanShape, type Scalar, StringShape } from './shapes/scalar.js';
import { type Shape, shapeOf } from './shapes/shape.js';
import { Struct } from './shapes/struct.js';
import { Time } from './shapes/time.js';

export type { Description, Infer, Members, OptionalDescription, StructOf };

/** Text. */
export function string(): Description<string> {
  return new StringShape();
}

/** True or false. */
export function boolean(): Description<boolean> {
  return new BooleanShape();
}

/** A number: a C++ `double`. JSON cannot represent NaN and infinities; XML and CBOR can. */
export function number(): Description<number> {
  return new NumberShape();
}

/**
 * A number in the range of a C++ `float`. Reading and writing use the shortest decimal that rounds to the same float: 0.1,
 * not 0.10000000149011612.
 */
export function float32(): Description<number> {
  return new NumberShape(true);
}

/** An integer that JavaScript represents exactly: -(2^53 - 1) to 2^53 - 1. */
export function integer(): Description<number> {
  return new IntegerShape(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}
export function int8(): Description<number> {
  return new IntegerShape(-0x80, 0x7f);
}
export function int16(): Description<number> {
  return new IntegerShape(-0x8000, 0x7fff);
}
export function int32(): Description<number> {
  return new IntegerShape(-0x80000000, 0x7fffffff);
}
export function uint8(): Description<number> {
  return new IntegerShape(0, 0xff);
}
export function uint16(): Description<number> {
  return new IntegerShape(0, 0xffff);
}
export function uint32(): Description<number> {
  return new IntegerShape(0, 0xffffffff);
}
/** A signed 64-bit integer as a bigint. It is a number in JSON and keeps its exact value. */
export function int64(): Description<bigint> {
  return new BigIntShape(-(2n ** 63n), 2n ** 63n - 1n);
}
/** An unsigned 64-bit integer as a bigint. It is a number in JSON and keeps its exact value. */
export function uint64(): Description<bigint> {
  return new BigIntShape(0n, 2n ** 64n - 1n);
}

/** Bytes; exactly `count` of them if given. Encoded as base64 in JSON and XML. */
export function bytes(count?: number): Description<Uint8Array> {
  return new Bytes(count);
}

/** A timestamp as RFC 3339 text: "2024-02-29T12:00:00.5Z". In C++ a `std::chrono::system_clock::time_point`. */
export function time(): Description<string> {
  return new Time();
}

/** One of several names: a C++ enum. The first name is the enumerator with the value 0. */
export function choice<const Names extends readonly [string, ...string[]]>(
  ...names: Names
): Description<Names[number]> {
  return new Choice<Names[number]>(names);
}

/**
 * Any number of values of one type, or exactly `count` of them: a JSON array, or one XML element per value. In XML the
 * elements of an inner list are called `item`.
 */
export function list<T>(element: Description<T>, count?: number): Description<T[]> {
  return new List(shapeOf(element), count);
}

/** An object with arbitrary keys. In XML each value is an element with the attribute `key`. */
export function map<T>(element: Description<T>): Description<Record<string, T>> {
  return new Dictionary(shapeOf(element));
}

/** A value of one of several types, as an object with a single member: `{ Circle: {...} }`. A C++ `std::variant`. */
export function oneOf<const M extends Members>(
  types: M,
): Description<{ [K in keyof M]: { [Only in K]: Infer<M[K]> } }[keyof M]> {
  return new OneOf(Object.entries(types).map(([name, type]) => [name, shapeOf(type)]));
}

/** A value that may be absent. Absent values are null in JSON. */
export function optional<T>(present: Description<T>): OptionalDescription<T> {
  return new Optional(shapeOf(present));
}

/** A description that is created on first use, for recursive types. */
export function lazy<T>(make: () => Description<T>): Description<T> {
  return new Lazy(() => shapeOf(make()));
}

/** A value that is a single XML element even if it is a list, and never null in JSON: the output of a C++ `wire_form`. */
export function oneElement<T>(value: Description<T>): Description<T> {
  return new OneElement(shapeOf(value));
}

/**
 * An object with named members: a C++ struct. `name` is the name of the root element in XML. Members that are not described
 * are ignored. Only members can be wrapped in `required`, `attribute` and the like. `order` lists the names of all members
 * in document order. You need it only if a member's name is an integer, because JavaScript enumerates such names first.
 */
export function struct<const M extends Members>(
  name: string,
  members: M,
  order?: readonly `${keyof M & (string | number)}`[],
): Description<StructOf<M>> {
  if (Object.hasOwn(members, '__proto__'))
    throw new TwinsocketError('invalid_argument', 'a member cannot be called __proto__');
  if (order && String([...order].sort()) !== String(Object.keys(members).sort()))
    throw new TwinsocketError('invalid_argument', `the order of ${name} must name each member once`);
  return new Struct<StructOf<M>>(name, members, order);
}

/** A member that must be present in every document. */
export function required<D extends Description<unknown>>(member: D): D {
  return withOptions(member, { required: true });
}

/** A member with a default value for documents that do not contain it. */
export function withDefault<D extends Description<unknown>>(member: D, value: Infer<D>): D {
  member.check(value);
  return withOptions(member, { defaultValue: () => (typeof value === 'object' ? structuredClone(value) : value) });
}

/** A member that is omitted from the document if it is false, 0, "", without elements or absent. */
export function omitEmpty<D extends Description<unknown>>(member: D): D {
  return withOptions(member, { omitEmpty: true });
}

/** A number or boolean that is a string in JSON. */
export function asString<D extends Description<unknown>>(member: D): D {
  const inString = (shape: Shape<unknown>): Shape<unknown> => {
    if (shape instanceof Optional || shape instanceof OneElement) return shape.map(inString);
    const isOne =
      shape instanceof BooleanShape ||
      shape instanceof NumberShape ||
      shape instanceof IntegerShape ||
      shape instanceof BigIntShape;
    if (isOne) return new InString(shape as Scalar<unknown>);
    throw new TwinsocketError('invalid_argument', `asString() is for a number or a boolean, not for ${shape.expected}`);
  };
  const { shape, options } = memberOf(member);
  return withOptions(inString(shape), options) as Description<unknown> as D;
}

/** A member that is an attribute in XML. It must be a single value. */
export function attribute<D extends Description<unknown>>(member: D): D {
  return withOptions(member, { form: 'attribute' });
}

/** A member that is the text content of the element in XML. It must be a single value. */
export function content<D extends Description<unknown>>(member: D): D {
  return withOptions(member, { form: 'content' });
}

/** A member with a different name in XML. `a>b` is an element b within an element a. */
export function xmlName<D extends Description<unknown>>(name: string, member: D): D {
  return withOptions(member, { xmlName: name });
}
