import type { CborWriter } from './cbor.js';
import {
  type XmlPosition,
  type DocumentOptions,
  type XmlTokens,
  type XmlNode,
  childrenOf,
  contentOf,
  quote,
  refuseUnpairedSurrogates,
  unknownElement,
} from './document.js';
import { Mismatch, quoted } from './mismatch.js';
import { Shape } from './shape.js';

/** A single value: a text in XML. */
export abstract class Scalar<T> extends Shape<T> {
  override get isScalar(): boolean {
    return true;
  }
  /** Parses the text of an element or attribute. Returns `undefined` if it is invalid. */
  protected abstract parse(text: string): unknown;
  protected print(value: T): string {
    return String(value);
  }
  /** Parses a number or boolean that is a string in JSON. */
  parsePlain(_text: string): unknown {
    return undefined;
  }

  override fromData(value: unknown, _rules: DocumentOptions): unknown {
    const mismatch = this.find(value, 0);
    if (mismatch) throw mismatch;
    return value;
  }
  override toJson(value: unknown): string {
    return quote(this.print(value as T));
  }
  override toCbor(value: unknown, out: CborWriter): void {
    out.string(this.print(value as T));
  }
  override fromElement(node: XmlNode, options: DocumentOptions): unknown {
    const [child] = options.disallowUnknown ? childrenOf(node) : [];
    if (child) throw unknownElement(child);
    try {
      return this.fromText(contentOf(node));
    } catch (error) {
      throw error instanceof Mismatch ? error.at(node[1]) : error;
    }
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    out.begin(at);
    out.text(this.print(value as T));
    out.end();
  }
  override fromText(text: string): unknown {
    const value = this.parse(text);
    if (value === undefined) throw this.mismatch(text, quoted(text));
    return value;
  }
  override toText(value: unknown): string {
    return this.print(value as T);
  }
}

export class StringShape extends Scalar<string> {
  constructor() {
    super('a string');
  }
  override find(value: unknown): Mismatch | undefined {
    return typeof value === 'string' ? undefined : this.mismatch(value);
  }
  override empty(): string {
    return '';
  }
  override isEmpty(value: unknown): boolean {
    return value === '';
  }
  override fromData(value: unknown): string {
    if (typeof value !== 'string') throw this.mismatch(value);
    refuseUnpairedSurrogates(value);
    return value;
  }
  protected override parse(text: string): string {
    return text;
  }
}

export class BooleanShape extends Scalar<boolean> {
  constructor() {
    super('a boolean');
  }
  override find(value: unknown): Mismatch | undefined {
    return typeof value === 'boolean' ? undefined : this.mismatch(value);
  }
  override empty(): boolean {
    return false;
  }
  override isEmpty(value: unknown): boolean {
    return value === false;
  }
  override toJson(value: unknown): string {
    return String(value);
  }
  override toCbor(value: unknown, out: CborWriter): void {
    out.boolean(value as boolean);
  }
  override parsePlain(text: string): boolean | undefined {
    return text === 'true' || (text === 'false' ? false : undefined);
  }
  /** Accepts what Go's strconv.ParseBool accepts. An empty text is false. */
  protected override parse(text: string): boolean | undefined {
    const word = withoutSpace(text);
    if (['true', 'True', 'TRUE', 't', 'T', '1'].includes(word)) return true;
    return ['false', 'False', 'FALSE', 'f', 'F', '0'].includes(word) || text === '' ? false : undefined;
  }
}

export class Choice<T extends string> extends Scalar<T> {
  constructor(private readonly names: readonly [T, ...T[]]) {
    super(`one of ${names.join(', ')}`);
  }
  override find(value: unknown): Mismatch | undefined {
    if ((this.names as readonly unknown[]).includes(value)) return undefined;
    return this.mismatch(value, typeof value === 'string' ? quoted(value) : undefined);
  }
  override empty(): T {
    return this.names[0];
  }
  override isEmpty(value: unknown): boolean {
    return value === this.names[0];
  }
  protected override parse(text: string): string | undefined {
    return (this.names as readonly string[]).includes(text) ? text : undefined;
  }
}

/** Trims XML white space at both ends. */
export function withoutSpace(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && ' \t\r\n'.includes(text.charAt(from))) ++from;
  while (from < to && ' \t\r\n'.includes(text.charAt(to - 1))) --to;
  return text.slice(from, to);
}
