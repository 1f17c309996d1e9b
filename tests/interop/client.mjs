// A client written with ws whose messages and close can be awaited.

import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A queue with asynchronous take(): items may be put before or after they are awaited. */
export class AsyncQueue {
  #waiting = [];
  #items = [];

  put(item) {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#items.push(item);
  }

  take() {
    if (this.#items.length) return Promise.resolve(this.#items.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Resolves with an open connection, which is terminated when the test ends. */
export async function open(t, url, protocols = [], options = {}) {
  const socket = new WebSocket(url, protocols, options);
  t.after(() => socket.terminate());
  const inbox = new AsyncQueue();
  socket.on('message', (data, isBinary) => inbox.put(isBinary ? data : data.toString()));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: reason.toString() }));
  await once(socket, 'open');
  return {
    socket,
    closed,
    /** Resolves with the next message: a string, or a Buffer. */
    next: () => inbox.take(),
    send: (data, how) => socket.send(data, how),
    close: (code, reason) => {
      socket.close(code, reason);
      return closed;
    },
  };
}

/** Resolves with the HTTP status with which the server refuses the opening handshake. */
export async function refusal(url, protocols = [], options = {}) {
  const socket = new WebSocket(url, protocols, options);
  const [request, response] = await once(socket, 'unexpected-response');
  request.destroy();
  return response.statusCode;
}
