import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { load } from './package.mjs';
import { echo, listen, rejectionOf } from './peer.mjs';

const { connect } = await load();
const limit = { timeout: 60_000 };

/** A server that reports the close frames that it receives. */
async function listener(t, talk = () => {}) {
  let closed;
  const peer = await listen((socket, request) => {
    closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
    talk(socket, request);
  });
  t.after(() => peer.stop());
  return { url: peer.url, closed: () => closed };
}

/** A server that completes the opening handshake and then sends nothing. */
async function deaf(t) {
  const server = createServer();
  const streams = [];
  server.on('upgrade', (request, stream) => {
    const key = request.headers['sec-websocket-key'];
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    stream.on('error', () => {}).resume();
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    streams.push({ stream, gone: Promise.race([once(stream, 'end'), once(stream, 'close')]) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const { stream } of streams) stream.destroy();
    server.close();
  });
  return { url: `ws://127.0.0.1:${server.address().port}/`, streams };
}

describe('closing by the client', limit, () => {
  for (const [asked, sent] of [
    [1000, 1000],
    [3000, 3000],
    [4999, 4999],
    [1001, 4001],
    [1007, 4007],
    [1013, 4013],
  ]) {
    test(`close(${asked}) sends ${sent} and resolves with ${asked}`, async (t) => {
      const peer = await listener(t);
      const socket = await connect(peer.url);
      const info = await socket.close(asked, 'over and out');
      assert.deepEqual(info, { code: asked, reason: 'over and out', clean: true, initiator: 'local' });
      assert.deepEqual(await peer.closed(), { code: sent, reason: 'over and out' });
      assert.deepEqual(await socket.closed, info);
    });
  }

  test('close() replaces an invalid code by 1011 and truncates a long reason between characters', async (t) => {
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, -1, 70_000]) {
      const peer = await listener(t);
      const socket = await connect(peer.url);
      assert.equal((await socket.close(code, '\u00e4'.repeat(100))).code, 1011);
      assert.deepEqual(await peer.closed(), { code: 4011, reason: '\u00e4'.repeat(61) });
    }
  });

  test('close() defaults to 1000, and further calls have no effect', async (t) => {
    const peer = await listener(t);
    const socket = await connect(peer.url);
    const first = socket.close();
    assert.equal(socket.state, 'closing');
    const second = socket.close(4000, 'too late');
    assert.equal((await first).code, 1000);
    assert.equal(await second, await first);
    assert.equal((await socket.close(4001)).code, 1000);
  });

  test('messages that were sent before close() arrive', async (t) => {
    const heard = [];
    const peer = await listener(t, (socket) => socket.on('message', (data) => heard.push(String(data))));
    const socket = await connect(peer.url);
    for (let i = 0; i < 100; ++i) void socket.send(`number ${i}`);
    await socket.close();
    await peer.closed();
    assert.equal(heard.length, 100);
  });

  test('send() and receive() after close() reject with closed and the closeInfo', async (t) => {
    const peer = await listener(t);
    const socket = await connect(peer.url);
    const closing = socket.close(3333, 'enough');
    assert.equal((await rejectionOf(socket.send('x'))).code, 'closed');
    assert.equal(socket.trySend('x'), 'refused');
    await closing;
    const error = await rejectionOf(socket.send('x'));
    assert.equal(error.code, 'closed');
    assert.match(error.message, /3333 .* enough/);
    assert.equal(error.closeInfo, await socket.closed);
    assert.equal((await rejectionOf(socket.receive())).closeInfo.code, 3333);
    assert.equal(socket.bufferedAmount, 0);
  });

  test('limits.closeTimeout ends the connection with 1006 if the peer does not answer', async (t) => {
    const peer = await deaf(t);
    const socket = await connect(peer.url, { limits: { closeTimeout: 60 } });
    const waiting = rejectionOf(socket.receive());
    const info = await socket.close(1000, 'anybody there?');
    assert.deepEqual(info, { code: 1006, reason: '', clean: false, initiator: 'local' });
    const error = await waiting;
    assert.equal(error.code, 'peer_timeout');
    assert.match(error.message, /60 ms/);
    await peer.streams[0].gone;
  });

  test('abort() closes with 1006 at once and rejects a pending receive()', async (t) => {
    const peer = await deaf(t);
    const socket = await connect(peer.url);
    const waiting = rejectionOf(socket.receive());
    socket.abort();
    assert.equal(socket.state, 'closed');
    assert.deepEqual(await socket.closed, { code: 1006, reason: '', clean: false, initiator: 'local' });
    assert.equal((await waiting).code, 'closed');
    socket.abort();
    await peer.streams[0].gone;
  });
});

