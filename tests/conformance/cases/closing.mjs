// Close frames and the reaction to them (RFC 6455 sections 5.5.1 and 7).

import { binary, close, frame, more, opcode, ping, text } from '../frames.mjs';

const allowed = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999];
const forbidden = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1099, 1100, 2000, 2999, 5000, 65535];
const large = 'x'.repeat(256 << 10);

export default {
  name: 'closing',
  section: 'RFC 6455 sections 5.5.1 and 7',
  cases: [
    { rule: 'a close without a code is answered without one', send: [close()], answered: undefined },
    ...allowed.flatMap((code) => [
      { rule: `${code} is answered with ${code}`, send: [close(code)], answered: code },
      { rule: `${code} with a reason is answered with ${code}`, send: [close(code, 'the reason')], answered: code },
    ]),
    ...forbidden.flatMap((code) => [
      { rule: `${code} is refused`, send: [close(code)], fails: 1002 },
      { rule: `${code} with a reason is refused`, send: [close(code, 'the reason')], fails: 1002 },
    ]),
    { rule: 'a payload of one byte is refused', send: [frame(opcode.close, Buffer.of(3))], fails: 1002 },
    ...[1, 122, 123].map((size) => ({
      rule: `a reason of ${size} bytes is answered`,
      send: [close(1000, 'x'.repeat(size))],
      answered: 1000,
    })),
    { rule: 'a reason of 124 bytes is refused', send: [close(1000, 'x'.repeat(124))], fails: 1002 },
    { rule: 'a close after a message is answered after its echo', send: [text('one'), close(1001)], expect: [{ text: 'one' }], answered: 1001 },
    { rule: 'a second close frame is ignored', send: [close(1000), close(3000)], answered: 1000 },
    { rule: 'a message after a close frame is ignored', send: [close(1000), text('late'), binary('late')], answered: 1000 },
    { rule: 'a ping after a close frame is not answered', send: [close(1000), ping('late')], answered: 1000 },
    { rule: 'an invalid frame after a close frame is ignored', send: [close(1000), frame(3, 'late', { rsv: 7 })], answered: 1000 },
    { rule: 'a close frame within a fragmented message is answered', send: [text('one', { fin: false }), close(1000)], answered: 1000 },
    {
      rule: 'the rest of a message after a close frame is ignored',
      send: [text('one ', { fin: false }), close(1000), more('two', true)],
      answered: 1000,
    },
    {
      rule: '256 KiB, a close and a ping are answered with the echo and the close, without a pong',
      send: [text(large), close(1000), ping('late')],
      expect: [{ text: large }],
      answered: 1000,
    },
    { rule: 'a close directly before the end of the stream is answered', send: [text('one'), close(1000)], expect: [{ text: 'one' }], answered: 1000, endsAfterSend: true },
    { rule: 'the end of the stream without a close frame is not answered', send: [text('one')], expect: [{ text: 'one' }], endsStream: true },
  ],
};
