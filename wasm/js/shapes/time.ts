import { isTime } from './is-time.js';
import { Mismatch, quoted, typeName } from './mismatch.js';
import { Scalar } from './scalar.js';

/** A timestamp as RFC 3339 text. */
export class Time extends Scalar<string> {
  constructor() {
    super('a time by RFC 3339');
  }
  override find(value: unknown): Mismatch | undefined {
    if (typeof value !== 'string') return new Mismatch(`expected a string, found ${typeName(value)}`);
    return isTime(value) ? undefined : this.mismatch(value, quoted(value));
  }
  override empty(): string {
    return '1970-01-01T00:00:00Z';
  }
  protected override parseText(text: string): string | undefined {
    return isTime(text) ? text : undefined;
  }
}
