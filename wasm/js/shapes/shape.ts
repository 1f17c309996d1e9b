import type { Description } from '../description-types.js';
import { TwinsocketError } from '../errors.js';
import type { CborWriter } from './cbor.js';
import {
  type DocumentOptions,
  type XmlNode,
  type XmlNodes,
  type XmlPosition,
  type XmlTokens,
  onlyElement,
} from './document.js';
import { Mismatch, typeName } from './mismatch.js';

/**
 * Base class of all descriptions, with the functions for the codecs. It reads, writes and rejects the same documents as the
 * C++ codecs for the same type.
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

  /** Finds the first mismatch in a value. `depth` is its nesting depth. */
  abstract find(value: unknown, depth: number): Mismatch | undefined;
  /** Creates the default value of a missing member. */
  abstract empty(): unknown;
  /** True for values that `omitEmpty` omits. */
  isEmpty(_value: unknown): boolean {
    return false;
  }

  /** Reads the output of parseJson or parseCbor. May modify it and use it in the result. */
  abstract fromData(value: unknown, options: DocumentOptions): unknown;
  /** Writes a value that matches. */
  abstract toJson(value: unknown): string;
  abstract toCbor(value: unknown, out: CborWriter): void;

  /** Reads a value from one element. In a map the element has the attribute `key`. */
  abstract fromElement(node: XmlNode, options: DocumentOptions, inMap?: boolean): unknown;
  /** Reads a value from all elements of one name within `parent`. There is at least one. */
  fromElements(nodes: XmlNodes, options: DocumentOptions, _parent: XmlNode): unknown {
    return this.fromElement(onlyElement(nodes), options);
  }
  /** Writes a value that matches, as an element. */
  abstract toXml(at: XmlPosition, value: unknown, out: XmlTokens): void;

  /** Reads a value from the text of an attribute or element. Only for single values. */
  fromText(_text: string): unknown {
    throw new TypeError('not a single value');
  }
  /** Writes that text. Returns undefined for an absent value. */
  toText(_value: unknown): string | undefined {
    throw new TypeError('not a single value');
  }
  get isScalar(): boolean {
    return false;
  }

  /** True if a value may have no element in XML (such as an empty list), so that a missing element is not an error. */
  get canBeAbsent(): boolean {
    return false;
  }

  protected mismatch(value: unknown, found = typeName(value)): Mismatch {
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
