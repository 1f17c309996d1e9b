// Valid and invalid UTF-8 in text messages (RFC 6455 section 8.1, RFC 3629 section 4). An invalid text must fail at its
// first invalid byte, before the rest has arrived.

import { close, closePayload, frame, fragments, more, opcode, text } from '../frames.mjs';

const character = (code) => String.fromCodePoint(code);
const named = (code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

// The first and the last character of each encoded length and beside each gap, and all noncharacters.
const edges = [0x0, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xcfff, 0xd000, 0xd7ff, 0xe000, 0xfdd0, 0xfdef, 0xfeff, 0xfffd, 0xfffe, 0xffff,
  0x10000, 0x3ffff, 0x40000, 0xfffff, 0x100000, 0x10ffff];
for (let plane = 1; plane <= 16; plane += 1) edges.push(plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff);

const valid = [
  ['Greek', '\u03ba\u1f79\u03c3\u03bc\u03b5'],
  ['text of all lengths of characters', 'Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!! \u6771\u4eac \u{1f600}'],
  ...[...new Set(edges)].map((code) => [named(code), character(code)]),
];

// Each sequence follows valid text. "!" marks the first byte that is invalid in any text. Without "!" the text ends
// within a character.
const invalid = {
  'a trailing byte': ['!80', '!bf', '!80 bf', '!a0 80', '!bf bf bf bf bf bf'],
  'one trailing byte too many': ['c2 80 !80', 'e0 a0 80 !80', 'f0 90 80 80 !80'],
  'a leading byte without its trailing bytes': ['c2 !20', 'df !c2 80', 'e0 !20', 'ef bf !20', 'f0 !20', 'f4 8f bf !20'],
  'bytes that cannot start a character': ['!c0 80', '!c0 af', '!c1 bf', '!f5 80 80 80', '!f7 bf bf bf', '!f8 88 80 80 80', '!fb bf bf bf bf',
    '!fc 84 80 80 80 80', '!fd bf bf bf bf bf', '!fe', '!ff', '!fe fe ff ff'],
  'overlong forms': ['e0 !80 80', 'e0 !80 af', 'e0 !9f bf', 'f0 !80 80 80', 'f0 !80 80 af', 'f0 !8f bf bf'],
  surrogates: ['ed !a0 80', 'ed !ad bf', 'ed !ae 80', 'ed !af bf', 'ed !b0 80', 'ed !be 80', 'ed !bf bf', 'ed !a0 80 ed b0 80', 'ed !af bf ed bf bf'],
  'more than U+10FFFF': ['f4 !90 80 80', 'f4 !bf bf bf'],
  'an end within a character': ['c2', 'df', 'e0', 'e0 a0', 'ef bf', 'ed 9f', 'f0', 'f0 90', 'f0 90 80', 'f4 8f bf', 'ce ba ce'],
};

const before = Buffer.from('\u03ba\u1f79\u03c3\u03bc\u03b5 ');
const after = Buffer.from('edited, and then much more');
const bytesOf = (marked) => Buffer.concat([before, Buffer.from(marked.replace(/[! ]/g, ''), 'hex')]);
/** The bytes up to the first invalid one. */
function wrongPart(marked) {
  const mark = marked.indexOf('!');
  return mark < 0 ? undefined : bytesOf(marked.slice(0, mark + 3));
}

// A frame whose header announces the whole text. Only a part of the payload is sent; the rest never comes.
const cut = (bytes, whole) => frame(opcode.text, bytes, { length: whole.length, form: whole.length < 126 ? 0 : 2 });

const refused = Object.entries(invalid).flatMap(([what, rows]) =>
  rows.flatMap((marked) => {
    const all = bytesOf(marked);
    const found = [
      { rule: `${what}, ${marked}`, send: [text(all)], fails: 1007 },
      { rule: `${what}, ${marked}, in one-byte fragments`, send: fragments('text', all, 1), fails: 1007, once: true },
      { rule: `${what}, ${marked}, in a close reason`, send: [frame(opcode.close, Buffer.concat([closePayload(1000), all]))], fails: 1007, once: true },
    ];
    const wrong = wrongPart(marked);
    if (!wrong) return found;
    const whole = Buffer.concat([all, after]);
    return [
      ...found,
      { rule: `${what}, ${marked}, is refused at the first invalid byte within its frame`, send: [cut(wrong, whole)], fails: 1007 },
      {
        rule: `${what}, ${marked}, is refused at the first invalid byte within its message`,
        send: [text(wrong.subarray(0, -1), { fin: false }), more(wrong.subarray(-1))],
        fails: 1007,
        once: true,
      },
    ];
  }),
);

const splits = (payload) => {
  const bytes = Buffer.from(payload);
  const all = [];
  for (let at = 0; at <= bytes.length; at += 1) all.push(text(bytes.subarray(0, at), { fin: false }), more(bytes.subarray(at), true));
  return { send: all, expect: Array(bytes.length + 1).fill({ text: payload }) };
};

export default {
  name: 'UTF-8',
  section: 'RFC 6455 section 8.1',
  cases: [
    ...valid.flatMap(([what, payload]) => [
      { rule: `${what}, in one frame`, send: [text(payload)], expect: [{ text: payload }] },
      { rule: `${what}, split at each byte`, ...splits(payload), once: true },
      { rule: `${what}, in one-byte fragments`, send: fragments('text', `<${payload}>`, 1), expect: [{ text: `<${payload}>` }], once: true },
      { rule: `${what}, in a close reason`, send: [close(1000, payload)], answered: 1000, once: true },
    ]),
    ...refused,
    {
      rule: 'UTF-8 is validated per message',
      send: [text('\u00e4'), text('', { fin: false }), more(Buffer.of(0xc3)), more(Buffer.of(0xa4), true)],
      expect: [{ text: '\u00e4' }, { text: '\u00e4' }],
    },
    {
      rule: 'a binary message need not be UTF-8',
      send: [frame(opcode.binary, Buffer.of(0xff, 0xc0, 0x80)), frame(opcode.binary, Buffer.of(0xc3))],
      expect: [{ binary: Buffer.of(0xff, 0xc0, 0x80) }, { binary: Buffer.of(0xc3) }],
    },
  ],
};
