import { Mismatch, quoted } from './mismatch.js';

/** Writes a CBOR document. Each head has its shortest form (RFC 8949 section 3). */
export class CborWriter {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private size = 0;

  finish(): Uint8Array {
    return this.bytes.slice(0, this.size);
  }

  integer(value: bigint | number): void {
    if (value >= 0) this.head(0, value);
    else this.head(1, typeof value === 'bigint' ? -1n - value : -1 - value);
  }
  /** As 4 bytes if they represent the value exactly, otherwise as 8. NaN and infinities take 2. */
  real(value: number): void {
    if (!Number.isFinite(value)) {
      const at = this.reserve(3);
      this.view.setUint8(at, 0xf9);
      this.view.setUint16(at + 1, Number.isNaN(value) ? 0x7e00 : value < 0 ? 0xfc00 : 0x7c00);
    } else if (Math.fround(value) === value) {
      const at = this.reserve(5);
      this.view.setUint8(at, 0xfa);
      this.view.setFloat32(at + 1, value);
    } else {
      const at = this.reserve(9);
      this.view.setUint8(at, 0xfb);
      this.view.setFloat64(at + 1, value);
    }
  }
  boolean(value: boolean): void {
    this.byte(value ? 0xf5 : 0xf4);
  }
  null(): void {
    this.byte(0xf6);
  }
  string(text: string): void {
    // Short ASCII strings, as most names are, need no temporary buffer.
    if (text.length < 40 && /^[\0-\x7f]*$/.test(text)) {
      this.head(3, text.length);
      const at = this.reserve(text.length);
      for (let i = 0; i < text.length; ++i) this.bytes[at + i] = text.charCodeAt(i);
      return;
    }
    if (/[\ud800-\udfff]/u.test(text)) throw new Mismatch(`${quoted(text)} has half a surrogate pair`, 'invalid_utf8');
    this.put(3, utf8.encode(text));
  }
  byteString(bytes: Uint8Array): void {
    this.put(2, bytes);
  }
  array(count: number): void {
    this.head(4, count);
  }
  map(count: number): void {
    this.head(5, count);
  }

  private put(major: number, bytes: Uint8Array): void {
    this.head(major, bytes.length);
    const at = this.reserve(bytes.length);
    this.bytes.set(bytes, at);
  }
  private head(major: number, argument: bigint | number): void {
    const first = major << 5;
    if (argument < 24) {
      this.byte(first | Number(argument));
    } else if (argument < 0x100) {
      const at = this.reserve(2);
      this.view.setUint8(at, first | 24);
      this.view.setUint8(at + 1, Number(argument));
    } else if (argument < 0x10000) {
      const at = this.reserve(3);
      this.view.setUint8(at, first | 25);
      this.view.setUint16(at + 1, Number(argument));
    } else if (argument < 0x100000000) {
      const at = this.reserve(5);
      this.view.setUint8(at, first | 26);
      this.view.setUint32(at + 1, Number(argument));
    } else {
      const at = this.reserve(9);
      this.view.setUint8(at, first | 27);
      this.view.setBigUint64(at + 1, BigInt(argument));
    }
  }
  private byte(value: number): void {
    const at = this.reserve(1);
    this.view.setUint8(at, value);
  }
  /** Reserves `size` bytes and returns their position. May replace `bytes` and `view`. */
  private reserve(size: number): number {
    const at = this.size;
    this.size += size;
    if (this.size > this.bytes.length) {
      const larger = new Uint8Array(2 * this.size);
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}

const utf8 = new TextEncoder();
