// Connections on a page that is hidden, left and shown again, and the largest durations, with a simulated clock and
// page.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { SimulatedEnvironment } from './simulated_environment.mjs';
import { load } from './package.mjs';
import { rejectionOf } from './peer.mjs';

const world = new SimulatedEnvironment();
const { connect, init, reconnecting } = await load();
await init();
const limit = { timeout: 60_000 };
const beat = '\0';
const far = 'wss://example.com/';

/** Records what the server receives from now on. It answers heartbeats if `answers` is true. */
function watch(answers) {
  const seen = [];
  world.onServerEvent = (what) => {
    seen.push(what);
    if (what === `server got ${beat}` && answers) queueMicrotask(() => world.connections.at(-1).onmessage({ data: beat }));
  };
  return seen;
}

async function open(options = {}) {
  const socket = reconnecting(far, { webSocket: world.socketClass(), subprotocols: ['feed'], ...options });
  await world.settle();
  assert.equal(socket.status.phase, 'open');
  await world.advance(20_000);
  return socket;
}

const events = [
  [
    'shown',
    () => {
      world.setVisible(false);
      world.setVisible(true);
    },
  ],
  ['online', () => world.setOnline(true)],
  ['resumed', () => world.document.dispatchEvent(new Event('resume'))],
];

describe('a page that is shown, online or resumed again', limit, () => {
  let socket;
  afterEach(async () => {
    socket?.abort();
    world.reset();
    await world.settle();
  });

  for (const [name, happens] of events) {
    test(`${name}: a heartbeat is sent at once, and without an answer in 3 s the connection is replaced`, async () => {
      world.protocol = 'feed+heartbeat';
      socket = await open();
      const answered = watch(true);
      happens();
      assert.deepEqual(answered, [`server got ${beat}`]);
      await world.advance(5000);
      assert.equal(socket.status.phase, 'open');

      const seen = watch(false);
      happens();
      await world.advance(2999);
      assert.equal(socket.status.phase, 'open');
      await world.advance(1);
      assert.equal(socket.status.error.code, 'peer_timeout');
      assert.equal(socket.status.phase, 'waiting');
      await world.advance(1000);
      assert.equal(socket.status.phase, 'open');
      assert.deepEqual(seen, [`server got ${beat}`, 'server is called']);
    });

    test(`${name}: without heartbeats, a silent reconnecting connection is replaced`, async () => {
      socket = await open({ subprotocols: [] });
      const seen = watch(false);
      happens();
      await world.advance(1000);
      world.connections.at(-1).onmessage({ data: 'news' });
      await world.advance(5000);
      assert.equal(socket.status.phase, 'open');
      assert.deepEqual(seen, []);
      happens();
      await world.advance(4000);
      assert.equal(socket.status.phase, 'open');
      assert.deepEqual(seen, ['server is called']);
    });
  }

  test('a plain connection, or one with keepalive: false, is kept', async () => {
    socket = await connect(far, { webSocket: world.socketClass() });
    const seen = watch(false);
    world.protocol = 'feed';
    const other = await open({ keepalive: false });
    world.setVisible(false);
    world.setVisible(true);
    await world.advance(10_000);
    assert.equal(socket.state, 'open');
    assert.equal(other.status.phase, 'open');
    assert.deepEqual(seen, ['server is called']);
    other.abort();
  });

  test('pagehide closes open and pending connections and stops retries, and pageshow reconnects', async () => {
    socket = await open();
    const plain = await connect(far, { webSocket: world.socketClass() });
    const seen = watch(false);
    world.mode = 'hangs';
    const refused = rejectionOf(connect(far, { webSocket: world.socketClass() }));
    await world.settle();
    seen.length = 0;
    world.page.dispatchEvent(new Event('pagehide'));
    const { code, message } = await refused;
    assert.equal(`${code}: ${message}`, 'connect_failed: the page was left');
    assert.deepEqual(await plain.closed, { code: 1001, reason: 'the page was left', clean: true, initiator: 'local' });
    assert.deepEqual(seen, ["server saw 1001 'the page was left'", "server saw 1001 'the page was left'"]);
    world.mode = 'accepts';
    await world.advance(3_600_000);
    assert.equal(socket.status.phase, 'waiting');
    assert.equal(seen.length, 2);
    world.page.dispatchEvent(new Event('pageshow'));
    await world.settle();
    assert.equal(socket.status.phase, 'open');
  });

  test('setOnline() has the effect of the online and offline events', async () => {
    socket = await open({ subprotocols: [] });
    socket.setOnline(false);
    world.mode = 'refuses';
    world.connections.at(-1).end(1006, '');
    await world.settle();
    assert.equal(socket.status.phase, 'paused');
    await world.advance(60_000);
    assert.equal(socket.status.failures, 0);
    world.mode = 'accepts';
    socket.setOnline(true);
    await world.advance(1000);
    assert.equal(socket.status.phase, 'open');
    socket.setOnline(true);
    await world.advance(3000);
    assert.equal(socket.status.error.code, 'peer_timeout');
  });
});

describe('durations without a limit', limit, () => {
  for (const never of [Infinity, Number.MAX_VALUE, 2 ** 63, 2 ** 53, 2 ** 31]) {
    test(`${never} ms in each option that takes a duration`, async (t) => {
      t.after(() => world.reset());
      const days = 24 * 24 * 3600 * 1000;
      const all = {
        webSocket: world.socketClass(),
        timeout: never,
        limits: { closeTimeout: never, idleTimeout: never },
        keepalive: { interval: never, timeout: never },
      };
      world.mode = 'hangs';
      let outcome;
      const stop = new AbortController();
      connect(far, { ...all, signal: stop.signal }).catch((error) => (outcome = error));
      await world.advance(days);
      assert.equal(outcome, undefined);
      stop.abort();
      await world.settle();
      assert.equal(outcome.code, 'cancelled');

      world.mode = 'accepts';
      world.protocol = 'feed+heartbeat';
      const socket = await connect(far, { ...all, subprotocols: ['feed'] });
      const seen = watch(false);
      let received;
      socket.receive({ timeout: never }).then(
        (message) => (received = message),
        (error) => (received = error),
      );
      await world.advance(days);
      assert.equal(socket.state, 'open');
      assert.equal(received, undefined);
      assert.deepEqual(seen, []);
      world.connections.at(-1).onmessage({ data: 'late' });
      await world.settle();
      assert.equal(received, 'late');
      world.connections.at(-1).close = () => {};
      void socket.close();
      await world.advance(days);
      assert.equal(socket.state, 'closing');
      socket.abort();

      world.protocol = '';
      const lasting = reconnecting(far, { ...all, minUptime: never, maxDelay: never, maxRetryAfter: never });
      await world.settle();
      await world.advance(days);
      world.connections.at(-1).end(1013, 'Retry-After: 4000000');
      await world.settle();
      // minUptime was not reached even after 24 days, and every delay that the server asks for is accepted.
      assert.equal(lasting.status.failures, 1);
      assert.equal(lasting.status.delay, 4_000_000_500);
      lasting.abort();
      const patient = reconnecting(far, { ...all, initialDelay: never, maxDelay: never });
      await world.settle();
      world.connections.at(-1).end(1006, '');
      await world.settle();
      const calls = watch(false);
      await world.advance(days / 3);
      assert.equal(patient.status.phase, 'waiting');
      assert.deepEqual(calls, []);
      patient.retryNow();
      await world.settle();
      assert.equal(patient.status.phase, 'open');
      patient.abort();
      await world.settle();
    });
  }
});
