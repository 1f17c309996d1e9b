import { TwinsocketError } from '../errors.js';
import {
  type XmlPosition,
  type DocumentOptions,
  type XmlTokens,
  type XmlNode,
  childrenOf,
  contentOf,
  keyAttribute,
  unknownElement,
} from './document.js';
import { type StructMember, defaultValue, forEachMember, missing } from './struct-member.js';
import { Mismatch, withPathStep, quoted } from './mismatch.js';
import type { Shape } from './shape.js';

/** The known child elements of an element: members, or elements on the path of a member. */
type Branches = Map<string, StructMember | Branches>;

/** Reads and writes the members of a struct in its XML element. */
export class XmlForm {
  private readonly attributes = new Map<string, StructMember>();
  private readonly content: StructMember | undefined;
  private readonly branches: Branches = new Map();

  constructor(private readonly entries: readonly StructMember[]) {
    for (const entry of entries) {
      const { form } = entry.options;
      if (form === 'element') this.addElement(entry);
      else if (!entry.shape.isScalar) throw structError(`the ${form} ${entry.name} is not a single value`);
      else if (form === 'content') {
        if (this.content) throw structError(`both ${this.content.name} and ${entry.name} are content`);
        this.content = entry;
      } else {
        const name = nameOf(entry);
        if (this.attributes.has(name)) throw structError(`two attributes are called ${name}`);
        this.attributes.set(name, entry);
      }
    }
  }

  private addElement(entry: StructMember): void {
    let branches = this.branches;
    const path = pathOf(entry);
    path.forEach((step, i) => {
      const there = branches.get(step);
      const isLast = i + 1 === path.length;
      if (there && (isLast || !(there instanceof Map)))
        throw structError(`two members use the element ${path.slice(0, i + 1).join('>')}`);
      const next: StructMember | Branches = isLast ? entry : (there ?? new Map());
      branches.set(step, next);
      if (next instanceof Map) branches = next;
    });
  }

  read(node: XmlNode, options: DocumentOptions, inMap: boolean): unknown {
    const texts = this.readAttributes(node, options, inMap);
    if (this.content) texts.set(this.content, contentOf(node));
    const elements = new Map<StructMember, [XmlNode, ...XmlNode[]]>();
    this.collect(node, this.branches, elements, options);
    const value: Record<string, unknown> = {};
    let lacking: StructMember | undefined;
    let at = '';
    try {
      for (const entry of this.entries) {
        at = entry.name;
        const text = texts.get(entry);
        const found = elements.get(entry);
        if (text === undefined && !found && entry.options.required && !entry.shape.canBeAbsent) lacking ??= entry;
        let part: unknown;
        if (text !== undefined) part = fromText(entry.shape, text, node);
        else part = found ? entry.shape.fromElements(found, options, node) : defaultValue(entry);
        if (part !== undefined) value[at] = part;
      }
    } catch (error) {
      throw withPathStep(error, at);
    }
    if (lacking) throw missing(lacking).at(node[1]);
    return value;
  }

  write(at: XmlPosition, value: object, out: XmlTokens): void {
    out.begin(at);
    forEachMember(this.entries, value, (entry, part) => {
      if (entry.options.form === 'attribute') writeAttribute(entry, part, at, out);
    });
    // The open elements around members whose names are paths. Consecutive members share them.
    let around: readonly string[] = [];
    const move = (wanted: readonly string[], mayOpen: boolean): void => {
      let shared = 0;
      while (shared < around.length && shared < wanted.length && around[shared] === wanted[shared]) ++shared;
      for (let i = around.length; i > shared; --i) out.end();
      if (mayOpen) for (const name of wanted.slice(shared)) out.begin({ name });
      around = wanted.slice(0, mayOpen ? undefined : shared);
    };
    forEachMember(this.entries, value, (entry, part) => {
      const { shape, options } = entry;
      if (options.form === 'attribute') return;
      if (options.form === 'content') {
        move([], false);
        const text = shape.toText(part);
        if (text !== undefined) out.text(text);
        return;
      }
      // As in Go, the elements around an empty list are written, and those around an absent value are not.
      const path = pathOf(entry);
      const isAbsent = part === undefined;
      move(path.slice(0, -1), !isAbsent);
      if (isAbsent || (options.omitEmpty && shape.isEmpty(part))) return;
      shape.toXml({ name: path.at(-1) as string }, part, out);
    });
    move([], false);
    out.end();
  }

  private readAttributes(
    [, line, attributes]: XmlNode,
    options: DocumentOptions,
    inMap: boolean,
  ): Map<StructMember, string> {
    const texts = new Map<StructMember, string>();
    if (!attributes) return texts;
    for (let i = 0; i + 1 < attributes.length; i += 2) {
      const [fullName, text] = attributes.slice(i, i + 2) as [string, string];
      if (fullName === 'xmlns' || fullName.startsWith('xmlns:') || (inMap && fullName === keyAttribute)) continue;
      const name = fullName.slice(fullName.indexOf(':') + 1);
      const entry = this.attributes.get(name);
      if (entry && texts.has(entry)) throw new Mismatch(`the attribute ${quoted(name)} occurs twice`).at(line);
      if (entry) texts.set(entry, text);
      else if (options.disallowUnknown && name === fullName)
        throw new Mismatch(`the attribute ${quoted(name)} is not known`).at(line);
    }
    return texts;
  }

  private collect(
    node: XmlNode,
    branches: Branches,
    found: Map<StructMember, [XmlNode, ...XmlNode[]]>,
    options: DocumentOptions,
  ): void {
    for (const child of childrenOf(node)) {
      const branch = branches.get(child[0]);
      if (branch instanceof Map) this.collect(child, branch, found, options);
      else if (branch) {
        const same = found.get(branch);
        if (same) same.push(child);
        else found.set(branch, [child]);
      } else if (options.disallowUnknown) throw unknownElement(child);
    }
  }
}

function nameOf({ name, options }: StructMember): string {
  return options.xmlName ?? name;
}
/** The names of the enclosing elements of a member, and its own. */
function pathOf(entry: StructMember): string[] {
  return nameOf(entry).split('>');
}

function fromText(shape: Shape<unknown>, text: string, [, line]: XmlNode): unknown {
  try {
    return shape.fromText(text);
  } catch (error) {
    throw error instanceof Mismatch ? error.at(line) : error;
  }
}

function writeAttribute(entry: StructMember, value: unknown, at: XmlPosition, out: XmlTokens): void {
  const { shape, options } = entry;
  if (options.omitEmpty && shape.isEmpty(value)) return;
  const attribute = nameOf(entry);
  if (at.key !== undefined && attribute === keyAttribute)
    throw new Mismatch('the attribute "key" holds the key of the map', 'invalid_argument');
  const text = shape.toText(value);
  if (text !== undefined) out.attribute(attribute, text);
}

function structError(text: string): TwinsocketError {
  return new TwinsocketError('invalid_argument', `invalid struct: ${text}`);
}
