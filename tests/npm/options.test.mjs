// Habits of the platform in the options: one subprotocol, the reason of a signal, and warnings about misspelt names.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadWithChannels } from './package.mjs';
import { echo, listen, rejectionOf } from './peer.mjs';

const { channels, codecOf, connect, reconnecting, string } = await loadWithChannels();
const limit = { timeout: 60_000 };

/** An echo server that ends with the test. */
async function serve(t, options) {
  const peer = await listen(echo, options);
  t.after(() => peer.stop());
  return peer.url;
}

describe('subprotocols', limit, () => {
  test('may be one string', async (t) => {
    const offered = [];
    const handleProtocols = (names) => {
      offered.push([...names]);
      return 'chat';
    };
    const url = await serve(t, { handleProtocols });
    const socket = await connect(url, { subprotocols: 'chat' });
    assert.equal(socket.subprotocol, 'chat');
    await socket.close();
    // The codec of a message before the first connection is that of the first subprotocol.
    const back = reconnecting(url, { subprotocols: 'chat', codec: (name) => codecOf(`${name}.cbor`, string()) });
    await back.send('a');
    assert.equal(await back.receive(), 'a');
    await back.close();
    assert.deepEqual(offered, [['chat', 'chat+heartbeat'], ['chat', 'chat+heartbeat']]);
    const { code, message } = await rejectionOf(connect(url, { subprotocols: '' }));
    assert.equal(`${code} ${message}`, 'invalid_argument invalid argument: the subprotocol "" is not a token');
  });
});

describe('the reason of a signal is the cause', limit, () => {
  const why = new Error('the user went away');

  test('of connect() that is cancelled before and during the attempt', async (t) => {
    const url = await serve(t);
    const error = await rejectionOf(connect(url, { signal: AbortSignal.abort(why) }));
    assert.equal(error.code, 'cancelled');
    assert.equal(error.cause, why);
    const controller = new AbortController();
    const connecting = rejectionOf(connect(url, { signal: controller.signal }));
    controller.abort(why);
    assert.equal((await connecting).cause, why);
    // The platform's own reason.
    assert.equal((await rejectionOf(connect(url, { signal: AbortSignal.abort() }))).cause.name, 'AbortError');
  });

  test('of receive() that is cancelled, and there is no cause without a signal', async (t) => {
    const socket = await connect(await serve(t));
    t.after(() => socket.abort());
    const controller = new AbortController();
    const receiving = rejectionOf(socket.receive({ signal: controller.signal }));
    controller.abort('enough');
    assert.equal((await receiving).cause, 'enough');
    assert.equal((await receiving).code, 'cancelled');
    const late = await rejectionOf(socket.receive({ timeout: 1 }));
    assert.equal(late.code, 'timed_out');
    assert.equal('cause' in late, false);
  });

  test('of what a closed reconnecting connection rejects with', async (t) => {
    const url = await serve(t);
    for (const [signal, abort] of [
      [AbortSignal.abort(why), () => undefined],
      ...[new AbortController()].map((controller) => [controller.signal, () => controller.abort(why)]),
    ]) {
      const socket = reconnecting(url, { signal });
      const receiving = rejectionOf(socket.receive());
      if (!signal.aborted) for await (const { phase } of socket.statuses()) if (phase === 'open') break;
      abort();
      const sending = await rejectionOf(socket.send('b'));
      assert.equal(sending.code, 'closed');
      assert.equal(sending.cause, why);
      await socket.closed;
      assert.equal((await receiving).cause, why);
      const error = await rejectionOf(socket.receive());
      assert.equal(error.code, 'closed');
      assert.equal(error.cause, why);
    }
    const closed = reconnecting(url);
    await closed.close();
    assert.equal('cause' in (await rejectionOf(closed.receive())), false);
  });

  test('and what onConnected throws is the cause of a failed attempt', async (t) => {
    const socket = reconnecting(await serve(t), { maxAttempts: 1, onConnected: () => Promise.reject(why) });
    const error = await rejectionOf(socket.receive());
    assert.equal(error.code, 'handshake_failed');
    assert.equal(error.cause, why);
  });
});

describe('an unknown option', limit, () => {
  /** The warnings of an action, which runs with a signal that makes its attempt to connect fail. */
  async function warningsOf(t, action) {
    const warn = t.mock.method(console, 'warn', () => undefined);
    await action(AbortSignal.abort());
    const texts = warn.mock.calls.map(({ arguments: [text] }) => text);
    warn.mock.restore();
    return texts;
  }
  const url = 'ws://127.0.0.1:1/';

  test('is reported once, with the nearest known one', async (t) => {
    const attempt = (signal) =>
      rejectionOf(connect(url, { signal, timeouts: 5, protocols: ['a'], limits: { maxMessagesSize: 1 }, keepalive: { intervals: 1 } }));
    assert.deepEqual(await warningsOf(t, attempt), [
      'twinsocket: there is no option timeouts. Did you mean timeout?',
      'twinsocket: there is no option protocols. Did you mean subprotocols?',
      'twinsocket: there is no option limits.maxMessagesSize. Did you mean limits.maxMessageSize?',
      'twinsocket: there is no option keepalive.intervals. Did you mean keepalive.interval?',
    ]);
    assert.deepEqual(await warningsOf(t, attempt), []);
    // An option of reconnecting() is none of connect().
    const [text] = await warningsOf(t, (signal) => rejectionOf(connect(url, { signal, maxRetryAfter: 5 })));
    assert.match(text, /^twinsocket: there is no option maxRetryAfter\. Did you mean \w+\?$/);
  });

  test('of reconnecting() and channels() too, where no option of the other is unknown', async (t) => {
    const reconnect = { initialDelay: 1, growthFactor: 2, maxDelay: 1, maxRetryAfter: 1, minUptime: 1, maxAttempts: 1, stopOn: [4000], reconnectOn: [4001] };
    const common = { ...reconnect, timeout: 5, limits: { maxMessageSize: 1 }, keepalive: false };
    const queue = { offlineQueueBytes: 1, overflowPolicy: 'wait', onConnected: () => undefined };
    const all = { ...common, ...queue, codec: undefined, subprotocols: [], webSocket: undefined };
    assert.deepEqual(await warningsOf(t, (signal) => reconnecting(url, { ...all, signal, maxAttempt: 1 }).closed), [
      'twinsocket: there is no option maxAttempt. Did you mean maxAttempts?',
    ]);
    const own = { token: () => '', codec: 'cbor', queue: 1, maxRequests: 1, requestTimeout: 1 };
    assert.deepEqual(await warningsOf(t, (signal) => channels(url, { ...common, ...own, signal, tokens: 1 }).closed), [
      'twinsocket: there is no option tokens. Did you mean token?',
    ]);
  });
});
