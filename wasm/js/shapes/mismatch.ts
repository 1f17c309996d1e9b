import { maxDepth } from '../abi.js';
import { type ErrorCode, TwinsocketError } from '../errors.js';

/** A mismatch between a value and its description. Thrown internally; the codecs convert it to a TwinsocketError. */
export class Mismatch {
  private path = '';
  private readonly keys: PropertyKey[] = [];
  /** Line number in an XML document. */
  line: number | undefined;
  constructor(
    private readonly text: string,
    private readonly code: ErrorCode = 'type_mismatch',
  ) {}

  /** Prepends a step to the path: "name" or "[1]". `key` is the name or the index. */
  prependStep(step: string, key: PropertyKey = step): this {
    this.keys.unshift(key);
    this.path = step + (this.path === '' || this.path.startsWith('[') ? '' : '.') + this.path;
    return this;
  }
  at(line: number): this {
    this.line ??= line;
    return this;
  }
  toError(): TwinsocketError {
    return new TwinsocketError(this.code, (this.path && `${this.path}: `) + this.message());
  }
  /** The same as an issue of a standard schema. */
  toIssue(): { message: string; path: readonly PropertyKey[] } {
    return { message: this.message(), path: this.keys };
  }
  private message(): string {
    return this.text + (this.line === undefined ? '' : ` at line ${this.line}`);
  }
}

/** Prepends a step to the path of an error. */
export function withPathStep(error: unknown, step: string, key: PropertyKey = step): unknown {
  return error instanceof Mismatch ? error.prependStep(step, key) : error;
}

/** Runs a function and converts a thrown Mismatch to a TwinsocketError. */
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

/** The type of a value for error messages. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Uint8Array) return 'bytes';
  // In a document both are numbers.
  if (typeof value === 'bigint') return 'a number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Quotes a part of a document, truncated to 40 characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
