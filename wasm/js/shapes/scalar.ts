import { type Mismatch, quoted } from './mismatch.js';
import { type Reader, type ScalarShape, Shape, type Writer } from './shape.js';
import { refuseUnpairedSurrogates } from './text.js';

/** A single value. */
export abstract class Scalar<T> extends Shape<T> implements ScalarShape {
  override get isScalar(): boolean {
    return true;
  }
  /** Parses the text of an element or attribute. Returns `undefined` if it is invalid. */
  protected abstract parseText(text: string): unknown;
  parsePlain(_text: string): unknown {
    return undefined;
  }

  override write(value: unknown, to: Writer): void {
    to.string(value as string);
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown {
    return from.scalar(this, part);
  }
  fromData(value: unknown, _isBinary: boolean): unknown {
    const mismatch = this.find(value, 0);
    if (mismatch) throw mismatch;
    return value;
  }
  fromText(text: string): unknown {
    const value = this.parseText(text);
    if (value === undefined) throw this.mismatch(text, quoted(text));
    return value;
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
  protected override parseText(text: string): string {
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
  override write(value: unknown, to: Writer): void {
    to.boolean(value as boolean);
  }
  override parsePlain(text: string): boolean | undefined {
    return text === 'true' || (text === 'false' ? false : undefined);
  }
  /** Accepts what Go's strconv.ParseBool accepts. An empty text is false. */
  protected override parseText(text: string): boolean | undefined {
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
  protected override parseText(text: string): string | undefined {
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
