import { maxDepth } from '../abi.js';
import { type ErrorCode, TwinsocketError } from '../errors.js';

/** A mismatch between a value and its description. Thrown internally; the codecs convert it to a TwinsocketError. */
export class Mismatch {
  private path = '';
  /** Line number in an XML document. */
  line: number | undefined;
  constructor(
    private readonly text: string,
    private readonly code: ErrorCode = 'type_mismatch',
  ) {}

  /** Prepends a step to the path: "name" or "[1]". */
  prependStep(step: string): this {
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

/** Prepends a step to the path of an error. */
export function withPathStep(error: unknown, step: string): unknown {
  return error instanceof Mismatch ? error.prependStep(step) : error;
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
