import { type CodecOptions, type DescribedCodec, binary } from '../codecs.js';
import type { Description } from '../description-types.js';
import { forEachElement } from '../shapes/list.js';
import { forEachSorted } from '../shapes/map.js';
import { Mismatch, quoted } from '../shapes/mismatch.js';
import type { Shape, StructMember, StructShape, Writer } from '../shapes/shape.js';
import { forEachMember, memberValue } from '../shapes/struct-member.js';
import { encodeUtf8 } from '../utf8.js';
import { type DataFormat, dataCodec } from './data-format.js';
import { parseCbor } from './parse-cbor.js';

/**
 * CBOR (RFC 8949) in binary messages, for a described type. The documents have the structure of the JSON ones; they are
 * smaller, and bytes need no base64. Rejects documents nested deeper than 256 levels (`too_deep`) and documents with more
 * than 1,000,000 arrays, maps and byte strings (`message_too_big`).
 */
export function cbor<T>(description: Description<T>, options: CodecOptions = {}): DescribedCodec<T> {
  return dataCodec(cborFormat, description, options);
}

const cborFormat: DataFormat = {
  isBinary: true,
  parse: (message) => parseCbor(binary.decode(message)),
  writer: () => new CborWriter(),
};

/** Writes a CBOR document. Each head has its shortest form (RFC 8949 section 3). */
class CborWriter implements Writer {
  private buffer = new Uint8Array(256);
  private view = new DataView(this.buffer.buffer);
  private size = 0;

  finish(): Uint8Array {
    return this.buffer.slice(0, this.size);
  }

  integer(value: bigint | number): void {
    if (value >= 0) this.head(0, value);
    else this.head(1, typeof value === 'bigint' ? -1n - value : -1 - value);
  }
  /** As 4 bytes if they represent the value exactly, otherwise as 8. NaN and infinities take 2. */
  real(exact: number, isFloat: boolean): void {
    const value = isFloat ? Math.fround(exact) : exact;
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
      for (let i = 0; i < text.length; ++i) this.buffer[at + i] = text.charCodeAt(i);
      return;
    }
    if (/[\ud800-\udfff]/u.test(text)) throw new Mismatch(`${quoted(text)} has half a surrogate pair`, 'invalid_utf8');
    this.put(3, encodeUtf8(text));
  }
  bytes(bytes: Uint8Array): void {
    this.put(2, bytes);
  }
  list(element: Shape<unknown>, values: readonly unknown[]): void {
    this.head(4, values.length);
    forEachElement(values, (value) => element.write(value, this));
  }
  map(element: Shape<unknown>, value: Readonly<Record<string, unknown>>): void {
    this.head(5, Object.keys(value).length);
    forEachSorted(value, (key, part) => {
      this.string(key);
      element.write(part, this);
    });
  }
  oneOf(name: string, type: Shape<unknown>, value: unknown): void {
    this.head(5, 1);
    this.string(name);
    type.write(value, this);
  }
  struct({ members }: StructShape, value: object): void {
    const isWritten = (member: StructMember): boolean =>
      !(member.options.omitEmpty && member.shape.isEmpty(memberValue(value, member)));
    this.head(5, members.filter(isWritten).length);
    forEachMember(members, value, (member, part) => {
      if (!isWritten(member)) return;
      this.string(member.name);
      member.shape.write(part, this);
    });
  }

  private put(major: number, bytes: Uint8Array): void {
    this.head(major, bytes.length);
    const at = this.reserve(bytes.length);
    this.buffer.set(bytes, at);
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
    if (this.size > this.buffer.length) {
      const larger = new Uint8Array(2 * this.size);
      larger.set(this.buffer);
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}
