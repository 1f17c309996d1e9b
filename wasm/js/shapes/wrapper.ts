// Shapes that wrap another shape.

import type { OptionalDescription } from '../description-types.js';
import type { Mismatch } from './mismatch.js';
import type { Scalar } from './scalar.js';
import { type Reader, Shape, type Writer } from './shape.js';

/** Base class: forwards everything to the inner shape. */
abstract class Wrapper<T, Inner> extends Shape<T> {
  constructor(expected: string) {
    super(expected);
  }
  protected abstract get inner(): Shape<Inner>;

  override find(value: unknown, depth: number): Mismatch | undefined {
    return this.inner.find(value, depth);
  }
  override copy(value: unknown): unknown {
    return this.inner.copy(value);
  }
  override empty(): unknown {
    return this.inner.empty();
  }
  override isEmpty(value: unknown): boolean {
    return this.inner.isEmpty(value);
  }
  override write(value: unknown, to: Writer): void {
    this.inner.write(value, to);
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown {
    return this.inner.read(part, from);
  }
  override get isScalar(): boolean {
    return this.inner.isScalar;
  }
}

/** A value that may be absent. */
export class Optional<T> extends Wrapper<T | undefined, T> implements OptionalDescription<T> {
  readonly isOptional = true;

  constructor(protected override readonly inner: Shape<T>) {
    super(`${inner.expected} or null`);
  }
  /** The same wrapper around the changed inner shape. */
  map<To>(change: (inner: Shape<T>) => Shape<To>): Optional<To> {
    return new Optional(change(this.inner));
  }
  override find(value: unknown, depth: number): Mismatch | undefined {
    return value === undefined ? undefined : super.find(value, depth);
  }
  override copy(value: unknown): unknown {
    return value === undefined ? undefined : super.copy(value);
  }
  override empty(): undefined {
    return undefined;
  }
  override isEmpty(value: unknown): boolean {
    return value === undefined;
  }
  override get canBeAbsent(): boolean {
    return true;
  }
  override write(value: unknown, to: Writer): void {
    if (value === undefined) to.null();
    else super.write(value, to);
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown {
    return from.optional(this.inner, part);
  }
}

/** A value that is a single XML element, even if it is a list, and never null in JSON: the output of a C++ `wire_form`. */
export class OneElement<T> extends Wrapper<T, T> {
  constructor(protected override readonly inner: Shape<T>) {
    super(inner.expected);
  }
  map<To>(change: (inner: Shape<T>) => Shape<To>): OneElement<To> {
    return new OneElement(change(this.inner));
  }
  override write(value: unknown, to: Writer): void {
    if (to.oneElement) to.oneElement(this.inner, value);
    else super.write(value, to);
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown {
    return from.oneElement(this.inner, this, part);
  }
}

/** A number or boolean that is a string in JSON. */
export class InString<T> extends Wrapper<T, T> {
  constructor(protected override readonly inner: Scalar<T>) {
    super(`${inner.expected} in a string`);
  }
  override write(value: unknown, to: Writer): void {
    if (to.inString) to.inString(this.inner, value);
    else super.write(value, to);
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown {
    return from.inString(this.inner, this, part);
  }
}

/** A shape that is resolved on first use, for recursive types. */
export class Lazy<T> extends Wrapper<T, T> {
  private found: Shape<T> | undefined;

  constructor(private readonly find_: () => Shape<T>) {
    super('an object');
  }
  protected override get inner(): Shape<T> {
    return (this.found ??= this.find_());
  }
  override get isScalar(): boolean {
    return false;
  }
}
