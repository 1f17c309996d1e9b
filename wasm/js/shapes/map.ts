import { maxDepth } from '../abi.js';
import type { CborWriter } from './cbor.js';
import {
  type XmlPosition,
  type DocumentOptions,
  type XmlTokens,
  type XmlNode,
  type XmlNodes,
  keyAttribute,
  quote,
  refuseUnpairedSurrogates,
} from './document.js';
import { writeElements, items } from './list.js';
import { Mismatch, withPathStep, quoted, tooDeep } from './mismatch.js';
import { Shape } from './shape.js';

/** An object with arbitrary keys. In XML the key is an attribute of each element. */
export class Dictionary<T> extends Shape<Record<string, T>> {
  constructor(private readonly element: Shape<T>) {
    super('an object');
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    for (const [key, element] of Object.entries(value)) {
      const mismatch = this.element.find(element, depth + 1);
      if (mismatch) return mismatch.prependStep(step(key));
    }
    return undefined;
  }
  override empty(): Record<string, unknown> {
    return {};
  }
  override isEmpty(value: unknown): boolean {
    return Object.keys(value as object).length === 0;
  }

  override get canBeAbsent(): boolean {
    return true;
  }

  override fromData(value: unknown, options: DocumentOptions): Record<string, unknown> {
    // Go writes null for a nil map.
    if (value === null) return {};
    if (!isObject(value)) throw this.mismatch(value);
    return made(Object.entries(value), ([key, element]) => [
      wellFormed(key),
      inside(key, () => this.element.fromData(element, options)),
    ]);
  }
  override toJson(value: unknown): string {
    const texts: string[] = [];
    forEachSorted(value as Record<string, unknown>, (key, element) => {
      texts.push(`${quote(key)}:${this.element.toJson(element)}`);
    });
    return `{${texts.join(',')}}`;
  }

  override toCbor(value: unknown, out: CborWriter): void {
    out.map(Object.keys(value as object).length);
    forEachSorted(value as Record<string, unknown>, (key, element) => {
      out.string(key);
      this.element.toCbor(element, out);
    });
  }

  override fromElement(node: XmlNode, options: DocumentOptions): Record<string, unknown> {
    return this.fromElements(items(node, options) as unknown as XmlNodes, options);
  }
  override fromElements(nodes: XmlNodes, options: DocumentOptions): Record<string, unknown> {
    const seen = new Set<string>();
    return made(nodes, (node) => {
      const [, line, attributes] = node;
      const at = attributes ? attributes.findIndex((name, i) => i % 2 === 0 && name === keyAttribute) : -1;
      const key = attributes ? attributes[at + 1] : undefined;
      if (at < 0 || key === undefined) throw new Mismatch('the attribute "key" is missing').at(line);
      if (seen.has(key)) throw new Mismatch(`the key ${quoted(key)} occurs twice`).at(line);
      seen.add(key);
      return [key, inside(key, () => this.element.fromElement(node, options, true))];
    });
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    writeElements(at, out, (name) => {
      forEachSorted(value as Record<string, unknown>, (key, element) => {
        this.element.toXml({ name, key, inList: true, singleElement: true }, element, out);
      });
    });
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Sets a property of any name, even `__proto__`. */
export function setProperty(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function made<From>(from: readonly From[], entry: (from: From) => readonly [string, unknown]): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const each of from) setProperty(value, ...entry(each));
  return value;
}

function wellFormed(key: string): string {
  refuseUnpairedSurrogates(key);
  return key;
}

/** Visits the entries sorted by the UTF-8 bytes of their keys, which is the order of code points. */
function forEachSorted(value: Record<string, unknown>, write: (key: string, element: unknown) => void): void {
  const keys = Object.keys(value);
  keys.sort(keys.some((key) => /[\ud800-\udfff]/.test(key)) ? byCodePoint : undefined);
  for (const key of keys) inside(key, () => write(key, value[key]));
}

function byCodePoint(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) ++i;
  // If the position is the second half of a surrogate pair, comparing that half gives the same result.
  const [left = -1, right = -1] = [a.codePointAt(i), b.codePointAt(i)];
  return left - right;
}

function inside<T>(key: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw withPathStep(error, step(key));
  }
}

function step(key: string): string {
  return `[${quoted(key)}]`;
}
