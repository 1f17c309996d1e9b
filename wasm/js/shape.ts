import type { Description, Members, OptionalDescription } from './description.js';
import { type ErrorCode, TwinsocketError } from './errors.js';

/**
 * Where a value does not fit, and why. Thrown where a document is read; it becomes an error at the way out.
 * @internal
 */
export class Mismatch {
  path = '';
  /** The line in an XML document. */
  line: number | undefined;
  constructor(
    readonly text: string,
    readonly code: ErrorCode = 'wrong_type',
  ) {}

  /** Names a level that it has left: ".name" or "[1]". */
  inside(step: string): this {
    this.path = step + (this.path === '' || this.path.startsWith('[') ? '' : '.') + this.path;
    return this;
  }
  toError(): TwinsocketError {
    const where = this.line === undefined ? '' : ` at line ${this.line}`;
    return new TwinsocketError(this.code, (this.path && `${this.path}: `) + this.text + where);
  }
}

/**
 * An element of an XML document: its name, the line that it begins in, its text if it has any, its elements.
 * @internal
 */
export type XmlNode = readonly [name: string, line: number, ...content: (string | XmlNode)[]];

/** @internal The elements of one name within one other. */
export type XmlNodes = readonly [XmlNode, ...XmlNode[]];

/** @internal Takes an XML document, piece by piece. */
export interface XmlSink {
  begin(name: string): void;
  text(text: string): void;
  end(): void;
}

/** @internal A description, with what the codecs need of it. */
export abstract class Shape<T> implements Description<T> {
  constructor(readonly expected: string) {}

  check(value: unknown): T {
    const mismatch = this.find(value);
    if (mismatch) throw mismatch.toError();
    return value as T;
  }
  is(value: unknown): value is T {
    return this.find(value) === undefined;
  }

  /** The first thing that does not fit; every member that is not optional must be there. */
  abstract find(value: unknown): Mismatch | undefined;
  /** What an absent member is. */
  abstract empty(): unknown;
  /** Reads what JSON.parse gave. */
  abstract fromJson(value: unknown): unknown;
  /** The value for JSON.stringify: the described members only, in the described order. */
  abstract toJson(value: unknown): unknown;
  /** Reads the elements of one name inside their parent; there is one at least. */
  abstract fromXml(nodes: XmlNodes): unknown;
  /** Writes a value that fits, as elements of this name. */
  abstract toXml(name: string, value: unknown, out: XmlSink): void;

  protected mismatch(value: unknown, found = wordFor(value)): Mismatch {
    return new Mismatch(`expected ${this.expected}, found ${found}`);
  }
}

/** @internal The shape behind a description that one of our functions made. */
export function shapeOf<T>(description: Description<T>): Shape<T> {
  if (description instanceof Shape) return description;
  throw new TwinsocketError('invalid_argument', 'a description comes from struct(), string() and their kin');
}

/** @internal */
export class Scalar<T extends string | number | boolean> extends Shape<T> {
  constructor(
    expected: string,
    private readonly absent: T,
    private readonly fits: (value: unknown) => boolean,
    private readonly parse: (text: string) => unknown,
    private readonly print: (value: T) => string = String,
  ) {
    super(expected);
  }

  override find(value: unknown): Mismatch | undefined {
    return this.fits(value) ? undefined : this.mismatch(value);
  }
  override empty(): T {
    return this.absent;
  }
  override fromJson(value: unknown): unknown {
    const mismatch = this.find(value);
    if (mismatch) throw mismatch;
    return value;
  }
  override toJson(value: unknown): unknown {
    return value;
  }
  override fromXml(nodes: XmlNodes): unknown {
    const node = single(nodes);
    const text = typeof node[2] === 'string' ? node[2] : '';
    const value = this.parse(text);
    if (value === undefined || !this.fits(value)) throw at(node, this.mismatch(text, quoted(text)));
    return value;
  }
  override toXml(name: string, value: unknown, out: XmlSink): void {
    out.begin(name);
    out.text(this.print(value as T));
    out.end();
  }
}

