import { maxDepth } from '../abi.js';
import { type Mismatch, withPathStep, quoted, tooDeep } from './mismatch.js';
import { type MapShape, type Reader, Shape, type Writer } from './shape.js';

/** An object with arbitrary keys. In XML the key is an attribute of each element. */
export class Dictionary<T> extends Shape<Record<string, T>> implements MapShape {
  constructor(readonly element: Shape<T>) {
    super('an object');
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    for (const [key, element] of Object.entries(value)) {
      const mismatch = this.element.find(element, depth + 1);
      if (mismatch) return mismatch.prependStep(step(key), key);
    }
    return undefined;
  }
  override copy(value: unknown): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const [key, element] of Object.entries(value as object)) setProperty(made, key, this.element.copy(element));
    return made;
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

  override write(value: unknown, to: Writer): void {
    to.map(this.element, value as Record<string, unknown>);
  }
  override read<Part>(part: Part, from: Reader<Part>): Record<string, unknown> {
    return from.map(this, part);
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

/** Visits the entries sorted by the UTF-8 bytes of their keys, which is the order of code points. */
export function forEachSorted(
  value: Readonly<Record<string, unknown>>,
  write: (key: string, element: unknown) => void,
): void {
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

/** Runs a function. Prepends the key to the path of an error. */
export function inside<T>(key: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw withPathStep(error, step(key), key);
  }
}

function step(key: string): string {
  return `[${quoted(key)}]`;
}
