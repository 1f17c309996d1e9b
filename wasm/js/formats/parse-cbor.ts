import { maxDepth } from '../abi.js';
import { TwinsocketError } from '../errors.js';
import { setProperty } from '../shapes/map.js';
import { quoted } from '../shapes/mismatch.js';
import { decodeUtf8 } from '../utf8.js';

// The major types of RFC 8949 section 3.1.
const enum Major {
  positive,
  negative,
  bytes,
  text,
  array,
  map,
  tag,
  simple,
}

interface Head {
  readonly major: Major;
  /** The lower five bits of the first byte; 31 for an indefinite length. */
  readonly info: number;
  /** A number up to 2^53 - 1, above that a bigint. */
  readonly argument: number | bigint;
  readonly start: number;
}

/**
 * Limit of arrays, maps and byte strings in one document. An empty one is one byte in the document and about a hundred
 * bytes in memory.
 */
const maxObjects = 1_000_000;

/** The "break" that ends an item of indefinite length (RFC 8949 section 3.2.1). */
const end = Symbol('end');

/**
 * Parses a CBOR document in any encoding that RFC 8949 section 3 allows. Returns objects, arrays, strings, booleans, null,
 * numbers, bigints (for integers above 2^53 - 1) and Uint8Arrays. Tags are ignored.
 */
export function parseCbor(document: Uint8Array): unknown {
  const reader = new Reader(document);
  const value = reader.readItem(0);
  if (value === end) throw reader.errorAt('an unexpected break', 0);
  if (reader.at < document.length) throw reader.errorAt('expected the end of the document', reader.at);
  return value;
}

class Reader {
  at = 0;
  private objects = 0;
  private readonly view: DataView;

  constructor(private readonly document: Uint8Array) {
    this.view = new DataView(document.buffer, document.byteOffset, document.byteLength);
  }

  errorAt(
    text: string,
    at: number,
    code: 'malformed' | 'type_mismatch' | 'invalid_utf8' = 'malformed',
  ): TwinsocketError {
    return new TwinsocketError(code, `${text} at byte ${at}`);
  }

  /** Reads an item at a nesting depth. Returns `end` for the break of an item of indefinite length. */
  readItem(depth: number): unknown {
    let head = this.head();
    const isTagged = head.major === Major.tag;
    while (head.major === Major.tag) head = this.head();
    const { major, info, argument, start } = head;
    if ((major === Major.bytes || major === Major.array || major === Major.map) && ++this.objects > maxObjects)
      throw new TwinsocketError(
        'message_too_big',
        `more than ${maxObjects} arrays, maps and byte strings at byte ${start}`,
      );
    switch (major) {
      case Major.positive:
        return argument;
      case Major.negative:
        return typeof argument === 'bigint' || argument === Number.MAX_SAFE_INTEGER
          ? -1n - BigInt(argument)
          : -1 - argument;
      case Major.bytes:
        return this.string(head);
      case Major.text:
        return this.text(head);
      case Major.array:
      case Major.map: {
        if (depth === maxDepth) throw new TwinsocketError('too_deep', `nested deeper than ${maxDepth} levels`);
        // Each item takes at least one byte.
        const size = major === Major.map ? 2 : 1;
        if (info !== 31 && argument > (this.document.length - this.at) / size) throw this.truncated();
        const count = info === 31 ? Infinity : Number(argument);
        return major === Major.map ? this.map(count, depth + 1) : this.array(count, depth + 1);
      }
      default:
        if (info === 31 && isTagged) throw this.errorAt('a tag without an item', start);
        return this.simple(head);
    }
  }

  private head(): Head {
    const start = this.take(1);
    const first = this.view.getUint8(start);
    const major = first >> 5;
    const info = first & 31;
    if (info < 24) return { major, info, argument: info, start };
    if (info > 27) {
      const mayBeIndefinite = (major >= Major.bytes && major <= Major.map) || major === Major.simple;
      if (info === 31 && mayBeIndefinite) return { major, info, argument: 0, start };
      throw this.errorAt(`an invalid initial byte: ${first}`, start);
    }
    return { major, info, argument: this.argument(info), start };
  }
  private argument(info: number): number | bigint {
    const at = this.take(1 << (info - 24));
    if (info === 24) return this.view.getUint8(at);
    if (info === 25) return this.view.getUint16(at);
    if (info === 26) return this.view.getUint32(at);
    const large = this.view.getBigUint64(at);
    return large <= Number.MAX_SAFE_INTEGER ? Number(large) : large;
  }

