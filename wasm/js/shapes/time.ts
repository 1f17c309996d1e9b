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
  protected override parse(text: string): string | undefined {
    return isTime(text) ? text : undefined;
  }
}

/** Checks the format and the ranges: hours to 23, minutes and seconds to 59, days of the month. */
function isTime(text: string): boolean {
  const minutes = '(?:[01]\\d|2[0-3]):[0-5]\\d';
  const form = new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)T${minutes}:[0-5]\\d(?:\\.\\d+)?(?:Z|[+-]${minutes})$`);
  const [, year, month, day] = form.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}
