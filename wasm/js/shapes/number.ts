import { Mismatch, typeName } from './mismatch.js';
import { isIntegerText, isJsonNumber } from './number-text.js';
import { Scalar, withoutSpace } from './scalar.js';
import type { Writer } from './shape.js';
import { shortestFloat } from './shortest-float.js';

// In XML an empty text is zero, as in Go.

/** A floating-point number: a C++ `double` or `float`. */
export class NumberShape extends Scalar<number> {
  constructor(private readonly isFloat = false) {
    super('a number');
  }
  override find(value: unknown): Mismatch | undefined {
    if (typeof value !== 'number') return this.mismatch(value, typeof value === 'bigint' ? 'a bigint' : undefined);
    if (!this.isFloat || Number.isFinite(Math.fround(value)) || !Number.isFinite(value)) return undefined;
    return new Mismatch(`expected a number in the range of a float, found ${value}`);
  }
  override empty(): number {
    return 0;
  }
  override isEmpty(value: unknown): boolean {
    return this.exact(value as number) === 0;
  }
  override fromData(value: unknown, isBinary: boolean): unknown {
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (!isBinary && (number === Infinity || number === -Infinity))
      throw new Mismatch('a number too large for any type');
    return this.shortest(super.fromData(number, isBinary) as number);
  }
  override write(value: unknown, to: Writer): void {
    to.real(value as number, this.isFloat);
  }
  override parsePlain(text: string): number | undefined {
    return isJsonNumber(text) ? this.inRange(Number(text)) : undefined;
  }
  protected override parseText(text: string): number | undefined {
    if (text === '') return 0;
    const word = withoutSpace(text);
    // From these characters Number() accepts only decimal numbers, of any length, and the empty string.
    if (word !== '' && !/[^\d.e+-]/i.test(word)) return this.inRange(Number(word));
    if (/^nan$/i.test(word)) return NaN;
    const [, sign] = /^([+-]?)inf(inity)?$/i.exec(word) ?? [];
    return sign === undefined ? undefined : sign === '-' ? -Infinity : Infinity;
  }

  private inRange(value: number): number | undefined {
    return Number.isFinite(this.exact(value)) ? this.shortest(value) : undefined;
  }
  private exact(value: number): number {
    return this.isFloat ? Math.fround(value) : value;
  }
  private shortest(value: number): number {
    return this.isFloat ? shortestFloat(value) : value;
  }
}

/** An integer of up to 53 bits as a number. */
export class IntegerShape extends Scalar<number> {
  constructor(
    private readonly low: number,
    private readonly high: number,
  ) {
    super(`an integer from ${low} to ${high}`);
  }
  override find(value: unknown): Mismatch | undefined {
    if (this.inRange(value) !== undefined) return undefined;
    // The message shows only numbers: other values may have no text.
    return this.mismatch(
      value,
      typeof value === 'number' ? String(value) : typeof value === 'bigint' ? 'a bigint' : undefined,
    );
  }
  override empty(): number {
    return 0;
  }
  override isEmpty(value: unknown): boolean {
    return value === 0;
  }
  override fromData(value: unknown): number {
    const number = this.inRange(value);
    if (number !== undefined) return number;
    throw typeof value === 'bigint' ? this.mismatch(value, String(value)) : this.find(value);
  }
  override write(value: unknown, to: Writer): void {
    to.integer(value as number);
  }
  override parsePlain(text: string): number | undefined {
    return isJsonNumber(text) && isIntegerText(text) ? this.inRange(Number(text)) : undefined;
  }
  protected override parseText(text: string): number | undefined {
    const word = text === '' ? '0' : withoutSpace(text);
    return isIntegerText(word) ? this.inRange(Number(word)) : undefined;
  }
  /** Returns the number if it is in range, with 0 for -0. */
  private inRange(value: unknown): number | undefined {
    if (!Number.isInteger(value)) return undefined;
    const number = value as number;
    return number >= this.low && number <= this.high ? number || 0 : undefined;
  }
}

/** A 64-bit integer as a bigint. */
export class BigIntShape extends Scalar<bigint> {
  constructor(
    private readonly low: bigint,
    private readonly high: bigint,
  ) {
    super(`an integer from ${low} to ${high}`);
  }
  override find(value: unknown): Mismatch | undefined {
    if (typeof value !== 'bigint') return new Mismatch(`expected a bigint, found ${typeName(value)}`);
    return this.inRange(value) === undefined ? this.mismatch(value, String(value)) : undefined;
  }
  override empty(): bigint {
    return 0n;
  }
  override isEmpty(value: unknown): boolean {
    return value === 0n;
  }
  override fromData(value: unknown): bigint {
    const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
    const number = whole ? this.inRange(BigInt(value as bigint | number)) : undefined;
    if (number !== undefined) return number;
    throw this.mismatch(value, typeof value === 'bigint' || typeof value === 'number' ? String(value) : undefined);
  }
  override write(value: unknown, to: Writer): void {
    to.integer(value as bigint);
  }
  override parsePlain(text: string): bigint | undefined {
    return isJsonNumber(text) ? this.parseText(text) : undefined;
  }
  protected override parseText(text: string): bigint | undefined {
    const word = text === '' ? '0' : withoutSpace(text);
    return isIntegerText(word) ? this.inRange(BigInt(word)) : undefined;
  }
  private inRange(value: bigint): bigint | undefined {
    return value >= this.low && value <= this.high ? value : undefined;
  }
}
