// A server that opens a WebSocket and never sends anything, not even a close frame.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AsyncQueue } from './client.mjs';

export const opcode = { text: 1, close: 8 };

export async function startSilent(t) {
  const server = createServer();
  const frames = new AsyncQueue();
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const headers = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    socket.write(['HTTP/1.1 101 Switching Protocols', ...headers, '', ''].join('\r\n'));
    t.after(() => socket.destroy());
    socket.on('data', (bytes) => frames.put(bytes[0] & 15));
    socket.on('error', () => {});
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${server.address().port}/`,
    /** Resolves with the opcode of the next frame. Expects small frames that arrive one at a time. */
    next: () => frames.take(),
  };
}
