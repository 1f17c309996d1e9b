// Connections that never complete an opening handshake, and those that do and are lost immediately.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openClient, requestText } from '../conformance/opening.mjs';
import { close, encode, text } from '../conformance/frames.mjs';
import { readToEnd, flood, limit, mib, connectPlain, startMeasuredServer, requireServiceDuring } from './measured_server.mjs';

test('200 handshakes sent byte by byte are refused with 408 after 10 s', limit, async (t) => {
  const target = await startMeasuredServer(t);
  const { text: request } = requestText('/echo');
  const connections = 200;
  await target.requireMemoryBelow(connections * 32 * 1024, () =>
    requireServiceDuring(t, target, async () => {
      const start = performance.now();
      const ends = [];
      for (let i = 0; i < connections; i += 1) {
        const socket = await connectPlain(t, target);
        let at = 0;
        const timer = setInterval(() => socket.write(request[at++ % 100]), 100);
        ends.push(readToEnd(socket).finally(() => clearInterval(timer)));
      }
      for (const answer of await Promise.all(ends)) assert.match(answer, /^HTTP\/1\.1 408 /);
      const seconds = (performance.now() - start) / 1000;
      t.diagnostic(`all were ended after ${seconds.toFixed(1)} s`);
      assert(seconds > 9 && seconds < 20);
    }),
  );
});

// 16 KiB of header, and the index of the 2,730 fields of six bytes that fit into them, at about 200 bytes each.
const headerBound = 640 * 1024;
const start = 'GET /echo HTTP/1.1\r\nHost: a\r\n';
for (const [what, head, more, status] of [
  ['an endless field', `${start}X: `, 'x'.repeat(65536), 431],
  ['endless fields', start, 'X: y\r\n'.repeat(10_000), 431],
  ['an endless request line', 'GET /', 'x'.repeat(65536), 414],
  ['endless empty lines', '', '\r\n'.repeat(32768), 400],
]) {
  test(`20 concurrent requests with ${what} are refused with ${status}`, limit, async (t) => {
    const target = await startMeasuredServer(t);
    await target.requireMemoryBelow(20 * headerBound, () =>
      requireServiceDuring(t, target, async () => {
        const attacks = Array.from({ length: 20 }, async () => {
          const socket = await connectPlain(t, target);
          const answer = readToEnd(socket);
          socket.write(head);
          await flood(socket, Buffer.from(more), 1000);
          // A reset may overtake the response if the client sent more than the server reads.
          const received = await answer;
          if (received) assert.match(received, new RegExp(`^HTTP/1\\.1 ${status} `));
          return received.length;
        });
        const answered = (await Promise.all(attacks)).filter((length) => length > 0).length;
        t.diagnostic(`${answered} of 20 received the response before the reset`);
      }),
    );
  });
}

const kinds = {
  'that send nothing': (socket) => socket.end(),
  'that are reset': (socket) => socket.resetAndDestroy(),
  'with half a handshake': (socket) => socket.end(requestText('/echo').text.slice(0, 60)),
  'with a handshake and a reset': (socket) => {
    socket.write(requestText('/echo').text, () => socket.resetAndDestroy());
  },
  'with a message and a close': (socket) => {
    const { text: request } = requestText('/echo', { extensions: 'permessage-deflate' });
    socket.write(Buffer.concat([Buffer.from(request), encode(text('hello'), true), encode(close(1000), true)]));
    socket.resume();
  },
  'with half a message and a reset': (socket) => {
    const { text: request } = requestText('/echo');
    const half = encode(text('x'.repeat(50_000)), true).subarray(0, 30_000);
    socket.write(Buffer.concat([Buffer.from(request), half]), () => socket.resetAndDestroy());
  },
};

// Set TWINSOCKET_CONNECTIONS=100000 for a longer test.
const total = Number(process.env.TWINSOCKET_CONNECTIONS ?? 6000);
const longLimit = { timeout: limit.timeout + total * 5 };

test(`${total} short-lived connections leak neither memory nor descriptors`, longLimit, async (t) => {
  const target = await startMeasuredServer(t, '--compression', 'on');
  const { hostname, port } = new URL(target.http);
  const one = async (act) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => {});
    const closed = once(socket, 'close').catch(() => {});
    socket.once('connect', () => act(socket));
    await closed;
  };
  const connectAll = async (count) => {
    for (const act of Object.values(kinds))
      for (let i = 0; i < count; i += 50) await Promise.all(Array.from({ length: 50 }, () => one(act)));
  };
  /** The server has processed the end of all connections when its number of descriptors is back to the start value. */
  const settled = async (wanted) => {
    const until = performance.now() + 20_000;
    while (target.descriptors() > wanted && performance.now() < until) await (await openClient(t, target.http)).destroy();
    return target.descriptors();
  };
  const descriptors = target.descriptors();
  await connectAll(200);
  await settled(descriptors);
  const resident = target.resident();
  await requireServiceDuring(t, target, () => connectAll(Math.ceil(total / Object.keys(kinds).length)));
  assert(await settled(descriptors) <= descriptors, 'descriptors are left open');
  const grown = target.resident() - resident;
  t.diagnostic(`${(grown / 1024).toFixed(0)} KiB more than after the first 1,200, ${target.descriptors()} descriptors as before`);
  assert(grown < mib, `${grown} bytes are left`);
});
