import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { load } from './package.mjs';
import { echo, listen, rejectionOf } from './peer.mjs';

const { connect } = await load();
const limit = { timeout: 60_000 };

describe('messages', limit, () => {
  let peer;
  before(async () => {
    peer = await listen(echo, { maxPayload: 64 << 20 });
  });
  after(() => peer.stop());

  /** The echo of one message. */
  async function roundTrip(data, options) {
    const socket = await connect(peer.url, options);
    await socket.send(data);
    const back = await socket.receive();
    await socket.close();
    return back;
  }

  for (const [name, text] of [
    ['of ASCII', 'hello'],
    ['of length 0', ''],
    ['with a NUL', 'a\0b\0'],
    ['with a byte order mark', '\ufeffmarked'],
    ['of several scripts and emoji', 'größer \u65e5\u672c\u8a9e \u{1f600}'],
    ['of a megabyte', 'gr\u00f6\u00dfer \u{1f600} '.repeat(80_000)],
  ]) {
    test(`a text ${name} is echoed unchanged`, async () => {
      assert.ok((await roundTrip(text)) === text);
    });
  }

  for (const [name, bytes] of [
    ['a few bytes', new Uint8Array([0, 1, 2, 255])],
    ['no bytes', new Uint8Array()],
    ['four megabytes', new Uint8Array(4 << 20).map((_, i) => i * 7)],
  ]) {
    test(`${name} are received as Uint8Array`, async () => {
      const back = await roundTrip(bytes);
      assert.ok(back instanceof Uint8Array);
      assert.deepEqual(back, bytes);
    });
  }

  test('send() sends the bytes of a view, and all bytes of a buffer', async () => {
    const all = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(await roundTrip(all.subarray(2, 5)), new Uint8Array([3, 4, 5]));
    assert.deepEqual(await roundTrip(new DataView(all.buffer, 4, 2)), new Uint8Array([5, 6]));
    assert.deepEqual(await roundTrip(all.buffer), all);
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    shared.set([9, 10]);
    assert.deepEqual(await roundTrip(shared), new Uint8Array([9, 10]));
    assert.deepEqual(await roundTrip(shared.buffer), new Uint8Array([9, 10]));
  });

  test('send() rejects other types with invalid_argument', async () => {
    const socket = await connect(peer.url);
    for (const value of [undefined, null, 5, [1, 2], { length: 3 }, new Blob(['text'])]) {
      const error = await rejectionOf(socket.send(value));
      assert.deepEqual([error.name, error.code], ['TwinsocketError', 'invalid_argument']);
    }
    await socket.send('text');
    assert.equal(await socket.receive(), 'text');
    await socket.close();
  });

  test('send() copies bytes, so that later changes are not sent', async () => {
    const socket = await connect(peer.url);
    const bytes = new Uint8Array(200_000).fill(1);
    await socket.send(bytes);
    bytes.fill(2);
    assert.deepEqual(new Set(await socket.receive()), new Set([1]));
    await socket.close();
  });

  test('send() without await preserves the order of the calls', async () => {
    const socket = await connect(peer.url);
    for (let i = 0; i < 500; ++i) void socket.send(`number ${i}`);
    for (let i = 0; i < 500; ++i) assert.equal(await socket.receive(), `number ${i}`);
    await socket.close();
  });

  test('concurrent receive() calls get one message each, in order', async () => {
    const socket = await connect(peer.url);
    const received = Promise.all([socket.receive(), socket.receive(), socket.receive()]);
    for (const text of ['a', 'b', 'c']) await socket.send(text);
    assert.deepEqual(await received, ['a', 'b', 'c']);
    await socket.close();
  });

  test('a receive() that times out or is aborted loses no message and keeps the connection open', async () => {
    const socket = await connect(peer.url);
    const late = await rejectionOf(socket.receive({ timeout: 10 }));
    assert.equal(late.code, 'timed_out');
    assert.match(late.message, /within 10 ms/);

    const controller = new AbortController();
    const given = rejectionOf(socket.receive({ signal: controller.signal }));
    controller.abort();
    assert.equal((await given).code, 'cancelled');
    assert.equal((await rejectionOf(socket.receive({ signal: controller.signal }))).code, 'cancelled');

    assert.equal(socket.state, 'open');
    await socket.send('still here');
    assert.equal(await socket.receive({ timeout: 5_000 }), 'still here');
    await socket.close();
  });

  test('invalid timeouts and limits are refused with invalid_argument', async () => {
    const socket = await connect(peer.url);
    for (const timeout of [-1, Number.NaN, '5', null])
      assert.equal((await rejectionOf(socket.receive({ timeout }))).code, 'invalid_argument');
    assert.equal((await rejectionOf(connect(peer.url, { timeout: -1 }))).code, 'invalid_argument');
    const error = await rejectionOf(connect(peer.url, { limits: { maxMessageSize: -1 } }));
    assert.equal(error.message, 'limits.maxMessageSize is -1, not a number from 0 on');
    await (await connect(peer.url, { limits: { maxMessageSize: undefined } })).close();
    await socket.close();
  });

  test('an abort in the same turn as a message does not lose the message', async (t) => {
    // Both messages are in one packet and are delivered before any promise continues.
    const talker = await listen((socket, request) => {
      request.socket.cork();
      socket.send('one');
      socket.send('two');
      request.socket.uncork();
    });
    t.after(() => talker.stop());
    const socket = await connect(talker.url);
    const controller = new AbortController();
    const first = socket.receive();
    const second = socket.receive({ signal: controller.signal }).catch((error) => error.code);
    void first.then(() => controller.abort());
    assert.equal(await first, 'one');
    const outcome = await second;
    assert.equal(outcome === 'cancelled' ? await socket.receive() : outcome, 'two');
  });

  test('for await yields the messages until the peer closes', async (t) => {
    const talker = await listen((socket) => {
      for (let i = 0; i < 10; ++i) socket.send(`Hello ${i}`);
      socket.close(1000, 'done');
    });
    t.after(() => talker.stop());
    const socket = await connect(talker.url);
    const heard = [];
    for await (const message of socket) heard.push(message);
    assert.deepEqual(
      heard,
      Array.from({ length: 10 }, (_, i) => `Hello ${i}`),
    );
    assert.deepEqual(await socket.closed, { code: 1000, reason: 'done', clean: true, initiator: 'remote' });
  });

  test('break in for await keeps the connection open', async () => {
    const socket = await connect(peer.url);
    await socket.send('a');
    await socket.send('b');
    for await (const message of socket) {
      assert.equal(message, 'a');
      break;
    }
    assert.equal(socket.state, 'open');
    assert.equal(await socket.receive(), 'b');
    await socket.close();
  });
});

