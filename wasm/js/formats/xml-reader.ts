import { inside, setProperty } from '../shapes/map.js';
import { forEachElement } from '../shapes/list.js';
import { Mismatch, quoted, withPathStep } from '../shapes/mismatch.js';
import { within } from '../shapes/one-of.js';
import type {
  ListShape,
  MapShape,
  OneOfShape,
  Reader,
  ScalarShape,
  Shape,
  StructMember,
  StructShape,
  XmlBranches,
} from '../shapes/shape.js';
import { defaultValue, missing } from '../shapes/struct-member.js';
import { item, keyAttribute } from './xml-writer.js';

/**
 * An element of an XML document: its name without a prefix, the line of its start tag, its attributes (alternating names and
 * values, or 0 for none), its child elements, and its text without that of the children.
 */
export type XmlNode = readonly [
  name: string,
  line: number,
  attributes: readonly string[] | 0,
  ...children: XmlNode[],
  text: string,
];

/** The child elements of one name. */
type XmlNodes = readonly [XmlNode, ...XmlNode[]];

/** Returns the only element. Throws if there are several. */
function onlyElement(nodes: XmlNodes): XmlNode {
  const [first, second] = nodes;
  if (second) throw new Mismatch(`the element ${quoted(second[0])} occurs twice`).at(second[1]);
  return first;
}

function unknownElement(node: XmlNode): Mismatch {
  return new Mismatch(`the element ${quoted(node[0])} is not known`).at(node[1]);
}

/** A value in a document: an element, all elements of one name within their parent, or the text of an attribute or element. */
type Part = XmlNode | XmlNodes | string;

/** Reads the tree of a document. */
export class XmlReader implements Reader<Part> {
  constructor(private readonly disallowUnknown: boolean) {}

  /** Reads the root element of a document. */
  root(shape: StructShape, root: XmlNode): unknown {
    const [name, line] = root;
    if (name === shape.name) return this.struct(shape, root);
    throw new Mismatch(`expected the element ${quoted(shape.name)}, found ${quoted(name)}`).at(line);
  }
  /** Reads an element whose name selects the type. */
  selected(shape: OneOfShape, node: XmlNode): unknown {
    const [name, line] = node;
    const type = shape.types.get(name);
    if (!type) throw new Mismatch(`expected one of the elements ${shape.names()}, found ${quoted(name)}`).at(line);
    return within(name, () => ({ [name]: type.read<Part>(node, this) }));
  }

