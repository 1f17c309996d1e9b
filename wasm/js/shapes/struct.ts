import { maxDepth } from '../abi.js';
import type { Description } from '../description-types.js';
import type { CborWriter } from './cbor.js';
import type { XmlPosition, DocumentOptions, XmlTokens, XmlNode } from './document.js';
import { type StructMember, defaultValue, forEachMember, structMember, missing, memberValue } from './struct-member.js';
import { isObject } from './map.js';
import { Mismatch, withPathStep, quoted, tooDeep } from './mismatch.js';
import { Shape } from './shape.js';
import { XmlForm } from './xml-form.js';

export class Struct<T> extends Shape<T> {
  private readonly entries: readonly StructMember[];
  private readonly form: XmlForm;

  constructor(
    readonly name: string,
    members: Readonly<Record<string, Description<unknown>>>,
    order: readonly string[] = Object.keys(members),
  ) {
    super('an object');
    this.entries = order.map((key) => structMember(key, members[key] as Description<unknown>));
    this.form = new XmlForm(this.entries);
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    for (const entry of this.entries) {
      const mismatch = entry.shape.find(memberValue(value, entry), depth + 1);
      if (mismatch) return mismatch.prependStep(entry.name);
    }
    return undefined;
  }
  override empty(): unknown {
    const value: Record<string, unknown> = {};
    for (const entry of this.entries) {
      const part = defaultValue(entry);
      if (part !== undefined) value[entry.name] = part;
    }
    return value;
  }

  /** Reads in place: the value comes from a parser and is not shared. */
  override fromData(value: unknown, options: DocumentOptions): unknown {
    if (!isObject(value)) throw this.mismatch(value);
    const made = value as Record<string, unknown>;
    let others = 0;
    for (const _ in made) ++others;
    let hasNone = false;
    let lacking: StructMember | undefined;
    let at = '';
    try {
      for (const entry of this.entries) {
        at = entry.name;
        const from = memberValue(made, entry);
        if (from !== undefined) --others;
        else if (entry.options.required) lacking ??= entry;
        const part = from === undefined ? defaultValue(entry) : entry.shape.fromData(from, options);
        if (part === from) continue;
        made[at] = part;
        if (part === undefined) hasNone = true;
      }
    } catch (error) {
      throw withPathStep(error, at);
    }
    if (others > 0 && options.disallowUnknown) throw this.unknown(made);
    // A mismatch takes precedence over a missing member.
    if (lacking) throw missing(lacking);
    return others > 0 || hasNone ? this.described(made) : made;
  }
  private unknown(value: object): Mismatch {
    const name = Object.keys(value).find((key) => !this.entries.some((entry) => entry.name === key));
    return new Mismatch(`the member ${quoted(name ?? '')} is not known`);
  }
  /** Copies only the described members. */
  private described(value: Record<string, unknown>): Record<string, unknown> {
    const picked: Record<string, unknown> = {};
    for (const entry of this.entries) {
      const part = memberValue(value, entry);
      if (part !== undefined) picked[entry.name] = part;
    }
    return picked;
  }

  override toJson(value: unknown): string {
    let text = '{';
    let at = '';
    try {
      for (const entry of this.entries) {
        at = entry.name;
        const part = memberValue(value as object, entry);
        if (entry.options.omitEmpty && entry.shape.isEmpty(part)) continue;
        if (text !== '{') text += ',';
        text += entry.prefix + entry.shape.toJson(part);
      }
    } catch (error) {
      throw withPathStep(error, at);
    }
    return `${text}}`;
  }
  override toCbor(value: unknown, out: CborWriter): void {
    const isLeftOut = (entry: StructMember) =>
      entry.options.omitEmpty && entry.shape.isEmpty(memberValue(value as object, entry));
    out.map(this.entries.filter((entry) => !isLeftOut(entry)).length);
    forEachMember(this.entries, value as object, (entry, part) => {
      if (isLeftOut(entry)) return;
      out.string(entry.name);
      entry.shape.toCbor(part, out);
    });
  }

  override fromElement(node: XmlNode, options: DocumentOptions, inMap = false): unknown {
    return this.form.read(node, options, inMap);
  }
  /** Reads the root element of a document. */
  fromRoot(root: XmlNode, options: DocumentOptions): unknown {
    const [name, line] = root;
    if (name === this.name) return this.fromElement(root, options);
    throw new Mismatch(`expected the element ${quoted(this.name)}, found ${quoted(name)}`).at(line);
  }
  override toXml(at: XmlPosition, value: unknown, out: XmlTokens): void {
    this.form.write(at, value as object, out);
  }
}
