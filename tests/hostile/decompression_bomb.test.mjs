// Messages that are small on the wire and large when inflated (RFC 7692 section 8).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { openClient } from '../conformance/opening.mjs';
import { rsv1, text } from '../conformance/frames.mjs';
import { limit, mib, startMeasuredServer, requireServiceDuring } from './measured_server.mjs';

const kib = 1024;
const extensions = 'permessage-deflate';

/** Deflated zeros: repeats the blocks of one mebibyte. Deflate cannot compress much better (1,032 to 1). */
function zeros(size) {
  const deflate = (bytes) => deflateRawSync(Buffer.alloc(bytes, '0'), { finishFlush: constants.Z_SYNC_FLUSH, level: 9 });
  if (size < mib) return deflate(size).subarray(0, -4);
  return Buffer.concat(Array(size / mib).fill(deflate(mib))).subarray(0, -4);
}

// The buffer of a growing message and the one that it is copied from; twice, because the message is echoed.
const largestMessage = 16 * mib;
const bound = 4 * largestMessage;

async function sendBomb(t, target, size) {
  const peer = await openClient(t, target.http, { extensions });
  const bomb = zeros(size);
  await peer.send([text(bomb, { rsv: rsv1 })]);
  const { compressed, ...answer } = await peer.next();
  if (answer.close) assert.deepEqual(await peer.next(), { end: true });
  peer.destroy();
  return { bomb: bomb.length, ...answer };
}

test('a message of up to 16 MiB is accepted at any compression ratio', limit, async (t) => {
  const target = await startMeasuredServer(t, '--compression', 'on');
  for (const size of [kib, mib, 16 * mib]) {
    const { text: back, bomb } = await target.requireMemoryBelow(bound, () => sendBomb(t, target, size));
    t.diagnostic(`${bomb} bytes inflated to ${back.length}`);
    assert.equal(back.length, size);
  }
});

test('bombs of 17 MiB to 1 GiB are closed with 1009 while another client is served', limit, async (t) => {
  const target = await startMeasuredServer(t, '--compression', 'on');
  for (const size of [17 * mib, 64 * mib, 256 * mib, 1024 * mib]) {
    const { close, reason, bomb } = await target.requireMemoryBelow(bound, () => requireServiceDuring(t, target, () => sendBomb(t, target, size)));
    t.diagnostic(`${bomb} bytes that inflate to ${size}: ${close} ${reason}`);
    assert.equal(close, 1009);
    assert.match(reason, /16777216 bytes/);
  }
});

test('eight concurrent bombs use no more memory than eight messages', limit, async (t) => {
  const target = await startMeasuredServer(t, '--compression', 'on');
  const bombs = () => Promise.all(Array.from({ length: 8 }, () => sendBomb(t, target, 1024 * mib)));
  const ends = await target.requireMemoryBelow(8 * bound, () => requireServiceDuring(t, target, bombs));
  for (const { close } of ends) assert.equal(close, 1009);
});

test('with --max-message 2 GiB the inflate ratio limit closes a bomb with 1009', limit, async (t) => {
  const target = await startMeasuredServer(t, '--compression', 'on', '--max-message', String(2048 * mib));
  const { close, reason } = await target.requireMemoryBelow(bound, () => requireServiceDuring(t, target, () => sendBomb(t, target, 1024 * mib)));
  assert.equal(close, 1009);
  assert.match(reason, /the limit is 100 times/);
});