  /** Consumes `size` bytes and returns where they begin. */
  private take(size: number): number {
    if (size > this.document.length - this.at) throw this.truncated();
    this.at += size;
    return this.at - size;
  }
  private truncated(): TwinsocketError {
    return this.errorAt('the document ends too early', this.document.length);
  }

  private array(count: number, depth: number): unknown[] {
    const elements: unknown[] = [];
    while (elements.length < count) {
      const element = this.readItem(depth);
      if (element !== end) elements.push(element);
      else if (count === Infinity) break;
      else throw this.errorAt('an unexpected break', this.at - 1);
    }
    return elements;
  }

  private map(count: number, depth: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    for (let i = 0; i < count; ++i) {
      const start = this.at;
      const key = this.readItem(depth);
      if (key === end && count === Infinity) break;
      if (key === end) throw this.errorAt('an unexpected break', start);
      if (typeof key !== 'string') throw this.errorAt('a key that is not a string', start, 'type_mismatch');
      if (Object.hasOwn(value, key))
        throw this.errorAt(`the member ${quoted(key)} occurs twice`, start, 'type_mismatch');
      const member = this.readItem(depth);
      if (member === end)
        throw this.errorAt(count === Infinity ? 'a key without a value' : 'an unexpected break', this.at - 1);
      setProperty(value, key, member);
    }
    return value;
  }

  /** Reads a byte string. The chunks of one of indefinite length are concatenated. */
  private string(head: Head): Uint8Array {
    // A copy, so that a value that outlives the message does not keep all its bytes in memory.
    if (head.info !== 31) return this.chunk(head).slice();
    // Two passes, because an array of the chunks could have as many objects as the document has bytes.
    const start = this.at;
    let size = 0;
    this.chunks(head, (chunk) => (size += chunk.length));
    const joined = new Uint8Array(size);
    this.at = start;
    let at = 0;
    this.chunks(head, (chunk) => {
      joined.set(chunk, at);
      at += chunk.length;
    });
    return joined;
  }
  private text(head: Head): string {
    const texts: string[] = [];
    // RFC 8949 section 3.2.3: each chunk is valid UTF-8 by itself.
    const add = (chunk: Uint8Array): void => {
      if (chunk.length > 0) texts.push(shortAscii(chunk) ?? this.decoded(chunk, head.start));
    };
    if (head.info === 31) this.chunks(head, add);
    else add(this.chunk(head));
    return texts.join('');
  }
  private decoded(bytes: Uint8Array, start: number): string {
    try {
      return decodeUtf8(bytes);
    } catch {
      throw this.errorAt('a string that is not UTF-8', start, 'invalid_utf8');
    }
  }
  private chunks({ major }: Head, take: (chunk: Uint8Array) => void): void {
    for (;;) {
      const chunk = this.head();
      if (chunk.major === Major.simple && chunk.info === 31) return;
      if (chunk.major !== major || chunk.info === 31)
        throw this.errorAt('an invalid chunk in an indefinite-length string', chunk.start);
      take(this.chunk(chunk));
    }
  }
  private chunk({ argument }: Head): Uint8Array {
    if (argument > this.document.length - this.at) throw this.truncated();
    const at = this.take(Number(argument));
    return this.document.subarray(at, this.at);
  }

  private simple({ info, argument, start }: Head): unknown {
    switch (info) {
      case 20:
      case 21:
        return info === 21;
      case 22:
      case 23:
        return null;
      case 25:
        return half(Number(argument));
      case 26:
        return this.view.getFloat32(start + 1);
      case 27:
        return this.view.getFloat64(start + 1);
      case 31:
        return end;
      default:
        if (info === 24 && argument < 32) throw this.errorAt('a simple value below 32 in two bytes', start);
        throw this.errorAt(`an unsupported simple value: ${argument}`, start, 'type_mismatch');
    }
  }
}

/** Decodes short ASCII strings, as most names are, without the platform's decoder, whose calls have a high overhead. */
function shortAscii(bytes: Uint8Array): string | undefined {
  if (bytes.length > 24) return undefined;
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Converts the bits of a half-precision number. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (mantissa + 1024) * 2 ** (exponent - 25));
}
