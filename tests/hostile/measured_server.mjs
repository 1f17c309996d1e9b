// The program's server under attack: its memory and descriptors, and the service for other clients meanwhile.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { openClient } from '../conformance/opening.mjs';
import { text } from '../conformance/frames.mjs';
import { drained } from '../conformance/peer.mjs';
import { serve } from '../interop/programs.mjs';

export const limit = { timeout: 120_000 };
export const mib = 1 << 20;

const field = (pid, name) =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
const inMib = (bytes) => `${(bytes / mib).toFixed(1)} MiB`;

// Sanitizers keep freed memory and multiply the rest, so memory is measured only without them.
const counts = !process.env.TWINSOCKET_SANITIZED;

/** Starts the server and warms it up with one connection of each kind. */
export async function startMeasuredServer(t, ...options) {
  const server = await serve(t, ...options);
  const { pid } = server;
  const target = {
    http: server.http,
    ws: server.ws,
    descriptors: () => readdirSync(`/proc/${pid}/fd`).length,
    resident: () => field(pid, 'VmRSS'),
    /** Runs an attack. Fails if the server ever takes more than `bound` bytes above its memory at the start. */
    async requireMemoryBelow(bound, attack) {
      writeFileSync(`/proc/${pid}/clear_refs`, '5'); // Resets the peak.
      const before = field(pid, 'VmRSS');
      const result = await attack();
      const taken = field(pid, 'VmHWM') - before;
      t.diagnostic(`at most ${inMib(taken)} above ${inMib(before)}; the bound is ${inMib(bound)}`);
      if (counts) assert(taken <= bound, `the memory grew by ${inMib(taken)}, more than ${inMib(bound)}`);
      return result;
    },
  };
  const first = await openClient(t, server.http, { extensions: 'permessage-deflate' });
  await first.send([text('x'.repeat(100_000))]);
  await first.next();
  first.destroy();
  return target;
}

// Timeout of an echo in milliseconds. It takes well under 1 ms, but test machines may be busy.
const longestEcho = 2000;

/** Another client's conversation while `attack` runs: each message must be echoed in time. */
export async function requireServiceDuring(t, target, attack) {
  const peer = await openClient(t, target.http);
  let over = false;
  let longest = 0;
  let count = 0;
  const talk = (async () => {
    for (; !over || count === 0; count += 1) {
      const start = performance.now();
      await peer.send([text(`message ${count}`)]);
      assert.deepEqual(await peer.next(), { text: `message ${count}` });
      longest = Math.max(longest, performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  try {
    return await attack();
  } finally {
    over = true;
    await talk;
    peer.destroy();
    t.diagnostic(`another client had ${count} messages echoed meanwhile, each within ${longest.toFixed(0)} ms`);
    assert(longest < longestEcho, `an echo took ${longest.toFixed(0)} ms`);
  }
}

/** A TCP connection on which nothing was sent yet. */
export async function connectPlain(t, target) {
  const { hostname, port } = new URL(target.http);
  const socket = connect({ host: hostname, port: Number(port) });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Resolves with all bytes until the stream ends. */
export async function readToEnd(socket) {
  const chunks = [];
  socket.on('data', (bytes) => chunks.push(bytes));
  await new Promise((resolve) => {
    socket.once('end', resolve);
    socket.once('close', resolve);
  });
  return Buffer.concat(chunks).toString('latin1');
}

/** Writes the same bytes as fast as they are accepted, until `times` copies are written or the stream ends. */
export async function flood(socket, bytes, times) {
  for (let i = 0; i < times && !socket.destroyed && !socket.writableEnded; i += 1) {
    if (!socket.write(bytes)) await drained(socket);
  }
}
