// The known differences between twinsocket and Go for the same document, with their reasons.

import { isRefusal } from './programs.mjs';

const inBoth = [
  ['a missing required member', /is missing/],
  ['a time that 64 bits of nanoseconds cannot hold', /a time that its type cannot hold/],
  ['a time with an hour of one digit, which Go before 1.20 accepts', /expected a time by RFC 3339, found "[^"]*T\d:/],
];

/** What twinsocket refuses and Go accepts, by twinsocket's error and by the document's content. */
const stricter = {
  json: [
    ...inBoth,
    ['a duplicate member', /occurs twice/],
    ['null where a value is required', /found null|in a string, found "null"/],
    ['a wrong number of array elements', /expected \d+ elements?, found/],
    ['invalid UTF-8 or a lone surrogate, for which Go writes U+FFFD', /UTF-8|stands for no character/],
    ['a variant with no alternative, or with two', /expected one member|expected a member named one of/],
    ['a number in a string that is not in JSON notation', /in a string, found "-?[\d.]/],
    ['bytes as a list of numbers', /expected bytes in base64, found an array/],
  ],
  xml: [
    ...inBoth,
    ['a duplicate element or attribute', /occurs twice/],
    ['a variant with no alternative, or with two', /expected one element|expected one of the elements/],
    ['numbers in hexadecimal or with _', /expected a number, found "[^"]*(0x|_)/i],
    ['a lone surrogate, for which Go writes U+FFFD', /the reference "&#(x0*d[89a-f]|0*5[5-7])[^"]*" stands for no character/i],
    ['invalid in XML 1.0: no space between attributes', /expected a space before an attribute/],
    ['invalid in XML 1.0: text around the root', /(before|after) the root element/],
    [
      'invalid in XML 1.0: a misplaced declaration',
      /a declaration within the root element|an XML declaration that is not at the start/,
    ],
    [
      'invalid in XML 1.0: an empty declaration',
      /expected the name of an element after "<"/,
      /<!(?!--|\[CDATA)/,
    ],
    ['invalid in XML 1.0: a declaration of another version', /expected version 1\.0 of XML/],
  ],
};

/**
 * What twinsocket refuses to encode and Go replaces: characters that XML does not allow, for which Go writes U+FFFD.
 */
export const goReplaces = (codec, ours, go) =>
  codec === 'xml' && /XML does not allow U\+/.test(ours.toString()) && go.toString().includes('\ufffd');

/** What twinsocket accepts and Go refuses, by Go's error. */
const laxer = [
  [
    'a sign before an unsigned number: -0, and in XML +1',
    /ParseUint: parsing "[+-]|cannot unmarshal number -0 into .* of type uint/,
  ],
  ['a name with two colons, which later versions of Go refuse', /expected (element|attribute) name/, /[<\s/][^\s<>='"/]*:[^\s<>='"/]*:/],
];

/** Whether the document has a name that Go accepts for a member although its case differs. */
function hasNameInAnotherCase({ codec, bytes }, names) {
  if (codec !== 'json') return false;
  const known = new Map([...names].map((name) => [name.toLowerCase(), name]));
  for (const [, key] of bytes.toString().matchAll(/"((?:[^"\\]|\\.)*)"\s*:/gs)) {
    let name = key;
    try {
      name = JSON.parse(`"${key}"`);
    } catch {
      // Both refuse the document.
    }
    if ((known.get(name.toLowerCase()) ?? name) !== name) return true;
  }
  return false;
}

/** Why Go's result may differ from ours: "the same" if it does not differ, undefined if the reason is unknown. */
export function whyGoDiffers(document, ours, gos, names) {
  const inCodecs = isRefusal(gos.xml) && gos.xml.toString() === '!not in Go' ? ['json'] : ['json', 'xml'];
  const weRefuse = isRefusal(ours.json) && !ours.xml.length;
  const goRefuses = isRefusal(gos.json) && !gos.xml.length;
  if (weRefuse && goRefuses) return 'the same';
  const alike = (codec) => (isRefusal(ours[codec]) ? isRefusal(gos[codec]) : ours[codec].equals(gos[codec]));
  if (!weRefuse && !goRefuses && inCodecs.every(alike)) return 'the same';
  const isReplaced = (codec) => alike(codec) || goReplaces(codec, ours[codec], gos[codec]);
  if (!weRefuse && !goRefuses && inCodecs.every(isReplaced)) return 'Go writes U+FFFD for characters that XML does not allow';
  if (hasNameInAnotherCase(document, names)) return 'Go ignores the case of member names';
  const known = weRefuse ? stricter[document.codec] : goRefuses ? laxer : [];
  const message = (weRefuse ? ours : gos).json.toString();
  const markup = document.bytes.toString();
  return known.find(([, text, inDocument = /^/]) => text.test(message) && inDocument.test(markup))?.[0];
}

/** What C++ refuses and TypeScript accepts, by the error of C++. */
const onlyCpp = [
  ['a value that a wire_form refuses', /expected (a hexadecimal number|some parts|a range of up to 65535) at/],
  ['a time that a time_point cannot represent', /a time that its type cannot hold/],
  ['JSON.parse does not report a lone surrogate in a skipped value', /stands for no character at byte/],
  ['JSON.parse does not distinguish 1 from 1.0', /expected an integer .*, found -?\d+(\.\d+)?(e[+-]?\d+)? at byte/i],
];

/** Why TypeScript's result may differ from that of C++. */
export function whyTypeScriptDiffers(document, ours, its) {
  const inCodecs = ['json', 'xml', 'cbor'];
  const weRefuse = isRefusal(ours.json) && !ours.xml.length;
  const itRefuses = isRefusal(its.json) && !its.xml.length;
  if (weRefuse && itRefuses) return 'the same';
  const alike = (codec) => (isRefusal(ours[codec]) ? isRefusal(its[codec]) : ours[codec].equals(its[codec]));
  if (!weRefuse && !itRefuses && inCodecs.every(alike)) return 'the same';
  const alikeButForTimes = (codec) => alike(codec) || withoutTimes(ours[codec]) === withoutTimes(its[codec]);
  if (!weRefuse && !itRefuses && ['json', 'xml'].every(alikeButForTimes))
    return 'JavaScript keeps the text of a time';
  if (!weRefuse) return undefined;
  if (document.codec === 'json' && hasNameTwice(document.bytes.toString()))
    return 'JSON.parse does not report a duplicate member';
  const message = ours.json.toString();
  return onlyCpp.find(([, text]) => text.test(message))?.[0];
}

const withoutTimes = (bytes) => bytes.toString().replace(/\d{4}-\d\d-\d\dT[^"<]*/g, 'a time');

function hasNameTwice(text) {
  const open = [];
  let last;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/gs)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token !== ':') last = token;
    else if (open.at(-1)?.has(JSON.parse(last))) return true;
    else open.at(-1)?.add(JSON.parse(last));
  }
  return false;
}
