// A WebSocket server of another library, with a conversation for each test.

import { once } from 'node:events';
import { WebSocketServer } from 'ws';

/** Listens on a free port of the loopback interface and calls `talk` with every connection. */
export async function listen(talk, options = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  await once(server, 'listening');
  server.on('connection', (socket, request) => {
    socket.on('error', () => {});
    talk(socket, request);
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}/`,
    server,
    async stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Echoes every message with its kind. */
export function echo(socket) {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/** Resolves with the error that a promise is rejected with. Fails if the promise is fulfilled. */
export async function rejectionOf(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
}
