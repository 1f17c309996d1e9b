import type { CborOutput } from './cbor.js';
import { type Place, type Rules, type XmlMarks, type XmlNode, firstChild, quote } from './document.js';
import { isObject } from './map.js';
import { Mismatch, maxDepth, outside, quoted, tooDeep } from './mismatch.js';
import { Shape } from './shape.js';

/** A value of one of several types: an object with one member, whose name selects the type. */
export class OneOf<T> extends Shape<T> {
  private readonly types: ReadonlyMap<string, Shape<unknown>>;

  constructor(types: Iterable<readonly [string, Shape<unknown>]>) {
    super('an object');
    this.types = new Map(types);
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    const held = this.held(value);
    if (held instanceof Mismatch) return held;
    return held.type.find(held.value, depth + 1)?.inside(held.name);
  }
  override empty(): unknown {
    const [[name, type] = ['', undefined]] = this.types;
    return { [name]: type?.empty() };
  }

  override fromData(value: unknown, rules: Rules): unknown {
    if (!isObject(value)) throw this.mismatch(value);
    const held = this.held(value);
    if (held instanceof Mismatch) throw held;
    return within(held.name, () => ({ [held.name]: held.type.fromData(held.value, rules) }));
  }
  override toJson(value: unknown): string {
    const { name, type, value: inner } = this.held(value as object) as Held;
    return within(name, () => `{${quote(name)}:${type.toJson(inner)}}`);
  }

  override toCbor(value: unknown, out: CborOutput): void {
    const { name, type, value: inner } = this.held(value as object) as Held;
    out.map(1);
    out.string(name);
    within(name, () => type.toCbor(inner, out));
  }

  override fromElement(node: XmlNode, rules: Rules): unknown {
    const [first, second] = node.slice(firstChild) as XmlNode[];
    if (!first) throw new Mismatch('expected one element, found none').at(node[1]);
    const value = this.fromNamed(first, rules);
    if (second) throw new Mismatch(`expected one element, found also ${quoted(second[0])}`).at(second[1]);
    return value;
  }
  /** Reads an element whose name selects the type. */
  fromNamed(node: XmlNode, rules: Rules): unknown {
    const [name, line] = node;
    const type = this.types.get(name);
    if (!type) throw new Mismatch(`expected one of the elements ${this.names()}, found ${quoted(name)}`).at(line);
    return within(name, () => ({ [name]: type.fromElement(node, rules) }));
  }
  override toXml(at: Place, value: unknown, out: XmlMarks): void {
    out.begin(at);
    this.toNamed(value, out);
    out.end();
  }
  /** Writes only the element of the type. */
  toNamed(value: unknown, out: XmlMarks): void {
    const { name, type, value: inner } = this.held(value as object) as Held;
    within(name, () => type.toXml({ name }, inner, out));
  }

  private held(value: object): Held | Mismatch {
    const [first, second] = Object.entries(value);
    if (!first) return new Mismatch('expected one member, found none');
    const [name, inner] = first;
    const type = this.types.get(name);
    if (!type) return new Mismatch(`expected a member named one of ${this.names()}, found ${quoted(name)}`);
    if (second) return new Mismatch(`expected one member, found also ${quoted(second[0])}`);
    return { name, type, value: inner };
  }
  private names(): string {
    return [...this.types.keys()].join(', ');
  }
}

interface Held {
  readonly name: string;
  readonly type: Shape<unknown>;
  readonly value: unknown;
}

function within<T>(step: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw outside(error, step);
  }
}
