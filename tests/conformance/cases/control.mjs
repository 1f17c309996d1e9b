// Pings, pongs, and the rules of control frames (RFC 6455 section 5.5).

import { close, frame, more, opcode, ping, pong, text } from '../frames.mjs';

const every = Buffer.from(Array.from({ length: 125 }, (_, i) => 255 - i));
const header = (op, length) => frame(op, '', { form: length < 126 ? 0 : length < 65536 ? 2 : 8, length });

export default {
  name: 'control frames',
  section: 'RFC 6455 section 5.5',
  cases: [
    ...[0, 1, 124, 125].map((size) => ({
      rule: `a ping of ${size} bytes is answered with its payload`,
      send: [ping(every.subarray(0, size))],
      expect: [{ pong: every.subarray(0, size) }],
    })),
    {
      rule: 'ten pings get ten pongs',
      send: Array.from({ length: 10 }, (_, i) => ping(`ping ${i}`)),
      expect: Array.from({ length: 10 }, (_, i) => ({ pong: Buffer.from(`ping ${i}`) })),
    },
    ...[0, 125].map((size) => ({
      rule: `an unsolicited pong of ${size} bytes is not answered`,
      send: [pong(every.subarray(0, size))],
    })),
    {
      rule: 'a ping after unsolicited pongs is answered',
      send: [pong('one'), pong('two'), ping('three')],
      expect: [{ pong: Buffer.from('three') }],
    },
    {
      rule: 'pings between the fragments of a message are answered before its echo',
      send: [text('one ', { fin: false }), ping('first'), more('two '), pong(''), ping('second'), more('three', true)],
      expect: [{ pong: Buffer.from('first') }, { pong: Buffer.from('second') }, { text: 'one two three' }],
    },
    {
      rule: 'a ping between messages is answered in order',
      send: [text('one'), ping('between'), text('two')],
      expect: [{ text: 'one' }, { pong: Buffer.from('between') }, { text: 'two' }],
    },
    ...['ping', 'pong', 'close'].flatMap((name) => [
      ...[126, 65536].map((size) => ({
        rule: `a ${name} that announces ${size} bytes is refused`,
        send: [header(opcode[name], size)],
        fails: 1002,
      })),
      {
        rule: `a fragmented ${name} is refused`,
        send: [frame(opcode[name], name === 'close' ? Buffer.of(3, 232) : 'one', { fin: false })],
        fails: 1002,
      },
      {
        rule: `a fragmented ${name} within a message is refused`,
        send: [text('one', { fin: false }), frame(opcode[name], '', { fin: false })],
        fails: 1002,
      },
    ]),
    {
      rule: 'a continuation after a ping is refused',
      send: [ping('one'), more('two', true)],
      expect: [{ pong: Buffer.from('one') }],
      fails: 1002,
    },
    {
      rule: 'frames after a refused frame are ignored',
      send: [header(opcode.ping, 126), ping('late'), text('late'), close(1000)],
      fails: 1002,
    },
  ],
};
