import type { Description } from '../description.js';
import { TwinsocketError } from '../errors.js';
import type { CborOutput } from './cbor.js';
import { type Place, type Rules, type XmlMarks, type XmlNode, firstChild, keyAttribute, quote, unknownElement } from './document.js';
import { isObject } from './map.js';
import { type Member, memberOf } from './member.js';
import { Mismatch, maxDepth, outside, quoted, tooDeep } from './mismatch.js';
import { Shape } from './shape.js';

interface Entry {
  /** Its name in JSON and in JavaScript. */
  readonly name: string;
  readonly shape: Shape<unknown>;
  readonly words: Member<unknown>['words'];
  /** What every object has under the name, such as `constructor`; that is no member. */
  readonly inherited: unknown;
  /** The elements that it is within in XML, and its own. */
  readonly path: readonly string[];
  /** `"name":` */
  readonly prefix: string;
}

/** The elements that there may be in an element: members, or what paths lead through. */
type Branches = Map<string, Entry | Branches>;

export class Struct<T> extends Shape<T> {
  private readonly entries: readonly Entry[];
  private readonly attributes = new Map<string, Entry>();
  private readonly content: Entry | undefined;
  private readonly branches: Branches = new Map();

  constructor(
    readonly name: string,
    members: Readonly<Record<string, Description<unknown>>>,
  ) {
    super('an object');
    this.entries = Object.entries(members).map(([key, description]) => {
      const { shape, words } = memberOf(description);
      const path = (words.xmlName ?? key).split('>');
      const inherited = (Object.prototype as unknown as Record<string, unknown>)[key];
      return { name: key, shape, words, inherited, path, prefix: `${quote(key)}:` };
    });
    for (const entry of this.entries) {
      const { form } = entry.words;
      if (form === 'element') this.grow(entry);
      else if (!entry.shape.isSingle) throw wrong(`${entry.name} is no single value and so no ${form}`);
      else if (form === 'content') {
        if (this.content) throw wrong(`both ${this.content.name} and ${entry.name} are the content`);
        this.content = entry;
      } else {
        const name = entry.words.xmlName ?? entry.name;
        if (this.attributes.has(name)) throw wrong(`two attributes are called ${name}`);
        this.attributes.set(name, entry);
      }
    }
  }

  private grow(entry: Entry): void {
    let branches = this.branches;
    entry.path.forEach((step, i) => {
      const there = branches.get(step);
      const isLast = i + 1 === entry.path.length;
      if (there && (isLast || !(there instanceof Map)))
        throw wrong(`the element ${entry.path.slice(0, i + 1).join('>')} is meant for two members`);
      const next: Entry | Branches = isLast ? entry : (there ?? new Map());
      branches.set(step, next);
      if (next instanceof Map) branches = next;
    });
  }

  override find(value: unknown, depth: number): Mismatch | undefined {
    if (!isObject(value)) return this.mismatch(value);
    if (depth === maxDepth) return tooDeep();
    for (const entry of this.entries) {
      const mismatch = entry.shape.find(own(value, entry), depth + 1);
      if (mismatch) return mismatch.inside(entry.name);
    }
    return undefined;
  }
  override empty(): unknown {
    const value: Record<string, unknown> = {};
    for (const entry of this.entries) {
      const part = absent(entry);
      if (part !== undefined) value[entry.name] = part;
    }
    return value;
  }

