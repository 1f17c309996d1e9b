// Fragmented messages (RFC 6455 section 5.4).

import { binary, fragments, more, ping, text } from '../frames.mjs';

const kinds = { text, binary };
const same = (kind, payload) => ({ [kind]: kind === 'text' ? payload : Buffer.from(payload) });

export default {
  name: 'fragmentation',
  section: 'RFC 6455 section 5.4',
  cases: [
    ...Object.entries(kinds).flatMap(([kind, first]) => [
      {
        rule: `a ${kind} message in two fragments`,
        send: [first('one ', { fin: false }), more('two', true)],
        expect: [same(kind, 'one two')],
      },
      {
        rule: `a ${kind} message with empty fragments before, between and after others`,
        send: [first('', { fin: false }), more(''), more('one '), more(''), more('two'), more(''), more('', true)],
        expect: [same(kind, 'one two')],
      },
      {
        rule: `an empty ${kind} message in fragments`,
        send: [first('', { fin: false }), more(''), more('', true)],
        expect: [same(kind, '')],
      },
      {
        rule: `a ${kind} message in 1,000 one-byte fragments`,
        send: fragments(kind, 'x'.repeat(1000), 1),
        expect: [same(kind, 'x'.repeat(1000))],
      },
      {
        rule: `a ${kind} message with a fragment of each length encoding`,
        send: [first('a'.repeat(70000), { fin: false }), more('b'.repeat(126)), more('c'.repeat(125)), more('d'.repeat(65535), true)],
        expect: [same(kind, 'a'.repeat(70000) + 'b'.repeat(126) + 'c'.repeat(125) + 'd'.repeat(65535))],
      },
      ...Object.entries(kinds).map(([other, second]) => ({
        rule: `a ${other} message within a fragmented ${kind} message is refused`,
        send: [first('one', { fin: false }), second('two')],
        fails: 1002,
      })),
      {
        rule: `a fragmented ${kind} message within another one is refused`,
        send: [first('one', { fin: false }), first('two', { fin: false }), more('three', true)],
        fails: 1002,
      },
    ]),
    ...[true, false].flatMap((fin) =>
      ['', 'hello'].flatMap((payload) => [
        {
          rule: `a ${fin ? 'final' : 'non-final'} continuation of ${payload.length} bytes without a message is refused`,
          send: [more(payload, fin), text('late')],
          fails: 1002,
        },
        {
          rule: `a ${fin ? 'final' : 'non-final'} continuation of ${payload.length} bytes after a message is refused`,
          send: [text('one'), more(payload, fin), text('late')],
          expect: [{ text: 'one' }],
          fails: 1002,
        },
        {
          rule: `a ${fin ? 'final' : 'non-final'} continuation of ${payload.length} bytes after a fragmented message is refused`,
          send: [text('one ', { fin: false }), more('two', true), more(payload, fin), text('late')],
          expect: [{ text: 'one two' }],
          fails: 1002,
        },
      ]),
    ),
    {
      rule: 'two consecutive fragmented messages with pings between all frames',
      send: [
        text('one ', { fin: false }), ping('a'), more('two '), ping('b'), more('three', true), ping('c'),
        binary('four ', { fin: false }), ping('d'), more('five', true),
      ],
      expect: [
        { pong: Buffer.from('a') }, { pong: Buffer.from('b') }, { text: 'one two three' }, { pong: Buffer.from('c') },
        { pong: Buffer.from('d') }, { binary: Buffer.from('four five') },
      ],
    },
  ],
};
