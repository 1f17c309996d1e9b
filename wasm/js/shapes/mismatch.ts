import { type ErrorCode, TwinsocketError } from '../errors.js';

/** How deep arrays and objects, or elements, may be nested: as in C++. */
export const maxDepth = 256;

/** Where a value does not fit, and why. Thrown where a document is read; it becomes an error at the way out. */
export class Mismatch {
  private path = '';
  /** The line in an XML document. */
  line: number | undefined;
  constructor(
    private readonly text: string,
    private readonly code: ErrorCode = 'wrong_type',
  ) {}

  /** Names a level that it has left: "name" or "[1]". */
  inside(step: string): this {
    this.path = step + (this.path === '' || this.path.startsWith('[') ? '' : '.') + this.path;
    return this;
  }
  at(line: number): this {
    this.line ??= line;
    return this;
  }
  toError(): TwinsocketError {
    const where = this.line === undefined ? '' : ` at line ${this.line}`;
    return new TwinsocketError(this.code, (this.path && `${this.path}: `) + this.text + where);
  }
}

/** An error as it is one level further out. */
export function outside(error: unknown, step: string): unknown {
  return error instanceof Mismatch ? error.inside(step) : error;
}

/** Runs a reader or a writer, whose mismatches become errors. */
export function mismatchesAsErrors<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof Mismatch ? error.toError() : error;
  }
}

export function tooDeep(): Mismatch {
  return new Mismatch(`nested deeper than ${maxDepth} levels`, 'too_deep');
}

/** What a value is, in an error text. */
export function wordFor(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Uint8Array) return 'bytes';
  // In documents there is no difference.
  if (typeof value === 'bigint') return 'a number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A piece of a document in quotes, shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
