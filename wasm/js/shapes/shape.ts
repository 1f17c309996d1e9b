import type { Description } from '../description.js';
import { TwinsocketError } from '../errors.js';
import type { CborOutput } from './cbor.js';
import { type Place, type Rules, type XmlMarks, type XmlNode, type XmlNodes, single } from './document.js';
import { Mismatch, wordFor } from './mismatch.js';

/**
 * A description, with what the codecs need of it. What is read, written and refused is what the C++ codecs read, write
 * and refuse for the same type.
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

  /** The first thing that does not fit, in a value that stands within so many others. */
  abstract find(value: unknown, depth: number): Mismatch | undefined;
  /** What an absent member is: a new value each time. */
  abstract empty(): unknown;
  /** True for what `omitEmpty` leaves out. */
  isEmpty(_value: unknown): boolean {
    return false;
  }

  /** Reads what parseJson or parseCbor gave, which nobody else has: it may become part of the value. */
  abstract fromData(value: unknown, rules: Rules): unknown;
  /** The text of a value that fits. */
  abstract toJson(value: unknown): string;
  abstract toCbor(value: unknown, out: CborOutput): void;

  /** Reads a value that is one element; one of a map has its key as an attribute. */
  abstract fromElement(node: XmlNode, rules: Rules, inMap?: boolean): unknown;
  /** Reads the elements of one name inside of `parent`; there is one at least. */
  fromElements(nodes: XmlNodes, rules: Rules, _parent: XmlNode): unknown {
    return this.fromElement(single(nodes), rules);
  }
  /** Writes a value that fits. */
  abstract toXml(at: Place, value: unknown, out: XmlMarks): void;

  /** What the text of an attribute or between tags stands for. Only single values have such text. */
  fromText(_text: string): unknown {
    throw new TypeError('not a single value');
  }
  /** That text, or nothing for no value. */
  toText(_value: unknown): string | undefined {
    throw new TypeError('not a single value');
  }
  get isSingle(): boolean {
    return false;
  }

  /** Whether there are values that are no element at all in XML, so that none is missing where there is none. */
  get canBeAbsent(): boolean {
    return false;
  }

  protected mismatch(value: unknown, found = wordFor(value)): Mismatch {
    return new Mismatch(`expected ${this.expected}, found ${found}`);
  }
}

/** The shape behind a description that one of our functions made. */
export function shapeOf<T>(description: Description<T>): Shape<T> {
  if (description instanceof Shape) return description;
  throw new TwinsocketError(
    'invalid_argument',
    'a description comes from struct(), string() and their kin, and what is said of members stands in a struct()',
  );
}
