// A reconnecting client, with servers that are killed and restarted.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { load, root } from './package.mjs';
import { echo, listen, rejectionOf } from './peer.mjs';

const { TwinsocketError, codecOf, connect, json, reconnecting, string, struct, xml } = await load();
const limit = { timeout: 60_000 };
const quick = { initialDelay: 50, maxDelay: 50 };
const program = process.env.TWINSOCKET_BIN ?? join(root, 'build/bin/twinsocket');

/** A server that ends with the test, on a port that is known in advance. */
async function peerAt(t, talk, options) {
  const peer = await listen(talk, options);
  t.after(() => peer.server.address() && peer.stop());
  return peer;
}

/** A server that refuses every connection until it is started. Its port stays reserved meanwhile. */
async function refusing(t, talk = echo) {
  const sockets = new WebSocketServer({ noServer: true });
  const state = { up: false };
  const server = createServer().on('upgrade', (request, stream, head) => {
    if (state.up) sockets.handleUpgrade(request, stream, head, talk);
    else stream.destroy();
  });
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return Object.assign(state, { url: `ws://127.0.0.1:${server.address().port}/` });
}

/** Opens a reconnecting connection, which is closed when the test ends. */
function open(t, url, options) {
  const socket = reconnecting(url, { ...quick, ...options });
  t.after(() => socket.abort());
  return socket;
}

/** Waits for a phase and returns the status. */
async function reach(socket, phase) {
  for await (const status of socket.statuses()) if (status.phase === phase) return status;
  assert.fail(`it ended and was never ${phase}`);
}

