// Shapes that wrap another shape.

import type { OptionalDescription } from '../description-types.js';
import type { CborWriter } from './cbor.js';
import type { XmlPosition, DocumentOptions, XmlTokens, XmlNode, XmlNodes } from './document.js';
import { Mismatch, quoted } from './mismatch.js';
import type { Scalar } from './scalar.js';
import { Shape } from './shape.js';

/** Base class: forwards everything to the inner shape. */
abstract class Wrapper<T, Inner> extends Shape<T> {
  constructor(expected: string) {
    super(expected);
  }
  protected abstract get inner(): Shape<Inner>;

  override find(value: unknown, depth: number): Mismatch | undefined {
    return this.inner.find(value, depth);
  }
  override empty(): unknown {
    return this.inner.empty();
  }
  override isEmpty(value: unknown): boolean {
    return this.inner.isEmpty(value);
  }
  override fromData(value: unknown, options: DocumentOptions): unknown {
    return this.inner.fromData(value, options);
  }
  override toJson(value: unknown): string {
    return this.inner.toJson(value);
  }
  override toCbor(value: unknown, out: CborWriter): void {
    this.inner.toCbor(value, out);
  }
  override fromElement(node: XmlNode, options: DocumentOptions, inMap?: boolean): unknown {
    return this.inner.fromElement(node, options, inMap);
  }
  override fromElements(nodes: XmlNodes, options: DocumentOptions, parent: XmlNode): unknown {
    return this.inner.fromElements(nodes, options, parent);
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    this.inner.toXml(at, value, out);
  }
  override fromText(text: string): unknown {
    return this.inner.fromText(text);
  }
  override toText(value: unknown): string | undefined {
    return this.inner.toText(value);
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
  override empty(): undefined {
    return undefined;
  }
  override isEmpty(value: unknown): boolean {
    return value === undefined;
  }
  override get canBeAbsent(): boolean {
    return true;
  }
  override fromData(value: unknown, options: DocumentOptions): unknown {
    return value === null ? undefined : super.fromData(value, options);
  }
  override toJson(value: unknown): string {
    return value === undefined ? 'null' : super.toJson(value);
  }
  override toCbor(value: unknown, out: CborWriter): void {
    if (value === undefined) out.null();
    else super.toCbor(value, out);
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    if (value !== undefined) super.toXml(at, value, out);
    else if (at.inList) throw new Mismatch('XML cannot represent an element without a value', 'invalid_argument');
  }
  override toText(value: unknown): string | undefined {
    return value === undefined ? undefined : super.toText(value);
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
  override fromData(value: unknown, options: DocumentOptions): unknown {
    if (value === null) throw this.mismatch(value);
    return super.fromData(value, options);
  }
  override fromElements(nodes: XmlNodes, options: DocumentOptions, parent: XmlNode): unknown {
    return Shape.prototype.fromElements.call(this, nodes, options, parent);
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    super.toXml({ ...at, singleElement: true }, value, out);
  }
}

/** A number or boolean that is a string in JSON. */
export class InString<T> extends Wrapper<T, T> {
  constructor(protected override readonly inner: Scalar<T>) {
    super(`${inner.expected} in a string`);
  }
  override fromData(value: unknown, options: DocumentOptions): unknown {
    if (options.isBinary) return super.fromData(value, options);
    if (typeof value !== 'string') throw this.mismatch(value);
    const read = this.inner.parsePlain(value);
    if (read === undefined) throw this.mismatch(value, quoted(value));
    return read;
  }
  override toJson(value: unknown): string {
    return `"${super.toJson(value)}"`;
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
