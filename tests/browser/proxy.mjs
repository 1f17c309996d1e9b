// A network between a page and its server that can be cut, and that can lead to another server.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Forwards TCP connections to a server. `http` is its address for pages. */
export async function startProxy(server) {
  let target = new URL(server);
  const sockets = new Set();
  let isCut = false;
  const proxy = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    http: `http://127.0.0.1:${proxy.address().port}`,
    /** Ends all connections and accepts no more until restore(), which may name another server. */
    cut,
    restore(to = target) {
      target = new URL(to);
      isCut = false;
    },
    stop() {
      cut();
      proxy.close();
    },
  };
}
