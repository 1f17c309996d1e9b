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
      { rule: `${code} may not be sent`, send: [close(code)], fails: 1002 },
      { rule: `${code} may not be sent, with a reason either`, send: [close(code, 'the reason')], fails: 1002 },
    ]),
    { rule: 'half a code is refused', send: [frame(opcode.close, Buffer.of(3))], fails: 1002 },
    ...[1, 122, 123].map((size) => ({
      rule: `a reason of ${size} bytes is answered`,
      send: [close(1000, 'x'.repeat(size))],
      answered: 1000,
    })),
    { rule: 'a reason of 124 bytes is refused', send: [close(1000, 'x'.repeat(124))], fails: 1002 },
    { rule: 'a close behind a message comes behind its echo', send: [text('one'), close(1001)], expect: [{ text: 'one' }], answered: 1001 },
    { rule: 'the second close counts for nothing', send: [close(1000), close(3000)], answered: 1000 },
    { rule: 'a message behind a close counts for nothing', send: [close(1000), text('late'), binary('late')], answered: 1000 },
    { rule: 'a ping behind a close is not answered', send: [close(1000), ping('late')], answered: 1000 },
    { rule: 'a wrong frame behind a close counts for nothing', send: [close(1000), frame(3, 'late', { rsv: 7 })], answered: 1000 },
    { rule: 'a message may be left unfinished', send: [text('one', { fin: false }), close(1000)], answered: 1000 },
    {
      rule: 'the rest of a message behind a close counts for nothing',
      send: [text('one ', { fin: false }), close(1000), more('two', true)],
      answered: 1000,
    },
    {
      rule: '256 KiB, a close and a ping: the echo, the close, and no pong',
      send: [text(large), close(1000), ping('late')],
      expect: [{ text: large }],
      answered: 1000,
    },
    { rule: 'a close and the end of the stream at once', send: [text('one'), close(1000)], expect: [{ text: 'one' }], answered: 1000, endsAfterSend: true },
    { rule: 'the end of the stream without a close', send: [text('one')], expect: [{ text: 'one' }], endsStream: true },
  ],
};
