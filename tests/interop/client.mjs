// A client written with ws, whose messages and end can be waited for.

import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What came, one after the other, whether it is asked for before or after it came. */
export class Inbox {
  #waiting = [];
  #come = [];

  put(item) {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#come.push(item);
  }

  take() {
    if (this.#come.length) return Promise.resolve(this.#come.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Opens a connection and resolves with it; it is cut when the test ends. */
export async function open(t, url, protocols = [], options = {}) {
  const socket = new WebSocket(url, protocols, options);
  t.after(() => socket.terminate());
  const inbox = new Inbox();
  socket.on('message', (data, isBinary) => inbox.put(isBinary ? data : data.toString()));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: reason.toString() }));
  await once(socket, 'open');
  return {
    socket,
    closed,
    /** The next message: a string, or a Buffer. */
    next: () => inbox.take(),
    send: (data, how) => socket.send(data, how),
    close: (code, reason) => {
      socket.close(code, reason);
      return closed;
    },
  };
}

/** Resolves with the HTTP status with which the server refuses the connection. */
export async function refusal(url, protocols = [], options = {}) {
  const socket = new WebSocket(url, protocols, options);
  const [request, response] = await once(socket, 'unexpected-response');
  request.destroy();
  return response.statusCode;
}
