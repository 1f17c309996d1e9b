// Detection of a lost server without pings, with heartbeats that the server answers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { startServer } from '../browser/servers.mjs';
import { load } from './package.mjs';
import { listen, rejectionOf } from './peer.mjs';

const { connect } = await load();
const limit = { timeout: 60_000 };
const beat = '\0';

/** A WebSocket class that reports each message in both directions. */
function watched(tell) {
  return class extends WebSocket {
    constructor(...all) {
      super(...all);
      this.on('message', (data, isBinary) => isBinary || tell(`received ${data}`));
    }

    send(data, ...more) {
      tell(`sent ${data}`);
      super.send(data, ...more);
    }
  };
}

describe('heartbeats', limit, () => {
  let server;
  before(async () => {
    server = await startServer();
  }, limit);
  after(() => server?.stop());

  for (const [path, offered, chosen] of [
    ['/echo', 'heartbeat', 'heartbeat'],
    ['/sensors', 'sensors.xml', 'sensors.xml'],
  ]) {
    test(`twinsocket serve answers them at ${path}, and receive() does not return them`, async () => {
      let count = 0;
      const { promise, resolve } = deferred();
      const webSocket = watched((what) => {
        if (what === `received ${beat}` && (count += 1) === 3) resolve();
      });
      const keepalive = { interval: 20, timeout: 15_000 };
      const socket = await connect(server.ws + path, { subprotocols: [offered], keepalive, webSocket });
      assert.equal(socket.subprotocol, chosen);
      await (path === '/echo' ? promise : socket.receive());
      if (path === '/echo') {
        await socket.send('hello');
        assert.equal(await socket.receive(), 'hello');
      }
      assert.equal((await socket.close()).clean, true);
    });
  }

  test('a server that does not answer is lost with peer_timeout', async (t) => {
    const heard = [];
    const peer = await listen((socket) => socket.on('message', (data) => heard.push(String(data))), {
      handleProtocols: () => 'feed+heartbeat',
    });
    t.after(() => peer.stop());
    const socket = await connect(peer.url, { subprotocols: ['feed'], keepalive: { interval: 30, timeout: 40 } });
    assert.equal(socket.subprotocol, 'feed');
    const error = await rejectionOf(socket.receive());
    assert.equal(error.code, 'peer_timeout');
    assert.deepEqual(await socket.closed, { code: 1006, reason: '', clean: false, initiator: 'none' });
    assert.deepEqual(heard, [beat]);
  });

  test('are not sent if the server chose the plain subprotocol, or with keepalive: false', async (t) => {
    const offers = [];
    const peer = await listen((socket) => socket.on('message', (data) => socket.send(`heard ${data}`)), {
      handleProtocols: (names) => {
        offers.push([...names]);
        return 'feed';
      },
    });
    t.after(() => peer.stop());
    for (const keepalive of [{ interval: 1, timeout: 1 }, false]) {
      const socket = await connect(peer.url, { subprotocols: ['feed'], keepalive });
      assert.equal((await rejectionOf(socket.receive({ timeout: 100 }))).code, 'timed_out');
      await socket.send(beat);
      assert.equal(await socket.receive(), `heard ${beat}`);
      assert.equal((await socket.close()).code, 1000);
    }
    assert.deepEqual(offers, [['feed', 'feed+heartbeat'], ['feed']]);
  });

  test('limits.idleTimeout closes a connection without messages with 1001', async (t) => {
    const peer = await listen(() => {});
    t.after(() => peer.stop());
    const socket = await connect(peer.url, { limits: { idleTimeout: 50 } });
    const { code, reason, initiator } = await socket.closed;
    assert.deepEqual([code, reason, initiator], [1001, 'no message for 50 ms', 'local']);
  });

  test('an invalid keepalive.interval is refused and does not affect the next connect()', async () => {
    const error = await rejectionOf(connect('ws://127.0.0.1:1/', { keepalive: { interval: -1 } }));
    assert.match(error.message, /keepalive\.interval/);
    assert.match((await rejectionOf(connect('ws://127.0.0.1:1/next'))).message, /ws:\/\/127\.0\.0\.1:1\/next/);
  });
});

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => Object.assign(made, { resolve }));
  return made;
}
