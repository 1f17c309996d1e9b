import { maxDepth } from '../abi.js';
import type { CborWriter } from './cbor.js';
import {
  type XmlPosition,
  type DocumentOptions,
  type XmlTokens,
  type XmlNode,
  type XmlNodes,
  childrenOf,
  item,
  unknownElement,
} from './document.js';
import { Mismatch, withPathStep, tooDeep } from './mismatch.js';
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
      if (mismatch) return mismatch.prependStep(`[${i}]`);
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

  override fromData(value: unknown, options: DocumentOptions): unknown[] {
    // Go writes null for a nil slice.
    if (value === null && this.count === undefined) return [];
    if (!Array.isArray(value)) throw this.mismatch(value);
    let i = 0;
    try {
      for (; i < value.length; ++i) value[i] = this.element.fromData(value[i], options);
    } catch (error) {
      throw withPathStep(error, `[${i}]`);
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
      throw withPathStep(error, `[${i}]`);
    }
    return `${text}]`;
  }

  override toCbor(value: unknown, out: CborWriter): void {
    out.array((value as unknown[]).length);
    each(value as unknown[], (element) => this.element.toCbor(element, out));
  }

  override fromElement(node: XmlNode, options: DocumentOptions): unknown[] {
    return this.fromNodes(items(node, options), options, node);
  }
  override fromElements(nodes: XmlNodes, options: DocumentOptions, parent: XmlNode): unknown[] {
    return this.fromNodes(nodes, options, parent);
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    writeElements(at, out, (name) => {
      each(value as unknown[], (element) =>
        this.element.toXml({ name, inList: true, singleElement: true }, element, out),
      );
    });
  }

  private fromNodes(nodes: readonly XmlNode[], options: DocumentOptions, parent: XmlNode): unknown[] {
    const elements = each(nodes, (node) => this.element.fromElement(node, options));
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
export function items(node: XmlNode, options: DocumentOptions): XmlNode[] {
  const children = childrenOf(node);
  const other = options.disallowUnknown ? children.find(([name]) => name !== item) : undefined;
  if (other) throw unknownElement(other);
  return children.filter(([name]) => name === item);
}

/** Writes a list or map as elements with the name of its place. If it must be one element, it encloses them in one. */
export function writeElements(at: XmlPosition, out: XmlTokens, write: (name: string) => void): void {
  if (!at.singleElement) return write(at.name);
  out.begin(at);
  write(item);
  out.end();
}

function each<From, To>(from: readonly From[], change: (element: From) => To): To[] {
  const changed: To[] = [];
  try {
    for (const element of from) changed.push(change(element));
  } catch (error) {
    throw withPathStep(error, `[${changed.length}]`);
  }
  return changed;
}
