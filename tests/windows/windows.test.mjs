// The program for Windows, in Wine, with the program of this system.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Authority } from '../interop/certificates.mjs';
import { open } from '../interop/client.mjs';
import { program as ownProgram, run, serve } from '../interop/programs.mjs';
import { example, program, runInWine, serveInWine, startInWine, startWine } from './wine.mjs';

// Wine starts slowly, and a machine may do other work.
const limit = { timeout: 180_000 };
const lines = Array.from({ length: 10_000 }, (_, i) => `line ${i} \u00e9 ${'x'.repeat(i % 100)}\n`).join('');

before(startWine);

/** The options of a server and of a client: for ws, or for wss with a certificate of an authority. */
async function certificates(t, scheme) {
  if (scheme === 'ws') return { forServer: [], forClient: [] };
  const authority = await Authority.make(t);
  const own = await authority.issue('server');
  return { forServer: ['--tls-cert', own.cert, '--tls-key', own.key], forClient: ['--ca', authority.file] };
}

for (const scheme of ['ws', 'wss']) {
  describe(`10,000 messages over ${scheme}`, () => {
    test('the server for Windows echoes to the client of this system', limit, async (t) => {
      const { forServer, forClient } = await certificates(t, scheme);
      const server = await serveInWine(t, ...forServer);
      const client = await run(t, ownProgram, ['connect', `${server.ws}/echo`, ...forClient], { input: lines });
      assert.equal(client.stderr, '');
      assert(client.stdout === lines);
      assert.equal(client.code, 0);
    });

    test('the server of this system echoes to the client for Windows', limit, async (t) => {
      const { forServer, forClient } = await certificates(t, scheme);
      const server = await serve(t, ...forServer);
      const client = await runInWine(t, program, ['connect', `${server.ws}/echo`, ...forClient], lines);
      assert.equal(client.stderr, '');
      assert(client.stdout === lines);
      assert.equal(client.code, 0);
    });
  });
}

test('Ctrl-C closes the connections of all threads with 1001, and the server exits with 0', limit, async (t) => {
  const server = await serveInWine(t, '--threads', '3');
  const clients = await Promise.all(Array.from({ length: 7 }, () => open(t, `${server.ws}/echo`)));
  for (const [i, client] of clients.entries()) client.send(`number ${i}`);
  for (const [i, client] of clients.entries()) assert.equal(await client.next(), `number ${i}`);
  server.kill('SIGINT');
  for (const client of clients) assert.equal((await client.closed).code, 1001);
  assert.equal(await server.ended, 0, server.stderr);
});

