import type { CborOutput } from './cbor.js';
import {
  type Place,
  type Rules,
  type XmlMarks,
  type XmlNode,
  type XmlNodes,
  firstChild,
  item,
  unknownElement,
} from './document.js';
import { Mismatch, maxDepth, outside, tooDeep } from './mismatch.js';
import { Shape } from './shape.js';

export class List<T> extends Shape<T[]> {
  /** `count` is the required number of elements. */
  constructor(
    private readonly element: Shape<T>,
    private readonly count?: number,
  ) {
    super('an array');
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!Array.isArray(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    for (let i = 0; i < value.length; ++i) {
      const mismatch = this.element.find(value[i], depth + 1);
      if (mismatch) return mismatch.inside(`[${i}]`);
    }
    return this.findCount(value.length);
  }
  override empty(): unknown[] {
    return Array.from({ length: this.count ?? 0 }, () => this.element.empty());
  }
  override isEmpty(value: unknown): boolean {
    return (value as unknown[]).length === 0;
  }

  override get canBeAbsent(): boolean {
    return this.count === undefined;
  }

  override fromData(value: unknown, rules: Rules): unknown[] {
    // Go writes null for a nil slice.
    if (value === null && this.count === undefined) return [];
    if (!Array.isArray(value)) throw this.mismatch(value);
    let i = 0;
    try {
      for (; i < value.length; ++i) value[i] = this.element.fromData(value[i], rules);
    } catch (error) {
      throw outside(error, `[${i}]`);
    }
    const mismatch = this.findCount(value.length);
    if (mismatch) throw mismatch;
    return value;
  }
  override toJson(value: unknown): string {
    const elements = value as unknown[];
    let text = '[';
    let i = 0;
    try {
      for (; i < elements.length; ++i) text += (i ? ',' : '') + this.element.toJson(elements[i]);
    } catch (error) {
      throw outside(error, `[${i}]`);
    }
    return `${text}]`;
  }

  override toCbor(value: unknown, out: CborOutput): void {
    out.array((value as unknown[]).length);
    each(value as unknown[], (element) => this.element.toCbor(element, out));
  }

  override fromElement(node: XmlNode, rules: Rules): unknown[] {
    return this.fromNodes(items(node, rules), rules, node);
  }
  override fromElements(nodes: XmlNodes, rules: Rules, parent: XmlNode): unknown[] {
    return this.fromNodes(nodes, rules, parent);
  }
  override toXml(at: Place, value: unknown, out: XmlMarks): void {
    inItsPlace(at, out, (name) => {
      each(value as unknown[], (element) => this.element.toXml({ name, inList: true, alone: true }, element, out));
    });
  }

  private fromNodes(nodes: readonly XmlNode[], rules: Rules, parent: XmlNode): unknown[] {
    const elements = each(nodes, (node) => this.element.fromElement(node, rules));
    const mismatch = this.findCount(elements.length);
    if (mismatch) throw mismatch.at(parent[1]);
    return elements;
  }
  private findCount(found: number): Mismatch | undefined {
    if (this.count === undefined || found === this.count) return undefined;
    return new Mismatch(`expected ${this.count} elements, found ${found > this.count ? 'more' : found}`);
  }
}

/** The child elements of a list or map that is a single element. */
export function items(node: XmlNode, rules: Rules): XmlNode[] {
  const children = node.slice(firstChild) as XmlNode[];
  const other = rules.refuseUnknown ? children.find(([name]) => name !== item) : undefined;
  if (other) throw unknownElement(other);
  return children.filter(([name]) => name === item);
}

/** Writes a list or map as elements with the name of its place. If it must be one element, it encloses them in one. */
export function inItsPlace(at: Place, out: XmlMarks, write: (name: string) => void): void {
  if (!at.alone) return write(at.name);
  out.begin(at);
  write(item);
  out.end();
}

function each<From, To>(from: readonly From[], change: (element: From) => To): To[] {
  const changed: To[] = [];
  try {
    for (const element of from) changed.push(change(element));
  } catch (error) {
    throw outside(error, `[${changed.length}]`);
  }
  return changed;
}
