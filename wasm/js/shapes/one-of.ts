import { maxDepth } from '../abi.js';
import { isObject } from './map.js';
import { Mismatch, withPathStep, quoted, tooDeep } from './mismatch.js';
import { type OneOfShape, type Reader, type SelectedType, Shape, type Writer } from './shape.js';

/** A value of one of several types: an object with one member, whose name selects the type. */
export class OneOf<T> extends Shape<T> implements OneOfShape {
  readonly types: ReadonlyMap<string, Shape<unknown>>;

  constructor(types: Iterable<readonly [string, Shape<unknown>]>) {
    super('an object');
    this.types = new Map(types);
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    const selected = this.select(value);
    if (selected instanceof Mismatch) return selected;
    return selected.type.find(selected.value, depth + 1)?.prependStep(selected.name);
  }
  override copy(value: unknown): unknown {
    const { name, type, value: inner } = this.select(value as object) as SelectedType;
    return { [name]: type.copy(inner) };
  }
  override empty(): unknown {
    const [[name, type] = ['', undefined]] = this.types;
    return { [name]: type?.empty() };
  }

  override write(value: unknown, to: Writer): void {
    const { name, type, value: inner } = this.select(value as object) as SelectedType;
    within(name, () => to.oneOf(name, type, inner));
  }
  override read<Part>(part: Part, from: Reader<Part>): unknown {
    return from.oneOf(this, part);
  }

  select(value: object): SelectedType | Mismatch {
    const [first, second] = Object.entries(value);
    if (!first) return new Mismatch('expected one member, found none');
    const [name, inner] = first;
    const type = this.types.get(name);
    if (!type) return new Mismatch(`expected a member named one of ${this.names()}, found ${quoted(name)}`);
    if (second) return new Mismatch(`expected one member, found also ${quoted(second[0])}`);
    return { name, type, value: inner };
  }
  names(): string {
    return [...this.types.keys()].join(', ');
  }
}

/** Runs a function. Prepends the step to the path of an error. */
export function within<T>(step: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw withPathStep(error, step);
  }
}
