// wss:// and https:// with the TLS implementations of other programs.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer, get } from 'node:https';
import { describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import { Authority } from './certificates.mjs';
import { example, limit, program, python, ChildProgram, run, script, serve } from './programs.mjs';

const connect = (t, ...args) => run(t, program, ['connect', ...args], { input: 'hello\n' });

/** A Node server that echoes, and reports data of the handshake. */
async function startNode(t, own, options = {}) {
  const server = createServer({ ...own.texts, ...options });
  const sockets = new WebSocketServer({ server });
  const seen = [];
  sockets.on('connection', (socket, request) => {
    const peer = request.socket.getPeerCertificate?.();
    seen.push({ headers: request.headers, alpn: request.socket.alpnProtocol, name: request.socket.servername, peer });
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
  t.after(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, seen };
}

async function startPython(t, own) {
  const server = new ChildProgram(t, python, [script('tls_server.py'), own.cert, own.key]);
  const [port] = await server.prints(/^\d+$/m);
  return { port };
}

const certificateOf = (port) =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    }).on('error', reject);
  });

for (const [name, start] of [
  ["Node's ws", startNode],
  ["Python's websockets", startPython],
]) {
  describe(`TLS connect to a server of ${name}`, () => {
    test('accepts a certificate of a trusted authority and refuses any other', limit, async (t) => {
      const authority = await Authority.make(t);
      const { port } = await start(t, await authority.issue('server'));
      for (const host of ['localhost', '127.0.0.1']) {
        const echoed = await connect(t, `wss://${host}:${port}/`, '--ca', authority.file);
        assert.deepEqual(echoed, { code: 0, stdout: 'hello\n', stderr: '' });
      }
      const refused = await connect(t, `wss://localhost:${port}/`);
      assert.match(refused.stderr, /certificate of localhost .* not trusted: "CN = interop authority"/);
      assert.equal(refused.code, 1);
      const insecure = await connect(t, `wss://localhost:${port}/`, '--insecure');
      assert.equal(insecure.stdout, 'hello\n');
      assert.match(insecure.stderr, /--insecure/);
    });

    test('refuses a certificate for another host and reports both names', limit, async (t) => {
      const authority = await Authority.make(t);
      const { port } = await start(t, await authority.issue('server', 'DNS:example.com'));
      const refused = await connect(t, `wss://localhost:${port}/`, '--ca', authority.file);
      assert.match(refused.stderr, /is for "example\.com" and not for "localhost"/);
      assert.equal(refused.code, 1);
    });
  });
}

test('connect sends the host name as SNI, http/1.1 as ALPN, and the headers of --origin and --header', limit, async (t) => {
  const authority = await Authority.make(t);
  const { port, seen } = await startNode(t, await authority.issue('server'));
  const options = ['--ca', authority.file, '--origin', 'https://page.example', '--header', 'X-Key: abc'];
  assert.equal((await connect(t, `wss://localhost:${port}/`, ...options)).code, 0);
  assert.equal(seen[0].alpn, 'http/1.1');
  assert.equal(seen[0].name, 'localhost');
  assert.equal(seen[0].headers.origin, 'https://page.example');
  assert.equal(seen[0].headers['x-key'], 'abc');
});

test('--cert sends a client certificate, and connect reports that a server requires one', limit, async (t) => {
  const authority = await Authority.make(t);
  const own = await authority.issue('server');
  const client = await authority.issue('jan', 'DNS:jan.example');
  const { port, seen } = await startNode(t, own, { requestCert: true, ca: authority.pem });
  const url = `wss://localhost:${port}/`;
  const told = await connect(t, url, '--ca', authority.file, '--cert', client.cert, '--key', client.key);
  assert.equal(told.stdout, 'hello\n');
  assert.equal(seen[0].peer.subject.CN, 'jan');
  assert.equal((await connect(t, url, '--ca', authority.file)).code, 1);

  // OpenSSL's own server prints why it refuses.
  const files = ['-cert', own.cert, '-key', own.key, '-CAfile', authority.file];
  const strict = new ChildProgram(t, 'openssl', ['s_server', '-accept', '127.0.0.1:0', '-Verify', '1', ...files]);
  const [, strictPort] = await strict.prints(/^ACCEPT 127\.0\.0\.1:(\d+)$/m);
  const refused = await connect(t, `wss://localhost:${strictPort}/`, '--ca', authority.file);
  assert.match(refused.stderr, /localhost requires a client certificate/);
  assert.equal(refused.code, 1);
});

