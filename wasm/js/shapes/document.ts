// What the shapes know of documents.

import { Mismatch, quoted } from './mismatch.js';

/** What a codec is told about all documents, of whatever type. */
export interface Rules {
  readonly refuseUnknown: boolean;
  /** CBOR: bytes are bytes, and numbers are numbers, NaN and the infinities among them. */
  readonly isBinary: boolean;
}

/** A string as JSON has it; half a surrogate pair has no form. */
export function quote(text: string): string {
  if (!/["\\\u0000-\u001f\ud800-\udfff]/.test(text)) return `"${text}"`;
  refuseHalfPairs(text);
  return JSON.stringify(text);
}

export function refuseHalfPairs(text: string): void {
  if (/[\ud800-\udfff]/.test(text) && /[\ud800-\udfff]/u.test(text))
    throw new Mismatch(`${quoted(text)} has half a surrogate pair`, 'invalid_utf8');
}

/**
 * An element of an XML document: its name without a prefix, the line that it begins in, its attributes (names and values
 * by turns, or 0), its text, and its elements.
 */
export type XmlNode = readonly [
  name: string,
  line: number,
  attributes: readonly string[] | 0,
  text: string,
  ...children: XmlNode[],
];

/** Where the elements begin in a node. */
export const firstChild = 4;

/** The elements of one name within another one. */
export type XmlNodes = readonly [XmlNode, ...XmlNode[]];

/** The only element there is for a value that is not a list. */
export function single(nodes: XmlNodes): XmlNode {
  const [first, second] = nodes;
  if (second) throw new Mismatch(`the element ${quoted(second[0])} occurs twice`).at(second[1]);
  return first;
}

export function unknownElement(node: XmlNode): Mismatch {
  return new Mismatch(`the element ${quoted(node[0])} is not known`).at(node[1]);
}

/** Where a value goes in XML. */
export interface Place {
  readonly name: string;
  /** The key that it has in a map. */
  readonly key?: string;
  /** One of several, which has to be there even if it has no value. */
  readonly inList?: boolean;
  /** Exactly one element, so that a list in it needs elements of its own. */
  readonly alone?: boolean;
}

/** The element of what stands in a list or a map within another one, and the attribute of a map's keys. */
export const item = 'item';
export const keyAttribute = 'key';

/**
 * A document on its way into WebAssembly, which puts in the brackets and the escapes: one character for what comes,
 * then a name or a text, then a NUL. A text with a character that XML does not allow, such as NUL, is refused.
 */
export class XmlMarks {
  all = '';

  begin(at: Place): void {
    this.all += `<${at.name}\0`;
    if (at.key !== undefined) this.attribute(keyAttribute, at.key);
  }
  attribute(name: string, value: string): void {
    this.all += `@${name}\0`;
    this.text(value);
  }
  text(text: string): void {
    refuseForXml(text);
    this.all += `=${text}\0`;
  }
  end(): void {
    this.all += '>\0';
  }
}

/** Section 2.2 of XML 1.0. */
function refuseForXml(text: string): void {
  const at = text.search(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  if (at < 0) return;
  refuseHalfPairs(text);
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  const number = [...text.slice(0, at)].length + 1;
  throw new Mismatch(`XML does not allow U+${code}, which is character ${number}`, 'invalid_argument');
}
