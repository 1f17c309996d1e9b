// Reserved bits and opcodes (RFC 6455 section 5.2). RSV1 has a meaning if compression was negotiated (RFC 7692 section
// 6).

import { frame, more, opcode, ping, rsv1, text } from '../frames.mjs';

const bits = [1, 2, 3, 4, 5, 6, 7];
const kinds = ['text', 'binary', 'ping', 'pong', 'close'];
const payloadOf = (kind) => (kind === 'close' ? Buffer.of(3, 232) : 'hello');
// RSV1 alone starts a compressed message.
const extensionsOf = (rsv, kind) => (rsv === rsv1 && opcode[kind] < 8 ? { only: 'uncompressed' } : {});

export default {
  name: 'reserved bits and opcodes',
  section: 'RFC 6455 section 5.2',
  cases: [
    ...bits.flatMap((rsv) =>
      kinds.map((kind) => ({
        rule: `reserved bits ${rsv.toString(2).padStart(3, '0')} on a ${kind} frame are refused`,
        send: [frame(opcode[kind], payloadOf(kind), { rsv })],
        fails: 1002,
        ...extensionsOf(rsv, kind),
      })),
    ),
    ...bits.flatMap((rsv) => [
      {
        rule: `reserved bits ${rsv.toString(2).padStart(3, '0')} are refused after a message, which is echoed`,
        send: [text('one'), text('two', { rsv }), ping('late')],
        expect: [{ text: 'one' }],
        fails: 1002,
        ...extensionsOf(rsv, 'text'),
      },
      {
        rule: `reserved bits ${rsv.toString(2).padStart(3, '0')} on a continuation are refused`,
        send: [text('one', { fin: false }), frame(opcode.continuation, 'two', { rsv })],
        fails: 1002,
      },
    ]),
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((op) => [
      { rule: `opcode ${op} is refused`, send: [frame(op)], fails: 1002 },
      { rule: `opcode ${op} with a payload is refused`, send: [frame(op, 'hello'), ping('late')], fails: 1002 },
      {
        rule: `opcode ${op} is refused after a message, which is echoed`,
        send: [text('one'), frame(op, 'two'), ping('late')],
        expect: [{ text: 'one' }],
        fails: 1002,
      },
      {
        rule: `opcode ${op} is refused between fragments`,
        send: [text('one', { fin: false }), frame(op), more('two', true)],
        fails: 1002,
      },
    ]),
  ],
};
