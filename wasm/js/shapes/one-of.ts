import { maxDepth } from '../abi.js';
import type { CborWriter } from './cbor.js';
import { type XmlPosition, type DocumentOptions, type XmlTokens, type XmlNode, childrenOf, quote } from './document.js';
import { isObject } from './map.js';
import { Mismatch, withPathStep, quoted, tooDeep } from './mismatch.js';
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
    const selectedMember = this.selectedMember(value);
    if (selectedMember instanceof Mismatch) return selectedMember;
    return selectedMember.type.find(selectedMember.value, depth + 1)?.prependStep(selectedMember.name);
  }
  override empty(): unknown {
    const [[name, type] = ['', undefined]] = this.types;
    return { [name]: type?.empty() };
  }

  override fromData(value: unknown, options: DocumentOptions): unknown {
    if (!isObject(value)) throw this.mismatch(value);
    const selectedMember = this.selectedMember(value);
    if (selectedMember instanceof Mismatch) throw selectedMember;
    return within(selectedMember.name, () => ({
      [selectedMember.name]: selectedMember.type.fromData(selectedMember.value, options),
    }));
  }
  override toJson(value: unknown): string {
    const { name, type, value: inner } = this.selectedMember(value as object) as SelectedMember;
    return within(name, () => `{${quote(name)}:${type.toJson(inner)}}`);
  }

  override toCbor(value: unknown, out: CborWriter): void {
    const { name, type, value: inner } = this.selectedMember(value as object) as SelectedMember;
    out.map(1);
    out.string(name);
    within(name, () => type.toCbor(inner, out));
  }

  override fromElement(node: XmlNode, options: DocumentOptions): unknown {
    const [first, second] = childrenOf(node);
    if (!first) throw new Mismatch('expected one element, found none').at(node[1]);
    const value = this.fromNamed(first, options);
    if (second) throw new Mismatch(`expected one element, found also ${quoted(second[0])}`).at(second[1]);
    return value;
  }
  /** Reads an element whose name selects the type. */
  fromNamed(node: XmlNode, options: DocumentOptions): unknown {
    const [name, line] = node;
    const type = this.types.get(name);
    if (!type) throw new Mismatch(`expected one of the elements ${this.names()}, found ${quoted(name)}`).at(line);
    return within(name, () => ({ [name]: type.fromElement(node, options) }));
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    out.begin(at);
    this.toNamed(value, out);
    out.end();
  }
  /** Writes only the element of the type. */
  toNamed(value: unknown, out: XmlTokens): void {
    const { name, type, value: inner } = this.selectedMember(value as object) as SelectedMember;
    within(name, () => type.toXml({ name }, inner, out));
  }

  private selectedMember(value: object): SelectedMember | Mismatch {
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

interface SelectedMember {
  readonly name: string;
  readonly type: Shape<unknown>;
  readonly value: unknown;
}

function within<T>(step: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw withPathStep(error, step);
  }
}
