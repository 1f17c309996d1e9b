import { toBase64 } from '../shapes/base64.js';
import { forEachElement } from '../shapes/list.js';
import { forEachSorted } from '../shapes/map.js';
import { Mismatch } from '../shapes/mismatch.js';
import { shortestFloat } from '../shapes/shortest-float.js';
import type { Form, Shape, StructMember, StructShape, Writer } from '../shapes/shape.js';
import { forEachMember } from '../shapes/struct-member.js';
import { refuseUnpairedSurrogates } from '../shapes/text.js';
import { nameOf, pathOf } from '../shapes/xml-names.js';

/** Name of the elements of a nested list or map, and the attribute for the keys of a map. */
export const item = 'item';
export const keyAttribute = 'key';

/** Where the next value is written. */
interface Position {
  /** undefined for a root element whose name is that of its type. */
  readonly name: string | undefined;
  readonly form?: Form;
  /** Its key, if it is a value of a map. */
  readonly key?: string;
  /** It is an element of a list or map, so it must not be omitted if it is absent. */
  readonly inList?: boolean;
  /** It must be exactly one element, so a list needs child elements. */
  readonly singleElement?: boolean;
}

/**
 * Writes the tokens that `tokens_to_xml` of xml_bridge.hpp reads. Each is one character for its kind, a name or a text, and a
 * NUL. Throws for characters that XML does not allow, such as NUL.
 */
export class XmlWriter implements Writer {
  tokens = '';
  private at: Position;

  /** `name` is that of the root element. undefined: the type of a oneOf() names it. */
  constructor(name: string | undefined) {
    this.at = { name };
  }

  null(): void {
    if (this.at.inList) throw new Mismatch('XML cannot represent an element without a value', 'invalid_argument');
  }
  boolean(value: boolean): void {
    this.string(String(value));
  }
  integer(value: number | bigint): void {
    this.string(String(value));
  }
  real(value: number, isFloat: boolean): void {
    this.string(numberText(isFloat ? shortestFloat(value) : value));
  }
  string(text: string): void {
    const { at } = this;
    if (at.form === 'attribute') this.attribute(at.name as string, text);
    else if (at.form === 'content') this.text(text);
    else {
      this.begin(at);
      this.text(text);
      this.end();
    }
  }
  bytes(bytes: Uint8Array): void {
    this.string(toBase64(bytes));
  }

  list(element: Shape<unknown>, values: readonly unknown[]): void {
    this.elements((name) => {
      const at = { name, inList: true, singleElement: true };
      forEachElement(values, (value) => this.write(element, value, at));
    });
  }
  map(element: Shape<unknown>, value: Readonly<Record<string, unknown>>): void {
    this.elements((name) => {
      forEachSorted(value, (key, part) => this.write(element, part, { name, key, inList: true, singleElement: true }));
    });
  }
  oneOf(name: string, type: Shape<unknown>, value: unknown): void {
    const { at } = this;
    if (at.name !== undefined) this.begin(at);
    this.write(type, value, { name });
    if (at.name !== undefined) this.end();
  }
  oneElement(inner: Shape<unknown>, value: unknown): void {
    this.write(inner, value, { ...this.at, singleElement: true });
  }

  struct({ members }: StructShape, value: object): void {
    const { at } = this;
    this.begin(at);
    forEachMember(members, value, (member, part) => {
      if (member.options.form === 'attribute') this.attributeMember(member, part, at);
    });
    // The open elements around members whose names are paths. Consecutive members share them.
    let around: readonly string[] = [];
    const move = (wanted: readonly string[], mayOpen: boolean): void => {
      let shared = 0;
      while (shared < around.length && shared < wanted.length && around[shared] === wanted[shared]) ++shared;
      for (let i = around.length; i > shared; --i) this.end();
      if (mayOpen) for (const name of wanted.slice(shared)) this.begin({ name });
      around = wanted.slice(0, mayOpen ? undefined : shared);
    };
    forEachMember(members, value, (member, part) => {
      const { shape, options } = member;
      if (options.form === 'attribute') return;
      if (options.form === 'content') {
        move([], false);
        this.write(shape, part, { name: member.name, form: 'content' });
        return;
      }
      // As in Go, the elements around an empty list are written, and those around an absent value are not.
      const path = pathOf(member);
      const isAbsent = part === undefined;
      move(path.slice(0, -1), !isAbsent);
      if (isAbsent || (options.omitEmpty && shape.isEmpty(part))) return;
      this.write(shape, part, { name: path[path.length - 1] });
    });
    move([], false);
    this.end();
  }
  private attributeMember(member: StructMember, value: unknown, { key }: Position): void {
    if (member.options.omitEmpty && member.shape.isEmpty(value)) return;
    const name = nameOf(member);
    if (key !== undefined && name === keyAttribute)
      throw new Mismatch('the attribute "key" holds the key of the map', 'invalid_argument');
    this.write(member.shape, value, { name, form: 'attribute' });
  }

  /** Writes a list or map as elements with the name of its place. If it must be one element, it encloses them in one. */
  private elements(write: (name: string) => void): void {
    const { at } = this;
    if (!at.singleElement) return write(at.name as string);
    this.begin(at);
    write(item);
    this.end();
  }
  private write(shape: Shape<unknown>, value: unknown, at: Position): void {
    this.at = at;
    shape.write(value, this);
  }

  private begin({ name, key }: Position): void {
    this.tokens += `<${name}\0`;
    if (key !== undefined) this.attribute(keyAttribute, key);
  }
  private attribute(name: string, value: string): void {
    this.tokens += `@${name}\0`;
    this.text(value);
  }
  private text(text: string): void {
    refuseInvalidXmlText(text);
    this.tokens += `=${text}\0`;
  }
  private end(): void {
    this.tokens += '>\0';
  }
}

/** Writes a number as C++ and Go do: the shortest text, with an exponent below 1e-4 and from 1e6 on. */
function numberText(number: number): string {
  const magnitude = Math.abs(number);
  if (magnitude === Infinity) return number > 0 ? '+Inf' : '-Inf';
  if (Object.is(number, -0)) return '-0';
  if (magnitude >= 1e6 || (magnitude < 1e-4 && magnitude > 0))
    return number.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return String(number);
}

/** Throws for characters that XML 1.0 section 2.2 does not allow. */
function refuseInvalidXmlText(text: string): void {
  const at = text.search(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  if (at < 0) return;
  refuseUnpairedSurrogates(text);
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  const number = [...text.slice(0, at)].length + 1;
  throw new Mismatch(`XML does not allow U+${code}, which is character ${number}`, 'invalid_argument');
}