test('the log names the address of a client', limit, async (t) => {
  const server = await serveInWine(t, '--log', 'debug');
  await open(t, `${server.ws}/echo`);
  const [, address] = await server.prints(/websocket opened" client=(\S+)/, 'stderr');
  assert.match(address, /^127\.0\.0\.1:[1-9]\d*$/);
});

test('Ctrl-C closes the connection of the client', limit, async (t) => {
  const server = await serve(t);
  const client = startInWine(t, program, ['connect', `${server.ws}/echo`, '--verbose']);
  client.type('hello\n');
  await client.prints(/< text {3}hello/);
  client.kill('SIGINT');
  assert.equal(await client.ended, 0, client.stderr);
});

test('a client without the certificate of the authority refuses the server', limit, async (t) => {
  const { forServer } = await certificates(t, 'wss');
  const server = await serve(t, ...forServer);
  const client = await runInWine(t, program, ['connect', `${server.ws}/echo`]);
  assert.match(client.stderr, /not trusted/);
  assert.equal(client.code, 1);
});

describe('files', () => {
  /** The status of a path as it is, which URL would change. */
  const get = async (server, path) => {
    const { hostname, port } = new URL(server.http);
    const asked = request({ host: hostname, port, path }).end();
    const [response] = await once(asked, 'response');
    let text = '';
    for await (const part of response.setEncoding('utf8')) text += part;
    return { status: response.statusCode, text };
  };

  test('serves the files of a folder, whose names are UTF-8, and nothing else', limit, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'twinsocket-windows-'));
    t.after(() => rm(folder, { recursive: true }));
    const site = join(folder, 'caf\u00e9 \u65e5');
    await mkdir(join(site, 'sub'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(site, 'index.html'), 'the index');
    await writeFile(join(site, 'caf\u00e9.txt'), 'coffee');
    await writeFile(join(site, 'sub', 'index.html'), 'below');
    await writeFile(join(site, '.hidden'), 'hidden');
    await symlink('../secret.txt', join(site, 'out.txt'));
    await symlink('..', join(site, 'up'));
    const server = await serveInWine(t, '--site', site);
    assert.deepEqual(await get(server, '/'), { status: 200, text: 'the index' });
    assert.deepEqual(await get(server, '/index.html'), { status: 200, text: 'the index' });
    assert.deepEqual(await get(server, '/caf%C3%A9.txt'), { status: 200, text: 'coffee' });
    assert.deepEqual(await get(server, '/sub/'), { status: 200, text: 'below' });
    assert.equal((await get(server, '/sub')).status, 301);
    const refused = ['/secret.txt', '/out.txt', '/up/secret.txt', '/..%5Csecret.txt', '/sub%5Cindex.html', '/../secret.txt',
      '/INDEX.HTML', '/index.html.', '/index.html%20', '/index.html::$DATA', '/index.html%3A%3A$DATA', '/sub:a', '/NUL', '/con',
      '/CON.txt', '/aux.tar.gz', '/COM1', '/CONIN$', '/INDEX~1.HTM', '/C:/windows/win.ini', '/.hidden', '/%00', '/index.html%00',
      '/caf%E9.txt'];
    for (const path of refused) {
      const { status, text } = await get(server, path);
      assert(status === 404 || status === 400, `${path}: ${status} ${text}`);
      assert(!text.includes('secret\n'), path);
    }
  });
});

test('metrics have the memory, the CPU time and the start of the process', limit, async (t) => {
  const server = await serveInWine(t);
  const text = await (await fetch(`${server.http}/metrics`)).text();
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'process_start_time_seconds']) {
    const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? assert.fail(text);
    assert(Number(value) > 0, `${name} ${value}`);
  }
});

describe('sensors', () => {
  const firstReading = async (t, ...options) => {
    const server = await serveInWine(t, ...options);
    const client = await open(t, `${server.ws}/sensors`);
    return client.next();
  };

  test('of the system are its load and its memory', limit, async (t) => {
    const text = await firstReading(t, '--sensors', 'system');
    assert.match(text, /CPU load/);
    assert.match(text, /Memory used/);
  });

  test('of a command are its output, without a shell', limit, async (t) => {
    const text = await firstReading(t, '--sensors', "command:cmd /c 'echo cpu: 45.5 C'");
    assert.match(text, /45\.5/);
  });
});

test('a Unix-domain socket is listened on, or the error says that the system has none', limit, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'twinsocket-windows-'));
  t.after(() => rm(folder, { recursive: true }));
  const server = startInWine(t, program, ['serve', '--unix', join(folder, 'a.socket'), '--no-site', '--sensors', 'simulated']);
  const listening = server.prints(/^serving on unix:/m).then(
    () => true,
    () => false,
  );
  if (await listening) return;
  assert.equal(await server.ended, 2);
  assert.match(server.stderr, /cannot listen on unix:.*a\.socket: this system has no Unix-domain sockets/);
});

test('--socket-activation fails, because Windows has no systemd', limit, async (t) => {
  const ended = await runInWine(t, program, ['serve', '--socket-activation', '--no-site', '--sensors', 'simulated']);
  assert.match(ended.stderr, /systemd is not available on Windows/);
  assert.equal(ended.code, 2);
});

test('the examples talk to each other', limit, async (t) => {
  const server = startInWine(t, example('person_server'), ['0']);
  const [, port] = await server.prints(/:(\d+)/);
  for (const name of ['json', 'xml']) {
    const client = await runInWine(t, example(`person_client_${name}`), [`ws://127.0.0.1:${port}/person/${name}`]);
    assert.equal(client.code, 0, client.stderr);
  }
});
