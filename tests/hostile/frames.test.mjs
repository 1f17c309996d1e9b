// Floods of frames that cost their sender almost nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClient } from '../conformance/opening.mjs';
import { binary, close, encode, frame, more, opcode, ping, text } from '../conformance/frames.mjs';
import { startEchoServer } from '../conformance/programs.mjs';
import { flood, limit, mib, startMeasuredServer, requireServiceDuring } from './measured_server.mjs';

const masked = (one) => encode(one, true);
const later = (time) => new Promise((resolve) => setTimeout(resolve, time, 'late'));
/** Repeats a frame, so that one write sends many. */
const many = (one, times) => Buffer.concat(Array(times).fill(masked(one)));

for (const [what, payload] of [['empty fragments', ''], ['one-byte fragments', 'x']]) {
  test(`a message of a million ${what} is closed with 1008`, limit, async (t) => {
    const target = await startMeasuredServer(t);
    await target.requireMemoryBelow(4 * mib, () =>
      requireServiceDuring(t, target, async () => {
        const peer = await openClient(t, target.http);
        await peer.send([text('', { fin: false })]);
        await flood(peer.socket, many(more(payload), 1000), 1000);
        const { close: code, reason } = await peer.next();
        t.diagnostic(reason);
        assert.equal(code, 1008);
        assert.match(reason, /524288 fragments/);
        peer.destroy();
      }),
    );
  });
}

test('pongs do not accumulate for a client that sends 10 MB of pings and does not read', limit, async (t) => {
  const target = await startMeasuredServer(t);
  await target.requireMemoryBelow(4 * mib, () =>
    requireServiceDuring(t, target, async () => {
      const peer = await openClient(t, target.http);
      peer.socket.pause();
      await flood(peer.socket, many(ping('x'.repeat(100)), 1000), 100);
      // The connection still works: the last ping is answered.
      await peer.send([ping('the last one')]);
      peer.socket.resume();
      for (let last = ''; last !== 'the last one';) last = (await peer.next()).pong.toString();
      await peer.send([close(1000)]);
      assert.equal((await peer.next()).close, 1000);
      peer.destroy();
    }),
  );
});

test('a frame sent byte by byte uses memory for the received bytes, not for the announced length', limit, async (t) => {
  const target = await startMeasuredServer(t);
  const connections = 200;
  await target.requireMemoryBelow(connections * 32 * 1024, () =>
    requireServiceDuring(t, target, async () => {
      const peers = [];
      for (let i = 0; i < connections; i += 1) {
        peers.push(await openClient(t, target.http));
        await peers[i].send([frame(opcode.binary, '', { form: 8, length: 16 * mib })]);
      }
      for (let turn = 0; turn < 20; turn += 1) for (const peer of peers) await peer.send([Buffer.of(turn)]);
      for (const peer of peers) peer.destroy();
    }),
  );
});

// The send queue for a peer that does not read, the receive queue, and the message in transit between them.
const queues = 16 * mib + mib + 2 * mib;

test('the server stops reading from a client that does not read its echoes, and loses no message', limit, async (t) => {
  const target = await startMeasuredServer(t);
  const messages = 100;
  const peer = await openClient(t, target.http);
  peer.socket.pause();
  const message = Buffer.alloc(mib, 'x');
  let sent = 0;
  const send = async () => {
    for (; sent < messages; sent += 1) {
      if (!peer.socket.write(masked(binary(message)))) await peer.drained();
    }
  };
  let sending;
  await target.requireMemoryBelow(2 * queues, () =>
    requireServiceDuring(t, target, async () => {
      sending = send();
      // Until the network accepts no more bytes.
      for (let before = -1; before !== peer.socket.bytesWritten - peer.socket.writableLength;) {
        before = peer.socket.bytesWritten - peer.socket.writableLength;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }),
  );
  t.diagnostic(`${sent} of ${messages} messages of 1 MiB were accepted`);
  assert(sent < messages, 'all messages were accepted');
  peer.socket.resume();
  for (let i = 0; i < messages; i += 1) assert((await peer.next()).binary.equals(message));
  await sending;
  peer.destroy();
});

test('the server stops reading millions of empty messages from a client that does not read its echoes', limit, async (t) => {
  const target = await startMeasuredServer(t);
  await target.requireMemoryBelow(2 * queues, () =>
    requireServiceDuring(t, target, async () => {
      const peer = await openClient(t, target.http);
      peer.socket.pause();
      // Fills the network's buffers first, so that each empty message is queued in the server.
      await flood(peer.socket, masked(binary(Buffer.alloc(mib))), 12);
      const block = many(binary(''), 10_000);
      let blocks = 0;
      for (; blocks < 300; blocks += 1) {
        if (!peer.socket.write(block) && (await Promise.race([peer.drained(), later(500)])) === 'late') break;
      }
      t.diagnostic(`${blocks} times 10,000 messages were accepted`);
      assert(blocks < 300, 'all messages were accepted');
      peer.destroy();
    }),
  );
});

test('200 messages sent byte by byte with pings in between are closed with 1008', limit, async (t) => {
  const server = await startEchoServer(t, 'message_timeout=2000');
  const other = await openClient(t, server.http);
  const start = performance.now();
  const ends = Array.from({ length: 200 }, async () => {
    const peer = await openClient(t, server.http);
    const bytes = [frame(opcode.text, '', { fin: false }), ping('')].map(masked);
    await peer.send([bytes[0]]);
    // One byte of a fragment and one ping in turn, for as long as the server accepts them.
    const timer = setInterval(() => peer.socket.write(Buffer.concat([masked(more('x')), bytes[1]])), 100);
    let event = await peer.next();
    while (event.pong) event = await peer.next();
    clearInterval(timer);
    peer.destroy();
    return event;
  });
  for (const { close: code, reason } of await Promise.all(ends)) {
    assert.equal(code, 1008);
    assert.match(reason, /^\d+ bytes of a message came in [2-9]\d{3} ms; the limit is 2000 ms and 1 s for each 1024 bytes$/);
  }
  t.diagnostic(`all were ended after ${((performance.now() - start) / 1000).toFixed(1)} s`);
  await other.send([text('still here')]);
  assert.deepEqual((await other.next()).text, 'still here');
  other.destroy();
});

test('a client that never reads is dropped after the write timeout', limit, async (t) => {
  const peer = await openClient(t, (await startEchoServer(t, 'write_timeout=1000')).http);
  peer.socket.pause();
  const gone = new Promise((resolve) => peer.socket.once('close', resolve));
  const start = performance.now();
  await flood(peer.socket, masked(binary(Buffer.alloc(mib))), 100);
  await gone;
  t.diagnostic(`it was cut off after ${((performance.now() - start) / 1000).toFixed(1)} s`);
});

test('fifty clients that never read /sensors use bounded memory', limit, async (t) => {
  // About 100,000 bytes per reading, a hundred readings per second.
  const lines = "command:seq -f 'sensor %.0f: +45.5 C (high = +80.0 C, crit = +90.0 C)' 1000";
  const target = await startMeasuredServer(t, '--sensors', lines, '--interval', '10ms');
  const clients = 50;
  await target.requireMemoryBelow(clients * 8 * 100_000, () =>
    requireServiceDuring(t, target, async () => {
      for (let i = 0; i < clients; i += 1) (await openClient(t, target.http, { path: '/sensors' })).socket.pause();
      const reader = await openClient(t, target.http, { path: '/sensors' });
      for (let i = 0; i < 100; i += 1) assert((await reader.next()).text.length > 0);
    }),
  );
});
