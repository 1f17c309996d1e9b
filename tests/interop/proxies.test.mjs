// Connections through real proxies: tinyproxy (CONNECT), microsocks (SOCKS5), and a Node proxy with TLS.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { connect as connectSocket, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Authority } from './certificates.mjs';
import { limit, program, ChildProgram, run, serve } from './programs.mjs';

const connect = (t, args, options = {}) => run(t, program, ['connect', ...args], { input: 'hello\n', ...options });
const answered = { code: 0, stdout: 'hello\n', stderr: '' };

/** A port that is free at the moment, for programs that cannot choose and report one. */
async function freePort() {
  const server = createSocketServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves as soon as the program listens on the port. */
async function listens(running, port) {
  for (;;) {
    const socket = connectSocket(port, '127.0.0.1');
    const open = await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    socket.destroy();
    if (open) return;
    const over = await Promise.race([running.ended.then(() => true), new Promise((resolve) => setImmediate(resolve))]);
    assert(!over, `it ended: ${running.stdout}${running.stderr}`);
  }
}

async function startTinyproxy(t, lines = []) {
  const folder = await mkdtemp(join(tmpdir(), 'twinsocket-proxy-'));
  t.after(() => rm(folder, { recursive: true }));
  const port = await freePort();
  const settings = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 60', 'Allow 127.0.0.1', 'LogLevel Connect', ...lines];
  await writeFile(join(folder, 'tinyproxy.conf'), `${settings.join('\n')}\n`);
  const proxy = new ChildProgram(t, 'tinyproxy', ['-d', '-c', join(folder, 'tinyproxy.conf')]);
  await listens(proxy, port);
  return { port, proxy };
}

async function startMicrosocks(t, ...options) {
  const port = await freePort();
  const proxy = new ChildProgram(t, 'microsocks', ['-i', '127.0.0.1', '-p', String(port), ...options]);
  await listens(proxy, port);
  return { port, proxy };
}

for (const secure of [false, true]) {
  const scheme = secure ? 'wss' : 'ws';

  async function startServer(t) {
    const authority = await Authority.make(t);
    const own = await authority.issue('server');
    const server = await serve(t, ...(secure ? ['--tls-cert', own.cert, '--tls-key', own.key] : []));
    const trust = secure ? ['--ca', authority.file] : [];
    return { url: `${server.ws}/echo`, trust, authority };
  }

  test(`${scheme}:// through tinyproxy`, limit, async (t) => {
    const { url, trust } = await startServer(t);
    const { port, proxy } = await startTinyproxy(t);
    assert.deepEqual(await connect(t, [url, ...trust, '--proxy', `http://127.0.0.1:${port}`]), answered);
    await proxy.prints(/CONNECT 127\.0\.0\.1:\d+/);
  });

  test(`${scheme}:// through tinyproxy with a password, without it and with a wrong one`, limit, async (t) => {
    const { url, trust } = await startServer(t);
    const { port } = await startTinyproxy(t, ['BasicAuth jan pass']);
    assert.deepEqual(await connect(t, [url, ...trust, '--proxy', `http://jan:p%61ss@127.0.0.1:${port}`]), answered);
    for (const credentials of ['', 'jan:wrong@']) {
      const refused = await connect(t, [url, ...trust, '--proxy', `http://${credentials}127.0.0.1:${port}`]);
      assert.match(refused.stderr, new RegExp(`the proxy http://127\\.0\\.0\\.1:${port} answered 40[17] `));
      assert.equal(refused.code, 1);
    }
  });

  test(`${scheme}:// through microsocks`, limit, async (t) => {
    const { url, trust } = await startServer(t);
    const { port } = await startMicrosocks(t);
    assert.deepEqual(await connect(t, [url, ...trust, '--proxy', `socks5://127.0.0.1:${port}`]), answered);
    const nobody = await connect(t, [`${scheme}://127.0.0.1:1/`, '--proxy', `socks5://127.0.0.1:${port}`]);
    assert.match(nobody.stderr, /the proxy socks5:\/\/127\.0\.0\.1:\d+ says that the host refused the connection/);
    assert.equal(nobody.code, 1);
  });

  test(`${scheme}:// through microsocks with a password, without it and with a wrong one`, limit, async (t) => {
    const { url, trust } = await startServer(t);
    const { port } = await startMicrosocks(t, '-u', 'jan', '-P', 'secret');
    assert.deepEqual(await connect(t, [url, ...trust, '--proxy', `socks5://jan:secret@127.0.0.1:${port}`]), answered);
    const wrong = await connect(t, [url, ...trust, '--proxy', `socks5://jan:wrong@127.0.0.1:${port}`]);
    assert.match(wrong.stderr, /refused the user or the password/);
    const none = await connect(t, [url, ...trust, '--proxy', `socks5://127.0.0.1:${port}`]);
    assert.match(none.stderr, /requires a user and a password/);
  });

  test(`${scheme}:// through an https:// proxy`, limit, async (t) => {
    const { url, authority } = await startServer(t);
    const own = await authority.issue('proxy');
    const proxy = createServer(own.texts).listen(0, '127.0.0.1');
    const asked = [];
    proxy.on('connect', (request, socket) => {
      asked.push(request.url);
      const [host, port] = request.url.split(':');
      const other = connectSocket(port, host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(other).pipe(socket);
      });
      for (const one of [socket, other]) one.on('error', () => {});
      t.after(() => [socket, other].forEach((one) => one.destroy()));
    });
    t.after(() => proxy.close());
    await once(proxy, 'listening');
    const address = `https://localhost:${proxy.address().port}`;
    assert.deepEqual(await connect(t, [url, '--ca', authority.file, '--proxy', address]), answered);
    assert.equal(asked.length, 1);
    const untrusted = await connect(t, [url, '--proxy', address]);
    assert.match(untrusted.stderr, /certificate of localhost .*not trusted/);
  });
}

test('http_proxy selects the proxy, and no_proxy exempts hosts from it', limit, async (t) => {
  const { port, proxy } = await startTinyproxy(t);
  const server = await serve(t);
  const { port: target } = new URL(server.ws);
  // A name that only the proxy resolves. localhost would bypass it.
  const url = `ws://no-such-host.invalid:${target}/echo`;
  const env = { ...process.env, http_proxy: `127.0.0.1:${port}` };
  const asked = await connect(t, [url], { env });
  assert.match(asked.stderr, /the proxy http:\/\/127\.0\.0\.1:\d+ answered 5\d\d /);
  await proxy.prints(/CONNECT no-such-host\.invalid:\d+/);
  const direct = await connect(t, [url], { env: { ...env, no_proxy: '.invalid' } });
  assert.match(direct.stderr, /no-such-host\.invalid/);
  assert.doesNotMatch(direct.stderr, /proxy/);
  assert.deepEqual(await connect(t, [`${server.ws}/echo`], { env }), answered);
});
