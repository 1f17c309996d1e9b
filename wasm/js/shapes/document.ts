// Types and helpers for documents.

import { Mismatch, quoted } from './mismatch.js';

/** Options of a decoding. */
export interface DocumentOptions {
  readonly disallowUnknown: boolean;
  /** CBOR: bytes are not base64, numbers are never strings, and NaN and infinities are allowed. */
  readonly isBinary: boolean;
}

/** Quotes a string for JSON. Throws for an unpaired surrogate. */
export function quote(text: string): string {
  if (!/["\\\u0000-\u001f\ud800-\udfff]/.test(text)) return `"${text}"`;
  refuseUnpairedSurrogates(text);
  return JSON.stringify(text);
}

export function refuseUnpairedSurrogates(text: string): void {
  if (/[\ud800-\udfff]/.test(text) && /[\ud800-\udfff]/u.test(text))
    throw new Mismatch(`${quoted(text)} has half a surrogate pair`, 'invalid_utf8');
}

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

export function childrenOf(node: XmlNode): XmlNode[] {
  return node.slice(3, -1) as XmlNode[];
}
export function contentOf(node: XmlNode): string {
  return node[node.length - 1] as string;
}

/** The child elements of one name. */
export type XmlNodes = readonly [XmlNode, ...XmlNode[]];

/** Returns the only element. Throws if there are several. */
export function onlyElement(nodes: XmlNodes): XmlNode {
  const [first, second] = nodes;
  if (second) throw new Mismatch(`the element ${quoted(second[0])} occurs twice`).at(second[1]);
  return first;
}

export function unknownElement(node: XmlNode): Mismatch {
  return new Mismatch(`the element ${quoted(node[0])} is not known`).at(node[1]);
}

/** The position of a value in XML. */
export interface XmlPosition {
  readonly name: string;
  /** Its key, if it is a value of a map. */
  readonly key?: string;
  /** It is an element of a list or map, so it must not be omitted if it is absent. */
  readonly inList?: boolean;
  /** It must be exactly one element, so a list needs child elements. */
  readonly singleElement?: boolean;
}

/** Name of the elements of a nested list or map, and the attribute for the keys of a map. */
export const item = 'item';
export const keyAttribute = 'key';

/**
 * An XML document in the form that `tokens_to_xml` of xml_bridge.hpp reads. Each token is one character for its kind, a name
 * or a text, and a NUL. Throws for characters that XML does not allow, such as NUL.
 */
export class XmlTokens {
  all = '';

  begin(at: XmlPosition): void {
    this.all += `<${at.name}\0`;
    if (at.key !== undefined) this.attribute(keyAttribute, at.key);
  }
  attribute(name: string, value: string): void {
    this.all += `@${name}\0`;
    this.text(value);
  }
  text(text: string): void {
    refuseInvalidXmlText(text);
    this.all += `=${text}\0`;
  }
  end(): void {
    this.all += '>\0';
  }
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