/** @internal */
export class Numeric extends Scalar<number> {
  constructor(
    expected: string,
    fits: (value: number) => boolean,
    parse: (text: string) => number | undefined,
    print?: (value: number) => string,
  ) {
    // No text at all is zero, as in Go.
    const isNumber = (value: unknown) => typeof value === 'number' && fits(value);
    super(expected, 0, isNumber, (text) => (text === '' ? 0 : parse(text.trim())), print);
  }
  override find(value: unknown): Mismatch | undefined {
    // A number that does not fit says more than "a number".
    return super.find(value) && this.mismatch(value, typeof value === 'number' ? String(value) : undefined);
  }
  override toJson(value: unknown): unknown {
    if (Number.isFinite(value)) return value;
    throw new Mismatch(`JSON has no ${value as number}`, 'invalid_argument');
  }
}

/** @internal */
export class Choice<T extends string> extends Scalar<T> {
  constructor(names: readonly [T, ...T[]]) {
    super(
      `one of ${names.join(', ')}`,
      names[0],
      (value) => (names as readonly unknown[]).includes(value),
      (text) => text,
    );
  }
  override find(value: unknown): Mismatch | undefined {
    return super.find(value) && this.mismatch(value, typeof value === 'string' ? quoted(value) : undefined);
  }
}

/** @internal */
export class List<T> extends Shape<T[]> {
  constructor(private readonly element: Shape<T>) {
    super('an array');
    if (element instanceof List || element instanceof Optional)
      throw new TwinsocketError('invalid_argument', 'the elements of a list are neither lists nor optional');
  }

  override find(value: unknown): Mismatch | undefined {
    if (!Array.isArray(value)) return this.mismatch(value);
    for (let i = 0; i < value.length; ++i) {
      const mismatch = this.element.find(value[i]);
      if (mismatch) return mismatch.inside(`[${i}]`);
    }
    return undefined;
  }
  override empty(): unknown[] {
    return [];
  }
  override fromJson(value: unknown): unknown[] {
    // Go writes null for a slice that was never made.
    if (value === null) return [];
    if (!Array.isArray(value)) throw this.mismatch(value);
    return this.each(value, (element) => this.element.fromJson(element));
  }
  override toJson(value: unknown): unknown {
    return this.each(value as unknown[], (element) => this.element.toJson(element));
  }
  override fromXml(nodes: XmlNodes): unknown[] {
    return this.each(nodes, (node) => this.element.fromXml([node]));
  }
  override toXml(name: string, value: unknown, out: XmlSink): void {
    for (const element of value as unknown[]) this.element.toXml(name, element, out);
  }

  private each<From>(from: readonly From[], read: (element: From) => unknown): unknown[] {
    const elements: unknown[] = [];
    try {
      for (const element of from) elements.push(read(element));
    } catch (error) {
      throw outside(error, `[${elements.length}]`);
    }
    return elements;
  }
}

/** @internal */
export class Optional<T> extends Shape<T | undefined> implements OptionalDescription<T> {
  readonly isOptional = true;

  constructor(private readonly present: Shape<T>) {
    super(`${present.expected} or null`);
  }

  override find(value: unknown): Mismatch | undefined {
    return value === undefined ? undefined : this.present.find(value);
  }
  override empty(): undefined {
    return undefined;
  }
  override fromJson(value: unknown): unknown {
    return value === null ? undefined : this.present.fromJson(value);
  }
  override toJson(value: unknown): unknown {
    return value === undefined ? null : this.present.toJson(value);
  }
  override fromXml(nodes: XmlNodes): unknown {
    return this.present.fromXml(nodes);
  }
  override toXml(name: string, value: unknown, out: XmlSink): void {
    if (value !== undefined) this.present.toXml(name, value, out);
  }
}

/** @internal */
export class Required<T> extends Shape<T> {
  constructor(private readonly member: Shape<T>) {
    super(member.expected);
  }