/** Starts our server as a child process. Resolves with its port. */
async function start(t, port = 0) {
  const child = spawn(program, ['serve', '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { port: Number(/:(\d+)\/$/m.exec(line)[1]), kill };
}

describe('reconnecting', limit, () => {
  test('reconnects to a restarted server, calls onConnected again, and sends the queued messages', async (t) => {
    const first = await start(t);
    const welcomes = [];
    const socket = open(t, `ws://127.0.0.1:${first.port}/echo`, {
      async onConnected(fresh) {
        await fresh.send('subscribe');
        welcomes.push(await fresh.receive());
      },
    });
    await socket.send('one');
    assert.equal(await socket.receive(), 'one');
    const next = socket.receive();
    // Begun before, so that it is the first wait and not one after a failed attempt.
    const lost = reach(socket, 'waiting');
    await first.kill();
    const { close, error } = await lost;
    assert.equal(close.code, 1006);
    assert.equal(error.code, 'closed');
    assert.equal(await socket.send('two'), 'queued');
    assert.equal(await socket.send('three'), 'queued');
    await start(t, first.port);
    assert.equal(await next, 'two');
    assert.equal(await socket.receive(), 'three');
    assert.deepEqual(welcomes, ['subscribe', 'subscribe']);
    assert.equal((await socket.close(1000, 'enough')).clean, true);
  });

  test('reports each status change once, by statuses() and by events', async (t) => {
    let connections = 0;
    const peer = await peerAt(t, (socket) => (++connections === 1 ? socket.terminate() : socket.close(1008, 'no')));
    const socket = open(t, peer.url);
    const events = [];
    socket.addEventListener('status', () => events.push(socket.status.phase));
    const seen = [];
    for await (const { phase } of socket.statuses()) seen.push(phase);
    const twice = ['preparing', 'open', 'waiting', 'connecting', 'preparing', 'open', 'closed'];
    assert.deepEqual(seen, ['connecting', ...twice]);
    assert.deepEqual(events, twice);
  });

  test('a final close code ends the connection and for await', async (t) => {
    const peer = await peerAt(t, (socket) => {
      socket.send('last words');
      socket.close(1000, 'done');
    });
    const socket = open(t, peer.url);
    const heard = [];
    for await (const message of socket) heard.push(message);
    assert.deepEqual(heard, ['last words']);
    assert.deepEqual(await socket.closed, { code: 1000, reason: 'done', clean: true, initiator: 'remote' });
    assert.equal((await rejectionOf(socket.receive())).code, 'closed');
    assert.equal((await rejectionOf(socket.send('x'))).code, 'closed');
    assert.equal(socket.trySend('x'), 'refused');
  });

  test('stopOn and reconnectOn select close codes', async (t) => {
    const codes = [1000, 4408, 4401];
    const peer = await peerAt(t, (socket) => socket.close(codes.shift()));
    const socket = open(t, peer.url, { stopOn: [[4400, 4499]], reconnectOn: [1000, 4408] });
    assert.equal((await socket.closed).code, 4401);
    assert.deepEqual(codes, []);
  });

  test('Retry-After in the close reason sets the delay', async (t) => {
    const peer = await peerAt(t, (socket) => socket.close(1013, 'busy; Retry-After: 60'));
    const socket = open(t, peer.url);
    const { delay, close } = await reach(socket, 'waiting');
    assert.equal(close.code, 1013);
    assert.ok(delay > 59_000 && delay <= 60_050, `${delay}`);
    socket.retryNow();
    assert.equal((await reach(socket, 'connecting')).failures, 1);
  });

  test('stops after HTTP 403, and retries after 503', async (t) => {
    const statuses = ['503 Service Unavailable', '403 Forbidden'];
    const server = createServer().on('upgrade', (_request, stream) => {
      stream.end(`HTTP/1.1 ${statuses.shift()}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    });
    t.after(() => server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const socket = open(t, `ws://127.0.0.1:${server.address().port}/`);
    const error = await rejectionOf(socket.receive());
    assert.equal(error.code, 'connect_failed');
    assert.match(error.message, /403/);
    assert.deepEqual(statuses, []);
  });

  test('stops after maxAttempts, and at once on an invalid URL or option', async (t) => {
    const peer = await refusing(t);
    const socket = open(t, peer.url, { maxAttempts: 3, initialDelay: 1, maxDelay: 1 });
    const { failures, error } = await reach(socket, 'closed');
    assert.equal(failures, 3, error.message);
    assert.equal(error.code, 'connect_failed');
    await assert.rejects(async () => {
      for await (const message of socket) assert.fail(message);
    }, TwinsocketError);
    assert.equal((await rejectionOf(open(t, 'ftp://127.0.0.1/').receive())).code, 'invalid_url');
    assert.equal((await rejectionOf(open(t, peer.url, { growthFactor: -1 }).receive())).code, 'invalid_argument');
  });

  test('offlineQueueBytes and overflowPolicy bound the queue, and status.dropped counts what is dropped', async (t) => {
    const dead = await refusing(t);
    const oldest = open(t, dead.url, { offlineQueueBytes: 10, overflowPolicy: 'drop-oldest' });
    const newest = open(t, dead.url, { offlineQueueBytes: 10, overflowPolicy: 'drop-newest' });
    const patient = open(t, dead.url, { offlineQueueBytes: 10 });
    const nothing = open(t, dead.url, { offlineQueueBytes: 0, overflowPolicy: 'drop-newest' });
    assert.equal(nothing.trySend(''), 'refused');
    for (const socket of [oldest, newest, patient]) for (const text of ['1234', '5678']) await socket.send(text);
    await oldest.send('901234');
    // For a message that can never fit, only that message is dropped.
    assert.equal((await rejectionOf(oldest.send('12345678901'))).code, 'queue_full');
    assert.equal((await rejectionOf(newest.send('901'))).code, 'queue_full');
    assert.equal(patient.trySend('901'), 'refused');
    let done = false;
    const waiting = patient.send('901').then(() => (done = true));
    await reach(patient, 'waiting');
    assert.equal(done, false);
    assert.equal(patient.bufferedAmount, 8);

    dead.up = true;
    await waiting;
    const take = async (socket, count) => {
      const texts = [];
      while (texts.length < count) texts.push(await socket.receive());
      return texts;
    };
    const opened = reach(oldest, 'open');
    assert.deepEqual(await take(oldest, 2), ['5678', '901234']);
    assert.deepEqual(await take(newest, 2), ['1234', '5678']);
    assert.deepEqual(await take(patient, 3), ['1234', '5678', '901']);
    assert.deepEqual((await opened).dropped, { messages: 2, bytes: 15 });
  });

  test('send() rejects a message larger than limits.sendQueueBytes, also if it was queued offline', async (t) => {
    const peer = await refusing(t);
    const socket = open(t, peer.url, { limits: { sendQueueBytes: 1000 }, offlineQueueBytes: 100 });
    const tooBig = rejectionOf(socket.send('x'.repeat(2000)));
    const behind = socket.send('behind it');
    peer.up = true;
    assert.equal((await tooBig).code, 'message_too_big');
    assert.equal(await behind, 'queued');
    assert.equal(await socket.receive(), 'behind it');
    assert.equal((await rejectionOf(socket.send('x'.repeat(2000)))).code, 'message_too_big');
  });

  test('send() copies queued bytes, so that later changes are not sent', async (t) => {
    const dead = await refusing(t);
    const socket = open(t, dead.url);
    const bytes = new Uint8Array([1, 2, 3]);
    await socket.send(bytes);
    bytes.fill(9);
    dead.up = true;
    assert.deepEqual(await socket.receive(), new Uint8Array([1, 2, 3]));
  });

  test('an error of onConnected is a failed attempt, and cancelled ends the connection', async (t) => {
    const peer = await peerAt(t, echo);
    let calls = 0;
    const socket = open(t, peer.url, {
      onConnected() {
        if (++calls === 1) throw new Error('no token yet');
        throw new TwinsocketError('cancelled', 'no token at all');
      },
    });
    assert.match((await reach(socket, 'waiting')).error.message, /no token yet/);
    assert.equal((await rejectionOf(socket.receive())).message, 'no token at all');
    assert.equal(calls, 2);
  });

  test('options.timeout limits onConnected', async (t) => {
    const peer = await peerAt(t, () => {});
    const socket = open(t, peer.url, { timeout: 300, onConnected: async (fresh) => void (await fresh.receive()) });
    assert.equal((await reach(socket, 'waiting')).error.code, 'timed_out');
  });

  test('close() ends the connection in each phase', async (t) => {
    const closed = { code: 4000, reason: 'enough', clean: false, initiator: 'local' };
    const silent = createServer().on('upgrade', (_request, stream) => t.after(() => stream.destroy()));
    t.after(() => silent.close());
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const connecting = open(t, `ws://127.0.0.1:${silent.address().port}/`);
    assert.deepEqual(await connecting.close(4000, 'enough'), closed);

    // Loaded from a server that never sends the whole file.
    const slow = await load();
    void slow.init(new Response(new ReadableStream()));
    const loading = slow.reconnecting(`ws://127.0.0.1:${silent.address().port}/`);
    assert.deepEqual(await loading.close(4000, 'enough'), closed);
    assert.equal(loading.status.phase, 'closed');

    const dead = await refusing(t);
    const waiting = open(t, dead.url, { initialDelay: 60_000, maxDelay: 60_000 });
    await waiting.send('kept');
    await reach(waiting, 'waiting');
    assert.deepEqual(await waiting.close(4000, 'enough'), closed);
    assert.deepEqual(waiting.status.dropped, { messages: 1, bytes: 4 });

    const peer = await peerAt(t, echo);
    const preparing = open(t, peer.url, { onConnected: () => new Promise(() => {}) });
    await reach(preparing, 'preparing');
    assert.equal((await preparing.close(4000)).clean, true);

    const stop = new AbortController();
    const stopped = open(t, peer.url, { signal: stop.signal });
    await reach(stopped, 'open');
    stop.abort();
    assert.equal((await stopped.closed).code, 1000);
    assert.equal((await rejectionOf(stopped.receive())).code, 'closed');
  });

  test('close() delivers the messages that were sent before', async (t) => {
    const heard = [];
    const peer = await peerAt(t, (socket) => socket.on('message', (data) => heard.push(String(data))));
    const socket = open(t, peer.url);
    await reach(socket, 'open');
    for (let i = 0; i < 20; ++i) void socket.send(`${i} ${'x'.repeat(20_000)}`);
    await socket.close();
    assert.equal(heard.length, 20);
  });

  test('a receive() that times out loses no message', async (t) => {
    const sockets = [];
    const peer = await peerAt(t, (socket) => sockets.push(socket));
    const socket = open(t, peer.url);
    await reach(socket, 'open');
    assert.equal((await rejectionOf(socket.receive({ timeout: 1 }))).code, 'timed_out');
    sockets[0].send('late');
    assert.equal(await socket.receive(), 'late');
  });

  test('options.codec encodes and decodes values', async (t) => {
    const peer = await peerAt(t, echo);
    const codec = json(struct('Person', { Name: string() }));
    const socket = open(t, peer.url, {
      codec,
      onConnected: async (fresh) => {
        await fresh.send({ Name: 'first' });
        assert.deepEqual(await fresh.receive(), { Name: 'first' });
      },
    });
    await socket.send({ Name: 'Jan' });
    assert.deepEqual(await socket.receive(), { Name: 'Jan' });
    assert.equal((await rejectionOf(socket.send({ Name: 1 }))).code, 'type_mismatch');
  });

  test('options.codec may select a codec by the subprotocol of each connection, also for queued messages', async (t) => {
    const person = struct('Person', { Name: string() });
    const subprotocols = ['person.json', 'person.xml'];
    let chosen = 'person.xml';
    const heard = [];
    const peer = await peerAt(
      t,
      (socket) =>
        socket.on('message', (data) => {
          heard.push(String(data));
          socket.send(String(data));
          if (heard.length === 2) socket.terminate();
        }),
      { handleProtocols: () => chosen },
    );
    const socket = open(t, peer.url, { codec: (name) => codecOf(name, person), subprotocols });
    assert.equal(socket.trySend({ Name: 'early' }), 'queued');
    assert.deepEqual(await socket.receive(), { Name: 'early' });
    chosen = 'person.json';
    const lost = reach(socket, 'waiting');
    await socket.send({ Name: 'Jan' });
    await lost;
    await socket.send({ Name: 'late' });
    while (heard.length < 3) await new Promise(setImmediate);
    const xmlOf = (name) => `<Person><Name>${name}</Name></Person>`;
    assert.deepEqual(heard, [xmlOf('early'), xmlOf('Jan'), '{"Name":"late"}']);
    assert.equal(socket.subprotocol, 'person.json');
  });

  test('options.codec may have a codec per direction, also in connect()', async (t) => {
    const question = struct('Question', { Text: string() });
    const answer = struct('Answer', { Reply: string() });
    const peer = await peerAt(t, (socket) =>
      socket.on('message', (data) => socket.send(`<Answer><Reply>${JSON.parse(data).Text}</Reply></Answer>`)),
    );
    const codec = { send: json(question), receive: xml(answer) };
    for (const socket of [open(t, peer.url, { codec }), await connect(peer.url, { codec })]) {
      await socket.send({ Text: 'why' });
      assert.deepEqual(await socket.receive(), { Reply: 'why' });
      await socket.close();
    }
  });
});
