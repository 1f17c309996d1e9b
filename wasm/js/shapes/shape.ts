import type { Description } from '../description-types.js';
import { TwinsocketError } from '../errors.js';
import { type StandardProperties, standardProperties } from '../standard-schema.js';
import { Mismatch, typeName } from './mismatch.js';

/**
 * Base class of all descriptions. A codec reads and writes a value by the functions of a {@link Reader} and a
 * {@link Writer}, so that a shape knows no format.
 */
export abstract class Shape<T> implements Description<T> {
  constructor(readonly expected: string) {}

  check(value: unknown): T {
    const mismatch = this.find(value, 0);
    if (mismatch) throw mismatch.toError();
    return value as T;
  }
  is(value: unknown): value is T {
    return this.find(value, 0) === undefined;
  }
  get '~standard'(): StandardProperties<T> {
    return standardProperties((value) => {
      const mismatch = this.find(value, 0);
      if (mismatch) throw mismatch;
      return value as T;
    });
  }

  /** Finds the first mismatch in a value. `depth` is its nesting depth. */
  abstract find(value: unknown, depth: number): Mismatch | undefined;
  /** Creates the default value of a missing member. */
  abstract empty(): unknown;
  /** True for values that `omitEmpty` omits. */
  isEmpty(_value: unknown): boolean {
    return false;
  }

  /** Writes a value that matches, by the function for this kind of shape. */
  abstract write(value: unknown, to: Writer): void;
  /** Reads a value from a part of a document, by the function for this kind of shape. */
  abstract read<Part>(part: Part, from: Reader<Part>): unknown;

  /** True for a single value, which can be an attribute in XML. */
  get isScalar(): boolean {
    return false;
  }
  /** True if a value may have no element in XML (such as an empty list), so that a missing element is not an error. */
  get canBeAbsent(): boolean {
    return false;
  }

  mismatch(value: unknown, found = typeName(value)): Mismatch {
    return new Mismatch(`expected ${this.expected}, found ${found}`);
  }
}

/** Returns the shape of a description. Throws for other objects and for members. */
export function shapeOf<T>(description: Description<T>): Shape<T> {
  if (description instanceof Shape) return description;
  throw new TwinsocketError(
    'invalid_argument',
    'expected a description, such as string() or struct(); required() and the like are only for members of a struct()',
  );
}

/**
 * Writes a document: what a format implements. Each function writes one value, which matches its shape. A function for a
 * value that contains others calls `write` of their shapes. It prepends the step to them to the path of a Mismatch.
 */
export interface Writer {
  /** An absent value. */
  null(): void;
  boolean(value: boolean): void;
  integer(value: number | bigint): void;
  /** `isFloat`: the value is a C++ `float`, so it has the shortest decimal that rounds to it (`shortestFloat`). */
  real(value: number, isFloat: boolean): void;
  string(text: string): void;
  bytes(bytes: Uint8Array): void;
  list(element: Shape<unknown>, values: readonly unknown[]): void;
  map(element: Shape<unknown>, value: Readonly<Record<string, unknown>>): void;
  /** A value of one of several types. `name` is that of its type. */
  oneOf(name: string, type: Shape<unknown>, value: unknown): void;
  struct(shape: StructShape, value: object): void;
  /** A number or boolean that is a string in JSON. By default it is written like any other. */
  inString?(scalar: Shape<unknown>, value: unknown): void;
  /** A value that is a single element in XML. By default it is written like any other. */
  oneElement?(inner: Shape<unknown>, value: unknown): void;
}

/**
 * Reads a document: what a format implements. `Part` is how it refers to a part of the document. Formats whose parser returns
 * plain JavaScript data share `DataReader`. Each function throws a Mismatch if the part does not match the shape.
 */
export interface Reader<Part> {
  scalar(shape: ScalarShape, part: Part): unknown;
  optional(inner: Shape<unknown>, part: Part): unknown;
  list(shape: ListShape, part: Part): unknown[];
  map(shape: MapShape, part: Part): Record<string, unknown>;
  oneOf(shape: OneOfShape, part: Part): unknown;
  struct(shape: StructShape, part: Part): unknown;
  /** A number or boolean that is a string in JSON. `shape` is for errors. */
  inString(scalar: ScalarShape, shape: Shape<unknown>, part: Part): unknown;
  /** A value that is a single element in XML, and never null in JSON. `shape` is for errors. */
  oneElement(inner: Shape<unknown>, shape: Shape<unknown>, part: Part): unknown;
}

// What readers and writers see of the shapes.

export interface ScalarShape extends Shape<unknown> {
  /** Reads plain data. `isBinary`: bytes are not base64, and NaN and infinities are allowed. */
  fromData(value: unknown, isBinary: boolean): unknown;
  /** Reads text, such as that of an XML element. */
  fromText(text: string): unknown;
  /** Parses a number or boolean that is a string in JSON. Returns `undefined` if it is invalid. */
  parsePlain(text: string): unknown;
}

export interface ListShape extends Shape<unknown> {
  readonly element: Shape<unknown>;
  /** Finds a wrong number of elements. */
  findCount(found: number): Mismatch | undefined;
}

export interface MapShape extends Shape<unknown> {
  readonly element: Shape<unknown>;
}

export interface OneOfShape extends Shape<unknown> {
  readonly types: ReadonlyMap<string, Shape<unknown>>;
  /** The names of the types, for errors. */
  names(): string;
  /** The only member of an object, or why it does not match. */
  select(value: object): SelectedType | Mismatch;
}

export interface SelectedType {
  readonly name: string;
  readonly type: Shape<unknown>;
  readonly value: unknown;
}

export interface StructShape extends Shape<unknown> {
  readonly name: string;
  readonly members: readonly StructMember[];
  readonly xml: XmlNames;
}

/** The form of a member in XML. */
export type Form = 'element' | 'attribute' | 'content';

/** Attributes of a member, in addition to its shape. */
export interface MemberOptions {
  readonly required: boolean;
  readonly omitEmpty: boolean;
  readonly form: Form;
  /** Name in XML, if it differs from the name in JSON. `a>b` is an element b within an element a. */
  readonly xmlName: string | undefined;
  /** Creates the default value. undefined: the empty value of the shape. */
  readonly defaultValue: (() => unknown) | undefined;
}

/** A member of a struct, with precomputed values. */
export interface StructMember {
  /** Its name in JSON and in JavaScript. */
  readonly name: string;
  readonly shape: Shape<unknown>;
  readonly options: MemberOptions;
  /** Property of Object.prototype with this name, such as `constructor`. It does not count as a member. */
  readonly inherited: unknown;
  /** `"name":` */
  readonly prefix: string;
}

/** The known child elements of an element: members, or elements on the path of a member. */
export type XmlBranches = ReadonlyMap<string, StructMember | XmlBranches>;

/** The members of a struct by their names in its XML element. */
export interface XmlNames {
  readonly attributes: ReadonlyMap<string, StructMember>;
  readonly content: StructMember | undefined;
  readonly branches: XmlBranches;
}