describe('closing by the peer', limit, () => {
  for (const [code, reason] of [
    [1000, ''],
    [1001, 'server stops'],
    [1011, 'gr\u00f6\u00dfer \u{1f600}'],
    [4321, 'application'],
  ]) {
    test(`closed resolves with the code ${code}${reason && ` and the reason "${reason}"`} of the peer`, async (t) => {
      const peer = await listener(t, (socket) => socket.close(code, reason));
      const socket = await connect(peer.url);
      assert.deepEqual(await socket.closed, { code, reason, clean: true, initiator: 'remote' });
    });
  }

  test('closed resolves with 1005 for a close frame without a code', async (t) => {
    const peer = await listener(t, (socket) => socket.close());
    const socket = await connect(peer.url);
    assert.deepEqual(await socket.closed, { code: 1005, reason: '', clean: true, initiator: 'remote' });
  });

  test('a lost connection is 1006 with the initiator none, and ends for await without an error', async (t) => {
    const peer = await listener(t, (socket) => {
      socket.send('last words');
      socket.on('message', () => socket.terminate());
    });
    const socket = await connect(peer.url);
    const heard = [];
    for await (const message of socket) {
      heard.push(message);
      await socket.send('die');
    }
    assert.deepEqual(heard, ['last words']);
    assert.deepEqual(await socket.closed, { code: 1006, reason: '', clean: false, initiator: 'none' });
  });

  test('messages that arrived before the close can be received after it', async (t) => {
    const peer = await listener(t, (socket) => {
      socket.send('one');
      socket.send('two');
      socket.close(1000);
    });
    const socket = await connect(peer.url);
    await socket.closed;
    assert.equal(await socket.receive(), 'one');
    assert.equal(await socket.receive({ timeout: 1 }), 'two');
    assert.equal((await rejectionOf(socket.receive())).code, 'closed');
  });
});

describe('limits.maxMessageSize', limit, () => {
  for (const [name, message, fits] of [
    ['bytes at the limit', Buffer.alloc(1000), true],
    ['bytes above it', Buffer.alloc(1001), false],
    ['ASCII at the limit', 'x'.repeat(1000), true],
    ['ASCII above it', 'x'.repeat(1001), false],
    ['500 characters of two bytes', '\u00e4'.repeat(500), true],
    ['501 characters of two bytes', '\u00e4'.repeat(501), false],
  ]) {
    test(`${name}: ${fits ? 'received' : 'closes with 1009'}`, async (t) => {
      const peer = await listener(t, (socket) => {
        echo(socket);
        socket.send('before');
        socket.send(message);
      });
      const socket = await connect(peer.url, { limits: { maxMessageSize: 1000 } });
      assert.equal(await socket.receive(), 'before');
      if (fits) {
        assert.equal((await socket.receive()).length, message.length);
        await socket.close();
        return;
      }
      const error = await rejectionOf(socket.receive());
      assert.equal(error.code, 'message_too_big');
      assert.match(error.message, /100[12] bytes, the limit is 1000/);
      assert.equal((await socket.closed).code, 1009);
      assert.equal((await peer.closed()).code, 4009);
      await assert.rejects(async () => {
        for await (const _ of socket);
      }, /1000/);
    });
  }
});