describe('backpressure', limit, () => {
  test('send() waits while the send queue is full, and trySend() returns refused', async (t) => {
    let reading;
    let received = 0;
    const peer = await listen((socket, request) => {
      request.socket.pause();
      reading = () => request.socket.resume();
      socket.on('message', (data) => {
        received += data.length;
        if (received === total) socket.close();
      });
    });
    t.after(() => peer.stop());
    const socket = await connect(peer.url, { limits: { sendQueueBytes: 1 << 20 } });
    const chunk = new Uint8Array(256 << 10);
    let total = 0;
    let status;
    // The network's own buffers accept some megabytes before anything is queued here.
    while ((status = socket.trySend(chunk)) !== 'refused') {
      total += chunk.length;
      await new Promise(setImmediate);
    }
    assert.equal(status, 'refused');
    assert.ok(socket.bufferedAmount > 700 << 10, `${socket.bufferedAmount} bytes wait`);

    let done = false;
    const waiting = socket.send(chunk).then((result) => {
      done = true;
      return result;
    });
    total += chunk.length;
    await socket.receive({ timeout: 50 }).catch(() => {});
    assert.equal(done, false);
    assert.equal(socket.trySend('behind those that wait'), 'refused');
    reading();
    assert.notEqual(await waiting, 'refused');
    assert.equal((await socket.closed).clean, true);
    assert.equal(received, total);
  });

  test('send() rejects a message larger than limits.sendQueueBytes with message_too_big', async (t) => {
    const peer = await listen(echo);
    t.after(() => peer.stop());
    const socket = await connect(peer.url, { limits: { sendQueueBytes: 1000 } });
    const error = await rejectionOf(socket.send('x'.repeat(1001)));
    assert.equal(error.code, 'message_too_big');
    assert.match(error.message, /1001 .* 1000/);
    await socket.send('x'.repeat(1000));
    assert.equal((await socket.receive()).length, 1000);
    await socket.close();
  });

  test('a full receive queue closes with 1013, and the queued messages can still be received', async (t) => {
    let peerClosed;
    const peer = await listen((socket) => {
      peerClosed = once(socket, 'close');
      for (let i = 0; i < 100; ++i) socket.send('x'.repeat(1000));
    });
    t.after(() => peer.stop());
    const socket = await connect(peer.url, { limits: { receiveQueueBytes: 10_000 } });
    const info = await socket.closed;
    assert.equal(info.code, 1013);
    assert.equal(info.initiator, 'local');
    assert.match(info.reason, /10000 bytes/);
    const heard = [];
    const error = await rejectionOf(
      (async () => {
        for await (const message of socket) heard.push(message.length);
      })(),
    );
    assert.equal(error.code, 'closed');
    assert.ok(heard.length >= 9 && heard.length <= 11, `${heard.length} messages were kept`);
    assert.equal((await peerClosed)[0], 4013);
  });
});
