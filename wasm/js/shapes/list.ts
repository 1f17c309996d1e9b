import { maxDepth } from '../abi.js';
import { Mismatch, withPathStep, tooDeep } from './mismatch.js';
import { type ListShape, type Reader, Shape, type Writer } from './shape.js';

export class List<T> extends Shape<T[]> implements ListShape {
  /** `count` is the required number of elements. */
  constructor(
    readonly element: Shape<T>,
    private readonly count?: number,
  ) {
    super('an array');
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!Array.isArray(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    for (let i = 0; i < value.length; ++i) {
      const mismatch = this.element.find(value[i], depth + 1);
      if (mismatch) return mismatch.prependStep(`[${i}]`, i);
    }
    return this.findCount(value.length);
  }
  override copy(value: unknown): unknown[] {
    return (value as unknown[]).map((element) => this.element.copy(element));
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

  override write(value: unknown, to: Writer): void {
    to.list(this.element, value as unknown[]);
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown[] {
    return from.list(this, part);
  }
  findCount(found: number): Mismatch | undefined {
    if (this.count === undefined || found === this.count) return undefined;
    return new Mismatch(`expected ${this.count} elements, found ${found > this.count ? 'more' : found}`);
  }
}

/** Visits the elements of a list. Prepends the index to the path of an error. */
export function forEachElement<T>(elements: readonly T[], visit: (element: T, index: number) => void): void {
  let i = 0;
  try {
    for (; i < elements.length; ++i) visit(elements[i] as T, i);
  } catch (error) {
    throw withPathStep(error, `[${i}]`, i);
  }
}
