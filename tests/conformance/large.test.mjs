// The largest messages that the default limits accept, in one frame and in many, in both roles.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, serve } from '../interop/programs.mjs';
import { binary, close, encode, fragments, more, rsv1, text } from './frames.mjs';
import { openClient, startServer } from './opening.mjs';
import { startClient } from './programs.mjs';

const mib = 1 << 20;
const letters = '*'.repeat(16 * mib);
const bytes = Buffer.alloc(16 * mib, 'every byte of it');
const mebibytes = letters.slice(0, 4 * mib);
const noContextTakeover = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';

// Some endpoints end a fragmented message with an additional empty frame.
const inPieces = (size, last) => {
  const frames = fragments('text', mebibytes, size);
  if (last) frames.splice(-1, 1, { ...frames.at(-1), fin: false }, more('', true));
  return frames;
};

const plain = [
  ['a text of 16 MiB', [text(letters)], { text: letters }],
  ['a binary message of 16 MiB', [binary(bytes)], { binary: bytes }],
  ['16 MiB in fragments of 1 MiB', fragments('binary', bytes, mib), { binary: bytes }],
  ['4 MiB in 65,536 fragments of 64 bytes and an empty one', inPieces(64, true), { text: mebibytes }],
  ['4 MiB in fragments of 4 KiB', inPieces(4096), { text: mebibytes }],
];
const packed = [
  ['a text of 16 MiB, compressed', (peer) => [text(peer.compress(letters, 1), { rsv: rsv1 })], { text: letters }],
  ['a binary message of 16 MiB, compressed', (peer) => [binary(peer.compress(bytes, 1), { rsv: rsv1 })], { binary: bytes }],
];

/** Encodes the bytes once for each role, because there are many frames. */
const made = new Map();
function encoded(frames, byClient) {
  const key = made.get(frames) ?? {};
  made.set(frames, key);
  key[byClient] ??= Buffer.concat(frames.map((one) => encode(one, byClient)));
  return key[byClient];
}

async function exchange(peer, role, extensions) {
  const cases = extensions ? packed : plain;
  for (const [what, frames, expected] of cases) {
    const sent = typeof frames === 'function' ? frames(peer) : [encoded(frames, role === 'server')];
    await peer.send(sent);
    const { compressed, ...back } = await peer.next();
    // deepEqual would take long to describe a difference in so many bytes.
    const [[kind, content]] = Object.entries(expected);
    assert(typeof content === 'string' ? back[kind] === content : back[kind]?.equals(content), `${what} does not come back`);
  }
  await peer.send([close(1000)]);
  assert.deepEqual(await peer.next(), { close: 1000, reason: '' });
  if (role === 'client') peer.end();
  assert.deepEqual(await peer.next(), { end: true });
  peer.end();
}

for (const extensions of [undefined, noContextTakeover]) {
  const how = extensions ? 'with compression' : 'without compression';
  test(`the server echoes messages of up to 16 MiB, ${how}`, limit, async (t) => {
    const server = await serve(t, '--compression', 'on');
    await exchange(await openClient(t, server.http, { extensions }), 'server', extensions);
  });

  test(`the client echoes messages of up to 16 MiB, ${how}`, limit, async (t) => {
    const server = await startServer(t);
    const client = startClient(t, server.url, 1, 'compression');
    await exchange(await server.next(() => extensions), 'client', extensions);
    assert.equal(await client.ended, 0);
  });
}
