import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import { install, load, ownWebSocket } from './package.mjs';
import { echo, listen, rejectionOf } from './peer.mjs';

const { TwinsocketError, connect } = await load();
const limit = { timeout: 60_000 };

/** A listener that accepts connections and never sends anything. */
async function silence(t) {
  const connections = [];
  const server = createServer((connection) => {
    connection.on('error', () => {}).resume();
    connections.push({ connection, gone: once(connection, 'close') });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const { connection } of connections) connection.destroy();
    server.close();
  });
  return { url: `ws://127.0.0.1:${server.address().port}/`, connections };
}

describe('connect', limit, () => {
  test('resolves a URL relative to the page, and never downgrades wss to ws', async (t) => {
    t.after(() => delete globalThis.location);
    class Refusing {
      constructor(url) {
        throw new Error(`asked for ${url}`);
      }
    }
    for (const [page, url, expected] of [
      ['https://a.example/b/', 'c', 'wss://a.example/b/c'],
      ['http://a.example/b/', '/c', 'ws://a.example/c'],
      ['http://a.example/', 'wss://b.example/', 'wss://b.example/'],
      ['http://a.example/', ' wss://b.example/', 'wss://b.example/'],
      ['http://a.example/', 'w\nss://b.example/', 'wss://b.example/'],
    ]) {
      globalThis.location = { href: page };
      const error = await rejectionOf(connect(url, { webSocket: Refusing }));
      assert.ok(error.message.endsWith(`asked for ${expected}`), error.message);
    }
  });

  test('closes the connection and rejects with the error if options.codec throws', async (t) => {
    const codes = [];
    const peer = await listen((socket) => codes.push(once(socket, 'close')));
    t.after(() => peer.stop());
    const none = new Error('no codec');
    const codec = () => {
      throw none;
    };
    assert.equal(await rejectionOf(connect(peer.url, { codec })), none);
    assert.equal((await codes[0])[0], 1000);
  });

  test('resolves with an open connection whose url is normalized', async (t) => {
    const peer = await listen(echo);
    t.after(() => peer.stop());
    const socket = await connect(`${peer.url.replace('ws', 'WS')}a/../path?x=1`);
    assert.equal(socket.url, `${peer.url}path?x=1`);
    assert.equal(socket.state, 'open');
    assert.equal(socket.subprotocol, '');
    assert.equal(socket.bufferedAmount, 0);
    assert.equal((await socket.close()).code, 1000);
    assert.equal(socket.state, 'closed');
  });

  test('offers subprotocols in order and reports the one that the server chose', async (t) => {
    let offered;
    const peer = await listen(echo, {
      handleProtocols(names) {
        offered = [...names];
        return 'sensors.xml';
      },
    });
    t.after(() => peer.stop());
    const socket = await connect(peer.url, { subprotocols: ['sensors.json', 'sensors.xml'] });
    const withHeartbeat = ['sensors.json+heartbeat', 'sensors.xml+heartbeat'];
    assert.deepEqual(offered, ['sensors.json', 'sensors.xml', ...withHeartbeat]);
    assert.equal(socket.subprotocol, 'sensors.xml');
    await socket.close();
  });

  for (const [what, url, message] of [
    ['is not a URL', 'nonsense', /"nonsense"/],
    ['has another scheme', 'ftp://127.0.0.1/', /the scheme "ftp"/],
    ['has a fragment', 'ws://127.0.0.1/#here', /fragment/],
    ['has user information', 'ws://me:secret@127.0.0.1/', /user information/],
    ['has an invalid port', 'ws://127.0.0.1:70000/', /70000/],
  ]) {
    test(`rejects an address that ${what}`, async () => {
      const error = await rejectionOf(connect(url));
      assert.ok(error instanceof TwinsocketError);
      assert.equal(error.code, 'invalid_url');
      assert.match(error.message, message);
    });
  }

  for (const [what, subprotocols, message] of [
    ['with a space in it', ['one', 'two three'], /"two three" is not a token/],
    ['without a name', [''], /"" is not a token/],
    ['that is offered twice', ['one', 'one'], /"one" is offered twice/],
  ]) {
    test(`rejects a subprotocol ${what}`, async () => {
      const error = await rejectionOf(connect('ws://127.0.0.1:1/', { subprotocols }));
      assert.equal(error.code, 'invalid_argument');
      assert.match(error.message, message);
    });
  }

  test('rejects with connect_failed and the URL when no server listens', async () => {
    const { url, server } = await (async () => {
      const free = createServer().listen(0, '127.0.0.1');
      await once(free, 'listening');
      return { url: `ws://127.0.0.1:${free.address().port}/`, server: free };
    })();
    server.close();
    await once(server, 'close');
    const error = await rejectionOf(connect(url));
    assert.equal(error.code, 'connect_failed');
    assert.ok(error.message.includes(url), error.message);
  });

  test('rejects with connect_failed when the server answers 404', async (t) => {
    const server = createHttpServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const error = await rejectionOf(connect(`ws://127.0.0.1:${server.address().port}/nothing`));
    assert.equal(error.code, 'connect_failed');
  });

  test('rejects with timed_out when the server does not answer in time, and closes the socket', async (t) => {
    const { url, connections } = await silence(t);
    const error = await rejectionOf(connect(url, { timeout: 50 }));
    assert.equal(error.code, 'timed_out');
    assert.match(error.message, /within \d+ ms/);
    await connections[0].gone;
  });

  test('rejects with cancelled when the signal aborts before or during connecting', async (t) => {
    const { url, connections } = await silence(t);
    assert.equal((await rejectionOf(connect(url, { signal: AbortSignal.abort() }))).code, 'cancelled');
    const controller = new AbortController();
    const connecting = rejectionOf(connect(url, { signal: controller.signal }));
    while (!connections.length) await new Promise(setImmediate);
    controller.abort();
    assert.equal((await connecting).code, 'cancelled');
    await connections[0].gone;
  });

  test('an abort of the signal after connecting does not affect the connection', async (t) => {
    const peer = await listen(echo);
    t.after(() => peer.stop());
    const controller = new AbortController();
    const socket = await connect(peer.url, { signal: controller.signal });
    controller.abort();
    await socket.send('still open');
    assert.equal(await socket.receive(), 'still open');
    await socket.close();
  });

  test('50 concurrent connections receive only their own messages', async (t) => {
    const peer = await listen((socket, request) => socket.send(request.url));
    t.after(() => peer.stop());
    const sockets = await Promise.all(Array.from({ length: 50 }, (_, i) => connect(`${peer.url}${i}`)));
    assert.deepEqual(
      await Promise.all(sockets.map((socket) => socket.receive())),
      sockets.map((_, i) => `/${i}`),
    );
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});

describe('the WebSocket implementation', limit, () => {
  /** Runs a module in a new Node process with the package installed, without Node's own WebSocket. */
  async function run(script, options) {
    const { folder } = install(options);
    const file = join(folder, 'script.mjs');
    writeFileSync(file, `delete globalThis.WebSocket;\n${script}`);
    return (await promisify(execFile)(process.execPath, [file])).stdout.trim();
  }

  test('is ws if Node has none; without ws the error names the package to install', async (t) => {
    const peer = await listen(echo);
    t.after(() => peer.stop());
    const script = `const { connect } = await import('twinsocket');
      await connect('${peer.url}').then((socket) => socket.close()).then((info) => console.log(info.code), (error) => console.log(error.code, error.message));`;
    assert.equal(await run(script), '1000');
    assert.match(await run(script, { ws: false }), /^unsupported .*npm install ws/);
  });

  test('is globalThis.WebSocket if it exists; an error of its constructor rejects with connect_failed', async () => {
    const script = `const { connect } = await import('twinsocket');
      globalThis.WebSocket = class { constructor(url) { throw new Error('not from this page: ' + url); } };
      await connect('ws://host/').catch((error) => console.log(error.code, error.message));`;
    assert.match(await run(script), /^connect_failed .*not from this page: ws:\/\/host\//);
  });

  test('is options.webSocket if given', async (t) => {
    const peer = await listen(echo);
    t.after(() => peer.stop());
    const made = [];
    class Noted extends WebSocket {
      constructor(url, subprotocols) {
        super(url, subprotocols);
        made.push([url, subprotocols]);
      }
    }
    const socket = await connect(peer.url, { subprotocols: ['a'], webSocket: Noted });
    assert.deepEqual(made, [[peer.url, ['a', 'a+heartbeat']]]);
    assert.equal((await socket.close()).clean, true);
  });

  test('may be the WebSocket of Node', { skip: !ownWebSocket && 'this Node has none' }, async (t) => {
    const peer = await listen(echo);
    t.after(() => peer.stop());
    const own = { webSocket: ownWebSocket };
    const socket = await connect(peer.url, own);
    for (const message of ['', 'a\0b', 'gr\u00f6\u00dfer'.repeat(20_000), new Uint8Array(100_000).fill(7)]) {
      await socket.send(message);
      assert.deepEqual(await socket.receive(), message);
    }
    assert.deepEqual(await socket.close(1001, 'enough'), {
      code: 1001,
      reason: 'enough',
      clean: true,
      initiator: 'local',
    });
    // Some versions of Node emit no close event for a connection that was never open.
    assert.equal((await rejectionOf(connect('ws://127.0.0.1:9/', own))).code, 'connect_failed');
    const { url } = await silence(t);
    assert.equal((await rejectionOf(connect(url, { ...own, timeout: 50 }))).code, 'timed_out');
  });

  test('does not keep a process alive after close()', async (t) => {
    const peer = await listen(echo);
    t.after(() => peer.stop());
    const started = performance.now();
    await run(`const { connect } = await import('twinsocket');
      const socket = await connect('${peer.url}');
      await socket.send('x'); await socket.receive({ timeout: 60000 }); await socket.close();`);
    assert.ok(performance.now() - started < 4_000, 'a timer kept it alive');
  });
});
