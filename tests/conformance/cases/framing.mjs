// Payload lengths, their encodings, and masking (RFC 6455 sections 5.1 to 5.3).

import { binary, close, frame, opcode, ping, text } from '../frames.mjs';

const lengths = [0, 1, 125, 126, 127, 128, 65535, 65536, 65537];
const letters = (size) => 'a*z'.repeat(size / 3 + 1).slice(0, size);
const bytes = (size) => Buffer.from(Array.from({ length: size }, (_, i) => (i * 7919) & 255));

const echoed = lengths.flatMap((size) => [
  { rule: `a text of ${size} bytes`, send: [text(letters(size))], expect: [{ text: letters(size) }] },
  { rule: `a binary message of ${size} bytes`, send: [binary(bytes(size))], expect: [{ binary: bytes(size) }] },
]);

// Sends only the header: it is enough to be refused.
const header = (more) => frame(opcode.binary, '', more);
const wrongLengths = [
  ['125 in 16 bits', header({ form: 2, length: 125 })],
  ['0 in 16 bits', header({ form: 2, length: 0 })],
  ['0 in 64 bits', header({ form: 8, length: 0 })],
  ['125 in 64 bits', header({ form: 8, length: 125 })],
  ['65,535 in 64 bits', header({ form: 8, length: 65535 })],
  ['2^63', header({ form: 8, length: 2n ** 63n })],
  ['2^64 - 1', header({ form: 8, length: 2n ** 64n - 1n })],
].map(([what, one]) => ({
  rule: `a length of ${what} is refused, because it is not minimal or has its top bit set`,
  send: [one],
  fails: 1002,
}));

const wrongMasks = [
  ['a text', text('hello', { masked: 'wrong' })],
  ['an empty text', text('', { masked: 'wrong' })],
  ['a binary message of 70,000 bytes', binary(bytes(70000), { masked: 'wrong' })],
  ['a ping', ping('hello', { masked: 'wrong' })],
  ['a close', close(1000, '', { masked: 'wrong' })],
].map(([what, one]) => ({ rule: `${what} with the wrong masking for its sender is refused`, send: [one], fails: 1002 }));

export default {
  name: 'framing',
  section: 'RFC 6455 sections 5.1 and 5.2',
  cases: [
    ...echoed,
    ...wrongLengths,
    ...wrongMasks,
    {
      rule: 'wrong masking is refused after a valid message too',
      send: [text('one'), text('two', { masked: 'wrong' }), text('three')],
      expect: [{ text: 'one' }],
      fails: 1002,
    },
    {
      rule: 'a masking key of zeros is accepted',
      send: [text('hello', { key: Buffer.alloc(4) })],
      expect: [{ text: 'hello' }],
    },
    {
      rule: '200 messages in one write are echoed in order',
      send: Array.from({ length: 200 }, (_, i) => text(`message ${i}`)),
      expect: Array.from({ length: 200 }, (_, i) => ({ text: `message ${i}` })),
    },
    ...[1, 2, 5].map((size) => ({
      rule: `the end of the stream ${size} bytes into a frame is not answered`,
      send: [Buffer.of(0x82, 0xfe, 0x7f, 0xff, 0).subarray(0, size)],
      role: 'server',
      endsStream: true,
    })),
    { rule: 'the end of the stream within a message is not answered', send: [text('one', { fin: false })], endsStream: true },
  ],
};