  scalar(shape: ScalarShape, part: Part): unknown {
    if (typeof part === 'string') return shape.fromText(part);
    const node = oneNode(part);
    const [child] = this.disallowUnknown ? childrenOf(node) : [];
    if (child) throw unknownElement(child);
    try {
      return shape.fromText(contentOf(node));
    } catch (error) {
      throw atLine(error, node);
    }
  }
  optional(inner: Shape<unknown>, part: Part): unknown {
    return inner.read(part, this);
  }
  list(shape: ListShape, part: Part): unknown[] {
    const elements: unknown[] = [];
    forEachElement(this.items(part), (node) => elements.push(shape.element.read<Part>(node, this)));
    const mismatch = shape.findCount(elements.length);
    if (mismatch) throw isNode(part) ? atLine(mismatch, part) : mismatch;
    return elements;
  }
  map(shape: MapShape, part: Part): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const node of this.items(part)) {
      const [name, line, attributes, ...rest] = node;
      const at = attributes ? attributes.findIndex((name, i) => i % 2 === 0 && name === keyAttribute) : -1;
      const key = attributes ? attributes[at + 1] : undefined;
      if (at < 0 || !attributes || key === undefined) throw new Mismatch('the attribute "key" is missing').at(line);
      if (Object.hasOwn(made, key)) throw new Mismatch(`the key ${quoted(key)} occurs twice`).at(line);
      // The key is not an attribute of the value.
      const others = attributes.filter((_, i) => attributes[i - (i % 2)] !== keyAttribute);
      setProperty(
        made,
        key,
        inside(key, () => shape.element.read<Part>([name, line, others, ...rest], this)),
      );
    }
    return made;
  }
  oneOf(shape: OneOfShape, part: Part): unknown {
    const node = oneNode(part);
    const [first, second] = childrenOf(node);
    if (!first) throw new Mismatch('expected one element, found none').at(node[1]);
    const value = this.selected(shape, first);
    if (second) throw new Mismatch(`expected one element, found also ${quoted(second[0])}`).at(second[1]);
    return value;
  }
  inString(scalar: ScalarShape, _shape: Shape<unknown>, part: Part): unknown {
    return scalar.read(part, this);
  }
  oneElement(inner: Shape<unknown>, _shape: Shape<unknown>, part: Part): unknown {
    return inner.read(typeof part === 'string' ? part : oneNode(part), this);
  }

  struct({ members, xml }: StructShape, part: Part): unknown {
    const node = oneNode(part);
    const texts = this.readAttributes(node, xml.attributes);
    if (xml.content) texts.set(xml.content, contentOf(node));
    const elements = new Map<StructMember, [XmlNode, ...XmlNode[]]>();
    this.collect(node, xml.branches, elements);
    const value: Record<string, unknown> = {};
    let lacking: StructMember | undefined;
    let at = '';
    try {
      for (const member of members) {
        at = member.name;
        const found = texts.get(member) ?? elements.get(member);
        if (found === undefined && member.options.required && !member.shape.canBeAbsent) lacking ??= member;
        const part = found === undefined ? defaultValue(member) : member.shape.read<Part>(found, this);
        if (part !== undefined) value[at] = part;
      }
    } catch (error) {
      throw withPathStep(atLine(error, node), at);
    }
    if (lacking) throw missing(lacking).at(node[1]);
    return value;
  }
  private readAttributes(
    [, line, attributes]: XmlNode,
    members: ReadonlyMap<string, StructMember>,
  ): Map<StructMember, string> {
    const texts = new Map<StructMember, string>();
    if (!attributes) return texts;
    for (let i = 0; i + 1 < attributes.length; i += 2) {
      const [fullName, text] = attributes.slice(i, i + 2) as [string, string];
      if (fullName === 'xmlns' || fullName.startsWith('xmlns:')) continue;
      const name = fullName.slice(fullName.indexOf(':') + 1);
      const member = members.get(name);
      if (member && texts.has(member)) throw new Mismatch(`the attribute ${quoted(name)} occurs twice`).at(line);
      if (member) texts.set(member, text);
      else if (this.disallowUnknown && name === fullName)
        throw new Mismatch(`the attribute ${quoted(name)} is not known`).at(line);
    }
    return texts;
  }
  private collect(node: XmlNode, branches: XmlBranches, found: Map<StructMember, [XmlNode, ...XmlNode[]]>): void {
    for (const child of childrenOf(node)) {
      const branch = branches.get(child[0]);
      if (branch instanceof Map) this.collect(child, branch, found);
      else if (branch) {
        const member = branch as StructMember;
        const same = found.get(member);
        if (same) same.push(child);
        else found.set(member, [child]);
      } else if (this.disallowUnknown) throw unknownElement(child);
    }
  }

  /** The elements of a list or map. If it is a single element, they are its children. */
  private items(part: Part): readonly XmlNode[] {
    if (!isNode(part)) return part as XmlNodes;
    const children = childrenOf(part);
    const other = this.disallowUnknown ? children.find(([name]) => name !== item) : undefined;
    if (other) throw unknownElement(other);
    return children.filter(([name]) => name === item);
  }
}

function isNode(part: Part): part is XmlNode {
  return typeof part[0] === 'string';
}
/** The only element of a part that is no text. */
function oneNode(part: Part): XmlNode {
  return isNode(part) ? part : onlyElement(part as XmlNodes);
}
function childrenOf(node: XmlNode): XmlNode[] {
  return node.slice(3, -1) as XmlNode[];
}
function contentOf(node: XmlNode): string {
  return node[node.length - 1] as string;
}
function atLine(error: unknown, [, line]: XmlNode): unknown {
  return error instanceof Mismatch ? error.at(line) : error;
}
