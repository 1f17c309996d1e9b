// Valid and invalid content of compressed messages (RFC 7692 sections 6 and 7.2). Extension parameters are tested in
// parameters.test.mjs; here no context is taken over between messages.

import { deflateRawSync, constants } from 'node:zlib';
import { binary, close, frame, more, opcode, ping, rsv1, text } from '../frames.mjs';

const hex = (digits) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const message = (payload, how) => text(payload, { rsv: rsv1, ...how });
const deflated = (plain, options) => deflateRawSync(Buffer.from(plain), { finishFlush: constants.Z_SYNC_FLUSH, ...options }).subarray(0, -4);
const hello = hex('f2 48 cd c9 c9 07 00');
const prose = Array.from({ length: 400 }, (_, i) => `reading ${(i * 7919) % 10007}, `).join('');

const accepted = [
  ['one block', [message(hello)], 'Hello'],
  ['one block in two fragments', [message(hello.subarray(0, 3), { fin: false }), more(hello.subarray(3), true)], 'Hello'],
  ['one block, a byte in each fragment', [message('', { fin: false }), ...[...hello].map((byte, i) => more(Buffer.of(byte), i === hello.length - 1))], 'Hello'],
  ['a stored block', [message(hex('00 05 00 fa ff 48 65 6c 6c 6f 00'))], 'Hello'],
  ['a final block', [message(hex('f3 48 cd c9 c9 07 00 00'))], 'Hello'],
  ['two blocks', [message(hex('f2 48 05 00 00 00 ff ff ca c9 c9 07 00'))], 'Hello'],
  ['empty blocks before, between and after others', [message(hex('00 00 00 ff ff 00 00 00 ff ff f2 48 05 00 00 00 ff ff 00 00 00 ff ff ca c9 c9 07 00 00 00 ff ff 00'))], 'Hello'],
  ['an empty message', [message(hex('00'))], ''],
  ['an empty message of a final block', [message(hex('03 00'))], ''],
  ['an empty message in fragments', [message('', { fin: false }), more(''), more(hex('00'), true)], ''],
  ['a message that is not compressed', [text('Hello')], 'Hello'],
  ['a message that is not compressed, in fragments', [text('Hel', { fin: false }), more('lo', true)], 'Hello'],
  ['a message that is deflated at level 0', [message(deflated(prose, { level: 0 }))], prose],
  ['a message with fixed codes', [message(deflated(prose, { strategy: constants.Z_FIXED }))], prose],
  ['a message with Huffman codes only', [message(deflated(prose, { strategy: constants.Z_HUFFMAN_ONLY }))], prose],
  ['a message of runs only', [message(deflated('aaaa'.repeat(9999), { strategy: constants.Z_RLE }))], 'aaaa'.repeat(9999)],
];

const corrupt = {
  'an invalid block type': 'ff',
  'a stored block whose length does not match its complement': '00 05 00 00 00 48 65 6c 6c 6f 00',
  'a reference beyond the beginning of the data': '4a 04 62 00 00',
  'an over-subscribed code table': '05 00 ff ff ff ff ff ff ff ff ff ff ff ff ff ff',
  'a message that ends within a block': 'f2 48 cd',
  'a message that ends within a stored block': '00 05 00 fa ff 48 65',
};

export default {
  name: 'compressed messages',
  section: 'RFC 7692 sections 6 and 7.2',
  cases: [
    ...accepted.map(([what, send, plain]) => ({ rule: what, send, expect: [{ text: plain }] })),
    { rule: 'a binary message', send: [binary(hello, { rsv: rsv1 })], expect: [{ binary: Buffer.from('Hello') }] },
    {
      rule: 'compressed and uncompressed messages in turns',
      send: [message(hello), text('Hello'), message(hello), text('Hello')],
      expect: Array(4).fill({ text: 'Hello' }),
    },
    {
      rule: 'pings between compressed fragments are answered',
      send: [message(hello.subarray(0, 2), { fin: false }), ping('a'), more(hello.subarray(2, 4)), ping('b'), more(hello.subarray(4), true)],
      expect: [{ pong: Buffer.from('a') }, { pong: Buffer.from('b') }, { text: 'Hello' }],
    },
    {
      rule: 'a reference to the previous message, without context takeover, is refused',
      send: [message(hello), message(hex('f2 00 11 00 00'))],
      expect: [{ text: 'Hello' }],
      fails: 1007,
    },
    ...Object.entries(corrupt).flatMap(([what, digits]) => [
      { rule: `${what}`, send: [message(hex(digits))], fails: 1007 },
      { rule: `${what}, after a message`, send: [message(hello), message(hex(digits)), ping('late')], expect: [{ text: 'Hello' }], fails: 1007 },
    ]),
    {
      rule: 'data that cannot be inflated is refused before the message ends',
      send: [message(hex('ff'), { fin: false })],
      fails: 1007,
    },
    { rule: 'inflated text that is not UTF-8 is refused', send: [message(deflated(Buffer.of(0x61, 0xff)))], fails: 1007 },
    { rule: 'inflated text that ends within a character is refused', send: [message(deflated(Buffer.of(0x61, 0xc3)))], fails: 1007 },
    {
      rule: 'inflated text that is not UTF-8 is refused before the message ends',
      send: [message(Buffer.concat([deflated(Buffer.of(0x61, 0xff)), hex('00 00 ff ff')]), { fin: false })],
      fails: 1007,
    },
    {
      rule: 'characters that are split across fragments',
      send: (() => {
        const bytes = deflated('\u00e4\u6771\u{1f600}', { strategy: constants.Z_FIXED });
        return [message(bytes.subarray(0, 2), { fin: false }), more(bytes.subarray(2, 5)), more(bytes.subarray(5), true)];
      })(),
      expect: [{ text: '\u00e4\u6771\u{1f600}' }],
    },
    { rule: 'a compressed ping is refused', send: [ping(hello, { rsv: rsv1 })], fails: 1002 },
    { rule: 'a compressed ping between fragments is refused', send: [message(hello.subarray(0, 2), { fin: false }), ping('', { rsv: rsv1 })], fails: 1002 },
    { rule: 'a compressed close is refused', send: [close(1000, '', { rsv: rsv1 })], fails: 1002 },
    {
      rule: 'RSV1 on a continuation of a compressed message is refused',
      send: [message(hello.subarray(0, 2), { fin: false }), frame(opcode.continuation, hello.subarray(2), { rsv: rsv1 })],
      fails: 1002,
    },
    {
      rule: 'RSV1 on a continuation of an uncompressed message is refused',
      send: [text('one', { fin: false }), frame(opcode.continuation, hello, { rsv: rsv1 })],
      fails: 1002,
    },
    {
      rule: 'a message that inflates to one byte more than 16 MiB is refused',
      send: [message(deflated(Buffer.alloc((16 << 20) + 1, 'x')))],
      fails: 1009,
      once: true,
    },
  ].map((one) => ({ ...one, only: 'compressed' })),
};