  /** Reads in place: the value is what a parser has just made, and nobody else has it. */
  override fromData(value: unknown, rules: Rules): unknown {
    if (!isObject(value)) throw this.mismatch(value);
    const made = value as Record<string, unknown>;
    let others = 0;
    for (const _ in made) ++others;
    let hasNone = false;
    let lacking: Entry | undefined;
    let at = '';
    try {
      for (const entry of this.entries) {
        at = entry.name;
        const from = own(made, entry);
        if (from !== undefined) --others;
        else if (entry.words.required) lacking ??= entry;
        const part = from === undefined ? absent(entry) : entry.shape.fromData(from, rules);
        if (part === from) continue;
        made[at] = part;
        if (part === undefined) hasNone = true;
      }
    } catch (error) {
      throw outside(error, at);
    }
    if (others > 0 && rules.refuseUnknown) throw this.unknown(made);
    // What is there and does not fit goes before what is not there.
    if (lacking) throw missing(lacking);
    return others > 0 || hasNone ? this.described(made) : made;
  }
  private unknown(value: object): Mismatch {
    const name = Object.keys(value).find((key) => !this.entries.some((entry) => entry.name === key));
    return new Mismatch(`the member ${quoted(name ?? '')} is not known`);
  }
  /** What is described of an object. */
  private described(value: Record<string, unknown>): Record<string, unknown> {
    const picked: Record<string, unknown> = {};
    for (const entry of this.entries) {
      const part = own(value, entry);
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
        const part = own(value as object, entry);
        if (entry.words.omitEmpty && entry.shape.isEmpty(part)) continue;
        if (text !== '{') text += ',';
        text += entry.prefix + entry.shape.toJson(part);
      }
    } catch (error) {
      throw outside(error, at);
    }
    return `${text}}`;
  }
  override toCbor(value: unknown, out: CborOutput): void {
    const isLeftOut = (entry: Entry) => entry.words.omitEmpty && entry.shape.isEmpty(own(value as object, entry));
    out.map(this.entries.filter((entry) => !isLeftOut(entry)).length);
    this.eachIn(value as object, (entry, part) => {
      if (isLeftOut(entry)) return;
      out.string(entry.name);
      entry.shape.toCbor(part, out);
    });
  }

  override fromElement(node: XmlNode, rules: Rules, inMap = false): unknown {
    const texts = this.readAttributes(node, rules, inMap);
    if (this.content) texts.set(this.content, node[3]);
    const elements = new Map<Entry, [XmlNode, ...XmlNode[]]>();
    this.collect(node, this.branches, elements, rules);
    const value: Record<string, unknown> = {};
    let lacking: Entry | undefined;
    let at = '';
    try {
      for (const entry of this.entries) {
        at = entry.name;
        const text = texts.get(entry);
        const found = elements.get(entry);
        if (text === undefined && !found && entry.words.required && !entry.shape.canBeAbsent) lacking ??= entry;
        let part: unknown;
        if (text !== undefined) part = fromText(entry.shape, text, node);
        else part = found ? entry.shape.fromElements(found, rules, node) : absent(entry);
        if (part !== undefined) value[at] = part;
      }
    } catch (error) {
      throw outside(error, at);
    }
    if (lacking) throw missing(lacking).at(node[1]);
    return value;
  }
  /** Reads the root of a document. */
  fromRoot(root: XmlNode, rules: Rules): unknown {
    const [name, line] = root;
    if (name === this.name) return this.fromElement(root, rules);
    throw new Mismatch(`expected the element ${quoted(this.name)}, found ${quoted(name)}`).at(line);
  }

  override toXml(at: Place, value: unknown, out: XmlMarks): void {
    out.begin(at);
    this.eachIn(value as object, (entry, part) => {
      if (entry.words.form === 'attribute') writeAttribute(entry, part, at, out);
    });
    // The elements around members whose names are paths. Members that follow each other share them.
    let around: readonly string[] = [];
    const move = (wanted: readonly string[], mayOpen: boolean): void => {
      let shared = 0;
      while (shared < around.length && shared < wanted.length && around[shared] === wanted[shared]) ++shared;
      for (let i = around.length; i > shared; --i) out.end();
      if (mayOpen) for (const name of wanted.slice(shared)) out.begin({ name });
      around = wanted.slice(0, mayOpen ? undefined : shared);
    };
    this.eachIn(value as object, ({ shape, words, path }, part) => {
      if (words.form === 'attribute') return;
      if (words.form === 'content') {
        move([], false);
        const text = shape.toText(part);
        if (text !== undefined) out.text(text);
        return;
      }
      // As Go has it: the elements around an empty list are written, and those around no value are not.
      const isAbsent = part === undefined;
      move(path.slice(0, -1), !isAbsent);
      if (isAbsent || (words.omitEmpty && shape.isEmpty(part))) return;
      shape.toXml({ name: path.at(-1) as string }, part, out);
    });
    move([], false);
    out.end();
  }

  private readAttributes([, line, attributes]: XmlNode, rules: Rules, inMap: boolean): Map<Entry, string> {
    const texts = new Map<Entry, string>();
    if (!attributes) return texts;
    for (let i = 0; i + 1 < attributes.length; i += 2) {
      const [fullName, text] = attributes.slice(i, i + 2) as [string, string];
      if (fullName === 'xmlns' || fullName.startsWith('xmlns:') || (inMap && fullName === keyAttribute)) continue;
      const name = fullName.slice(fullName.indexOf(':') + 1);
      const entry = this.attributes.get(name);
      if (entry && texts.has(entry)) throw new Mismatch(`the attribute ${quoted(name)} is there twice`).at(line);
      if (entry) texts.set(entry, text);
      else if (rules.refuseUnknown && name === fullName)
        throw new Mismatch(`the attribute ${quoted(name)} is not known`).at(line);
    }
    return texts;
  }

  private collect(
    node: XmlNode,
    branches: Branches,
    found: Map<Entry, [XmlNode, ...XmlNode[]]>,
    rules: Rules,
  ): void {
    for (const child of node.slice(firstChild) as XmlNode[]) {
      const branch = branches.get(child[0]);
      if (branch instanceof Map) this.collect(child, branch, found, rules);
      else if (branch) {
        const same = found.get(branch);
        if (same) same.push(child);
        else found.set(branch, [child]);
      } else if (rules.refuseUnknown) throw unknownElement(child);
    }
  }

  private eachIn(value: object, write: (entry: Entry, part: unknown) => void): void {
    let at = '';
    try {
      for (const entry of this.entries) {
        at = entry.name;
        write(entry, own(value, entry));
      }
    } catch (error) {
      throw outside(error, at);
    }
  }
}

/** What a member is that a document does not have. */
function absent({ shape, words }: Entry): unknown {
  return words.absent ? words.absent() : shape.empty();
}

function fromText(shape: Shape<unknown>, text: string, [, line]: XmlNode): unknown {
  try {
    return shape.fromText(text);
  } catch (error) {
    throw error instanceof Mismatch ? error.at(line) : error;
  }
}

function writeAttribute({ name, shape, words }: Entry, value: unknown, at: Place, out: XmlMarks): void {
  if (words.omitEmpty && shape.isEmpty(value)) return;
  const attribute = words.xmlName ?? name;
  if (at.key !== undefined && attribute === keyAttribute)
    throw new Mismatch('the attribute "key" holds the key of the map', 'invalid_argument');
  const text = shape.toText(value);
  if (text !== undefined) out.attribute(attribute, text);
}

function missing({ name }: Entry): Mismatch {
  return new Mismatch(`the member ${quoted(name)} is missing`);
}

function wrong(text: string): TwinsocketError {
  return new TwinsocketError('invalid_argument', `a struct in which ${text}`);
}

/** A member of a value, if there is one. */
function own(value: object, { name, inherited }: Entry): unknown {
  const member: unknown = (value as Record<string, unknown>)[name];
  return member === inherited ? undefined : member;
}
