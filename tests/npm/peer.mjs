// A WebSocket server of another library, whose conversations a test writes itself.

import { once } from 'node:events';
import { WebSocketServer } from 'ws';

/** Listens on a free port of the loopback and gives every connection to `talk`. */
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

/** Sends everything back, of the same kind. */
export function echo(socket) {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/** What a promise is rejected with; a test fails when it is fulfilled. */
export async function refusal(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
}
