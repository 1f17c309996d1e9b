// Limits: the defaults of twinsocket (limits.hpp). The error must name the limit.

import { binary, frame, more, opcode, text } from '../frames.mjs';

const mib = 1 << 20;
const header = (op, length, how) => frame(op, '', { form: length < 65536 ? 2 : 8, length, ...how });

export default {
  name: 'limits',
  section: 'RFC 6455 section 10.4',
  cases: [
    ...['text', 'binary'].flatMap((kind) => [
      {
        rule: `a ${kind} message with an announced length of 16 MiB and one byte is refused before its payload`,
        send: [header(opcode[kind], 16 * mib + 1)],
        fails: 1009,
      },
      {
        rule: `a ${kind} message with an announced length of 2^62 bytes is refused before its payload`,
        send: [header(opcode[kind], 2n ** 62n)],
        fails: 1009,
      },
    ]),
    {
      rule: 'fragments with a total length above 16 MiB are refused before the payload of the last one',
      send: [text('x'.repeat(1000), { fin: false }), more('x'), header(opcode.continuation, 16 * mib - 1000, { fin: true })],
      fails: 1009,
    },
    {
      rule: 'fragments whose total length overflows 64 bits are refused',
      send: [binary('x', { fin: false }), header(opcode.continuation, 2n ** 63n - 1n, { fin: false })],
      fails: 1009,
    },
    {
      rule: 'a message before one that is too large is echoed',
      send: [text('one'), header(opcode.text, 16 * mib + 1)],
      expect: [{ text: 'one' }],
      fails: 1009,
    },
  ],
};