test('TLS clients of Python and Node connect to the server over wss and https', limit, async (t) => {
  const authority = await Authority.make(t);
  const own = await authority.issue('server');
  const server = await serve(t, '--tls-cert', own.cert, '--tls-key', own.key);
  const url = `${server.ws}/echo`;

  const ended = await run(t, python, [script('tls_client.py'), url, authority.file]);
  assert.deepEqual(ended, { code: 0, stdout: 'TLSv1.3\n', stderr: '' });

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const socket = new WebSocket(url, { ca: authority.pem, maxVersion });
    t.after(() => socket.terminate());
    await once(socket, 'open');
    socket.send('hello');
    assert.equal((await once(socket, 'message'))[0].toString(), 'hello');
    socket.close(1000);
    assert.equal((await once(socket, 'close'))[0], 1000);
  }

  const answer = await new Promise((resolve, reject) => {
    get(`${server.http}/healthz`, { ca: authority.pem }, resolve).on('error', reject);
  });
  assert.equal(answer.statusCode, 200);
  answer.resume();
});

test('--tls-self-signed prints the fingerprint of the served certificate', limit, async (t) => {
  const server = await serve(t, '--tls-self-signed');
  const [, printed] = await server.prints(/^certificate, SHA-256: ([0-9A-F:]+)$/m);
  assert.equal(await certificateOf(new URL(server.http).port), printed);
  assert.match(server.http, /^https:/);
});

test('SIGHUP reloads the certificate; an invalid one is reported and the old one kept', limit, async (t) => {
  const authority = await Authority.make(t);
  const first = await authority.issue('first');
  const second = await authority.issue('second');
  const [cert, key] = [authority.path('current.pem'), authority.path('current.key')];
  const use = async (one) => {
    await copyFile(one.key, key);
    await copyFile(one.cert, cert);
  };
  await use(first);
  const server = await serve(t, '--tls-cert', cert, '--tls-key', key);
  const { port } = new URL(server.http);
  const before = await certificateOf(port);

  await writeFile(cert, 'nonsense');
  server.kill('SIGHUP');
  await server.prints(/certificate not changed.*no certificate in PEM form/, 'stderr');
  assert.equal(await certificateOf(port), before);

  await use(second);
  server.kill('SIGHUP');
  for (let after = before; after === before; after = await certificateOf(port));
  const begin = performance.now();
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert(performance.now() - begin < 4000, 'waiting for signals must not hold up the end');
});

test('tls_echo_client works with tls_echo_server, and the other clients accept --ca and --insecure', limit, async (t) => {
  const authority = await Authority.make(t);
  const own = await authority.issue('server');
  const server = new ChildProgram(t, example('tls_echo_server'), ['0', own.cert, own.key]);
  const [, url] = await server.prints(/^serving on (wss:\S+)$/m);
  const greeted = await run(t, example('tls_echo_client'), ['--ca', authority.file, url]);
  assert.deepEqual(greeted, { code: 0, stdout: 'hello\n', stderr: '' });
  assert.equal((await run(t, example('tls_echo_client'), ['--ca', own.key, url])).code, 1);

  const selfSigned = new ChildProgram(t, example('tls_echo_server'), ['0']);
  const [, other] = await selfSigned.prints(/^serving on (wss:\S+)$/m);
  const trusted = authority.path('made.pem');
  await writeFile(trusted, selfSigned.stdout.slice(0, selfSigned.stdout.indexOf('echoing')));
  assert.equal((await run(t, example('tls_echo_client'), ['--ca', trusted, other])).stdout, 'hello\n');

  const site = await serve(t, '--tls-cert', own.cert, '--tls-key', own.key, '--origin', 'https://page.example');
  const base = site.ws.replace('127.0.0.1', 'localhost');
  for (const [name, path] of [
    ['echo_client', '/hello'],
    ['person_client_json', '/person/json'],
    ['person_client_xml', '/person/xml'],
  ]) {
    const options = ['--origin', 'https://page.example', '--ca', authority.file];
    assert.equal((await run(t, example(name), [...options, base + path])).code, 0);
    assert.equal((await run(t, example(name), ['--insecure', base + path])).code, 0);
    assert.equal((await run(t, example(name), [base + path])).code, 1);
    assert.equal((await run(t, example(name), ['--origin', 'https://evil.example', '--insecure', base + path])).code, 1);
  }
  const reconnecting = new ChildProgram(t, example('reconnecting_client'), ['--ca', authority.file, `${base}/echo`]);
  await reconnecting.prints(/^Received: number 1$/m);
  reconnecting.kill('SIGINT');
  assert.equal(await reconnecting.ended, 0);
  const ticker = new ChildProgram(t, example('ticker_client'), ['--ca', authority.file, `${base}/echo`]);
  await ticker.prints(/^\d{4}-/m);
  ticker.kill('SIGINT');
  assert.equal(await ticker.ended, 0);
});
