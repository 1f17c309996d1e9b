// A format in one file, as a contributor would add it: bencode, with n for an absent value, t and f for booleans, and r for
// numbers that are not integers.

import type { Codec } from '../../wasm/js/codec.js';
import { type CodecOptions, textOf } from '../../wasm/js/codecs.js';
import type { Description } from '../../wasm/js/description-types.js';
import { type DataFormat, dataCodec } from '../../wasm/js/formats/data-format.js';
import { toBase64 } from '../../wasm/js/shapes/base64.js';
import { forEachElement } from '../../wasm/js/shapes/list.js';
import { forEachSorted } from '../../wasm/js/shapes/map.js';
import type { Shape, StructShape, Writer } from '../../wasm/js/shapes/shape.js';
import { forEachMember } from '../../wasm/js/shapes/struct-member.js';

const format: DataFormat = { isBinary: false, parse: (message) => parse(textOf(message)), writer: () => new BencodeWriter() };

export function bencode<T>(description: Description<T>, options: CodecOptions = {}): Codec<T> {
  return dataCodec(format, description, options);
}

class BencodeWriter implements Writer {
  private document = '';
  finish(): string {
    return this.document;
  }
  null(): void {
    this.document += 'n';
  }
  boolean(value: boolean): void {
    this.document += value ? 't' : 'f';
  }
  integer(value: number | bigint): void {
    this.document += `i${value}e`;
  }
  real(value: number): void {
    this.document += `r${value};`;
  }
  string(text: string): void {
    this.document += `${text.length}:${text}`;
  }
  bytes(bytes: Uint8Array): void {
    this.string(toBase64(bytes));
  }
  list(element: Shape<unknown>, values: readonly unknown[]): void {
    this.document += 'l';
    forEachElement(values, (value) => element.write(value, this));
    this.document += 'e';
  }
  map(element: Shape<unknown>, value: Readonly<Record<string, unknown>>): void {
    this.document += 'd';
    forEachSorted(value, (key, part) => this.entry(key, element, part));
    this.document += 'e';
  }
  oneOf(name: string, type: Shape<unknown>, value: unknown): void {
    this.document += 'd';
    this.entry(name, type, value);
    this.document += 'e';
  }
  struct({ members }: StructShape, value: object): void {
    this.document += 'd';
    forEachMember(members, value, ({ name, shape }, part) => this.entry(name, shape, part));
    this.document += 'e';
  }
  private entry(key: string, shape: Shape<unknown>, value: unknown): void {
    this.string(key);
    shape.write(value, this);
  }
}

function parse(document: string): unknown {
  let at = 0;
  const until = (end: string): string => {
    const from = at;
    at = document.indexOf(end, from) + 1;
    return document.slice(from, at - 1);
  };
  const item = (): unknown => {
    const kind = document.charAt(at);
    if (/\d/.test(kind)) {
      const size = Number(until(':'));
      at += size;
      return document.slice(at - size, at);
    }
    ++at;
    if (kind === 'n') return null;
    if (kind === 't' || kind === 'f') return kind === 't';
    if (kind === 'r') return Number(until(';'));
    if (kind === 'i') return Number(until('e'));
    const items: unknown[] = [];
    while (document.charAt(at) !== 'e') items.push(item());
    ++at;
    if (kind === 'l') return items;
    return Object.fromEntries(items.flatMap((key, i) => (i % 2 === 0 ? [[key, items[i + 1]]] : [])));
  };
  return item();
}
