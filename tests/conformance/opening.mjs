// Opening handshakes on raw sockets, as client and as server.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { AsyncQueue } from '../interop/client.mjs';
import { Peer } from './peer.mjs';

const acceptOf = (key) => createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** Reads a header. Resolves with its first line, its fields by lower-case name, and the bytes after it. */
export async function readHeader(socket) {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end >= 0) {
      const [first, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
      const fields = {};
      for (const line of lines) {
        const colon = line.indexOf(':');
        fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
      }
      return { first, fields, rest: bytes.subarray(end + 4) };
    }
    const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'end').then(() => [null])]);
    assert(chunk, `the stream ended within a header: ${bytes}`);
    bytes = Buffer.concat([bytes, chunk]);
  }
}

/** Resolves with a connected socket, which is destroyed when the test ends. */
export async function dial(t, http) {
  const { hostname, port } = new URL(http);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

export function requestText(path, { extensions, more = [] } = {}) {
  const fields = ['Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', ...more];
  if (extensions) fields.push(`Sec-WebSocket-Extensions: ${extensions}`);
  const key = randomBytes(16).toString('base64');
  return { key, text: [`GET ${path} HTTP/1.1`, ...fields, `Sec-WebSocket-Key: ${key}`, '', ''].join('\r\n') };
}

/** Connects a raw client to the program's server. */
export async function openClient(t, http, { path = '/echo', extensions } = {}) {
  const socket = await dial(t, http);
  const { key, text } = requestText(path, { extensions });
  socket.write(text);
  const { first, fields, rest } = await readHeader(socket);
  assert.match(first, /^HTTP\/1\.1 101 /);
  assert.equal(fields['sec-websocket-accept'], acceptOf(key));
  return new Peer(socket, 'client', fields['sec-websocket-extensions'], rest);
}

/** A raw server for our client. next() performs the handshake on one connection after another, in order of arrival. */
export async function startServer(t) {
  const arrivals = new AsyncQueue();
  const sockets = new Set();
  let number = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    arrivals.put(socket);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  async function open(answer) {
      const socket = await arrivals.take();
      const { fields, rest } = await readHeader(socket);
      const extensions = answer(fields['sec-websocket-extensions']);
      const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${acceptOf(fields['sec-websocket-key'])}`];
      if (extensions) lines.push(`Sec-WebSocket-Extensions: ${extensions}`);
      socket.write(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n'));
      number += 1;
      return { socket, extensions, rest };
  }
  return {
    url: `ws://127.0.0.1:${server.address().port}/`,
    /** `answer` builds the Sec-WebSocket-Extensions response from the client's offer. */
    async next(answer = () => undefined) {
      const { socket, extensions, rest } = await open(answer);
      const peer = new Peer(socket, 'server', extensions, rest);
      peer.number = number - 1;
      return peer;
    },
    /** The same for a response that the client must refuse. everything() resolves with all that it then sends. */
    async answer(extensions) {
      const { socket, rest } = await open(() => extensions);
      return {
        async everything() {
          const chunks = [rest];
          socket.on('data', (bytes) => chunks.push(bytes));
          await once(socket, 'end');
          return Buffer.concat(chunks);
        },
      };
    },
  };
}