  override find(value: unknown): Mismatch | undefined {
    return this.member.find(value);
  }
  override empty(): unknown {
    return this.member.empty();
  }
  override fromJson(value: unknown): unknown {
    return this.member.fromJson(value);
  }
  override toJson(value: unknown): unknown {
    return this.member.toJson(value);
  }
  override fromXml(nodes: XmlNodes): unknown {
    return this.member.fromXml(nodes);
  }
  override toXml(name: string, value: unknown, out: XmlSink): void {
    this.member.toXml(name, value, out);
  }
}

/** @internal */
export class Struct<T> extends Shape<T> {
  private readonly members: ReadonlyMap<string, Shape<unknown>>;

  constructor(
    readonly name: string,
    members: Members,
  ) {
    super('an object');
    this.members = new Map(Object.entries(members).map(([key, member]) => [key, shapeOf(member)]));
  }

  override find(value: unknown): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    for (const [key, member] of this.members) {
      const mismatch = member.find(own(value, key));
      if (mismatch) return mismatch.inside(key);
    }
    return undefined;
  }
  override empty(): unknown {
    return this.each(
      () => undefined,
      () => undefined,
    );
  }
  override fromJson(value: unknown): unknown {
    if (!isObject(value)) throw this.mismatch(value);
    return this.each(
      (key) => own(value, key),
      (member, part) => member.fromJson(part),
    );
  }
  override toJson(value: unknown): unknown {
    const copy: Record<string, unknown> = {};
    for (const [key, member] of this.members) copy[key] = within(key, () => member.toJson(own(value as object, key)));
    return copy;
  }
  override fromXml(nodes: XmlNodes): unknown {
    const found = new Map<string, [XmlNode, ...XmlNode[]]>();
    const node = single(nodes);
    for (const child of node.slice(2)) {
      if (typeof child !== 'object') continue;
      const same = found.get(child[0]);
      if (same) same.push(child);
      else found.set(child[0], [child]);
    }
    return this.each(
      (key) => found.get(key),
      (member, elements) => member.fromXml(elements),
      node,
    );
  }
  /** Reads the root of a document. */
  fromDocument(root: XmlNode): unknown {
    if (root[0] === this.name) return this.fromXml([root]);
    throw at(root, new Mismatch(`expected the element ${quoted(this.name)}, found ${quoted(root[0])}`));
  }
  override toXml(name: string, value: unknown, out: XmlSink): void {
    out.begin(name);
    for (const [key, member] of this.members) member.toXml(key, own(value as object, key), out);
    out.end();
  }

  /** Makes a value of what a document has for each member; where it has nothing, the member is an empty one. */
  private each<From>(
    find: (key: string) => From | undefined,
    read: (member: Shape<unknown>, from: From) => unknown,
    node?: XmlNode,
  ): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (const [key, member] of this.members) {
      const from = find(key);
      if (from === undefined && member instanceof Required)
        throw at(node, new Mismatch(`the member ${quoted(key)} is missing`));
      const part = within(key, () => (from === undefined ? member.empty() : read(member, from)));
      if (part !== undefined) value[key] = part;
    }
    return value;
  }
}

function within<T>(step: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw outside(error, step);
  }
}

/** An error as it is one level further out. */
function outside(error: unknown, step: string): unknown {
  return error instanceof Mismatch ? error.inside(step) : error;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of a value; what every object inherits, such as `constructor`, is none. */
function own(value: object, key: string): unknown {
  const member: unknown = (value as Record<string, unknown>)[key];
  return member === (Object.prototype as unknown as Record<string, unknown>)[key] ? undefined : member;
}

/** The element of a value that is not a list. */
function single(nodes: XmlNodes): XmlNode {
  const [first, second] = nodes;
  if (second) throw at(second, new Mismatch(`the element ${quoted(second[0])} is there twice`));
  return first;
}

function at(node: XmlNode | undefined, mismatch: Mismatch): Mismatch {
  mismatch.line = node?.[1];
  return mismatch;
}

function wordFor(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
