import { fromBase64 } from './base64.js';
import { Mismatch, quoted, typeName } from './mismatch.js';
import { Scalar } from './scalar.js';
import type { Writer } from './shape.js';

/** Bytes. In JSON and XML they are base64 with padding (RFC 4648 section 4). */
export class Bytes extends Scalar<Uint8Array> {
  /** `count` is the required number of bytes. */
  constructor(private readonly count?: number) {
    super('bytes in base64');
  }
  override find(value: unknown): Mismatch | undefined {
    if (value instanceof Uint8Array) return this.countFits(value) ? undefined : wrongNumber(value);
    return this.mismatch(value);
  }
  override empty(): Uint8Array {
    return new Uint8Array(this.count ?? 0);
  }
  override isEmpty(value: unknown): boolean {
    return (value as Uint8Array).length === 0;
  }
  override fromData(value: unknown, isBinary: boolean): unknown {
    // Go writes null for a nil slice.
    if (value === null && !this.count) return this.empty();
    if (isBinary && !(value instanceof Uint8Array)) throw new Mismatch(`expected bytes, found ${typeName(value)}`);
    if (isBinary) return super.fromData(value, isBinary);
    if (typeof value !== 'string') throw this.mismatch(value);
    const bytes = fromBase64(value);
    if (!bytes) throw this.mismatch(value, quoted(value));
    if (!this.countFits(bytes)) throw wrongNumber(bytes);
    return bytes;
  }
  override write(value: unknown, to: Writer): void {
    to.bytes(value as Uint8Array);
  }
  protected override parseText(text: string): Uint8Array | undefined {
    const bytes = fromBase64(text);
    return bytes && this.countFits(bytes) ? bytes : undefined;
  }
  private countFits(bytes: Uint8Array): boolean {
    return this.count === undefined || bytes.length === this.count;
  }
}

function wrongNumber(bytes: Uint8Array): Mismatch {
  return new Mismatch(`a wrong number of bytes: ${bytes.length}`);
}
