// Listeners of `twinsocket serve`: several addresses, Unix-domain sockets, and inherited sockets.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ChildProgram, limit, program, serve } from './programs.mjs';

function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'twinsocket-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** Starts the server as a systemd socket unit does: it inherits `sockets` as the descriptors from 3 on. */
function activated(t, sockets, names, ...options) {
  // LISTEN_PID must be the server's process id, which a shell knows that execs the server.
  const line = `LISTEN_PID=$$ LISTEN_FDS=${sockets.length} exec "$0" "$@"`;
  return new ChildProgram(t, '/bin/sh', ['-c', line, program, 'serve', '--sensors', 'simulated', ...options], {
    stdio: ['pipe', 'pipe', 'pipe', ...sockets],
    env: { ...process.env, ...(names && { LISTEN_FDNAMES: names }) },
  });
}

async function get(options) {
  const sent = request({ host: '127.0.0.1', path: '/healthz', agent: false, ...options }).end();
  const [answer] = await once(sent, 'response');
  answer.resume();
  return answer.statusCode;
}

async function listening(...where) {
  const socket = createServer();
  socket.listen(...where);
  await once(socket, 'listening');
  return socket;
}

test('each --host is a listener, and serve prints them in that order', limit, async (t) => {
  const server = await serve(t, '--host', '127.0.0.2', '--host', 'localhost', '--host', '::1', '--threads', '2');
  const lines = server.stdout.match(/^serving on .*$/gm);
  assert.match(lines[0], /^serving on http:\/\/127\.0\.0\.2:\d+\/$/);
  assert.match(lines[1], /^serving on http:\/\/localhost:\d+\/$/);
  assert.match(lines[2], /^serving on http:\/\/\[::1\]:\d+\/$/);
  assert.equal(lines.length, 3);
  // A machine without /etc/hosts does not resolve "localhost".
  const urls = lines.map((line) => line.slice('serving on '.length).replace('localhost', '127.0.0.1'));
  for (const url of urls) assert.equal((await fetch(`${url}healthz`)).status, 200);
});

test('--unix creates a socket with the permissions of --unix-mode and removes it on shutdown', limit, async (t) => {
  const path = join(folder(t), 'socket');
  const server = new ChildProgram(t, program, ['serve', '--sensors', 'simulated', '--unix', path, '--unix-mode', '0660']);
  await server.prints(/^serving on unix:/m);
  assert.deepEqual(server.stdout.match(/^serving on .*$/gm), [`serving on unix:${path}`]);
  assert.equal(statSync(path).mode & 0o777, 0o660);
  assert.equal(await get({ socketPath: path }), 200);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  assert(!existsSync(path));
});

test('--unix replaces the socket file of a killed server', limit, async (t) => {
  const path = join(folder(t), 'socket');
  const first = new ChildProgram(t, program, ['serve', '--sensors', 'simulated', '--unix', path]);
  await first.prints(/^serving on unix:/m);
  first.kill('SIGKILL');
  await first.ended;
  assert(existsSync(path));
  const second = new ChildProgram(t, program, ['serve', '--sensors', 'simulated', '--unix', path]);
  await second.prints(/^serving on unix:/m);
  assert.equal(await get({ socketPath: path }), 200);
});

test('--socket-activation serves inherited TCP and Unix-domain sockets', limit, async (t) => {
  const path = join(folder(t), 'socket');
  const sockets = [await listening(0, '127.0.0.1'), await listening(path)];
  const { port } = sockets[0].address();
  const server = activated(t, sockets.map((s) => s._handle.fd), 'http:local', '--socket-activation', '--threads', '2');
  await server.prints(/^serving on unix:/m);
  assert.deepEqual(server.stdout.match(/^serving on .*$/gm), [`serving on http://127.0.0.1:${port}/`, `serving on unix:${path}`]);
  // From here on only the server accepts.
  for (const socket of sockets) socket._handle.close();
  assert.equal(await get({ port }), 200);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
});

test('--fd serves an inherited socket', limit, async (t) => {
  const socket = await listening(0, '127.0.0.1');
  const { port } = socket.address();
  const server = new ChildProgram(t, program, ['serve', '--sensors', 'simulated', '--fd', '3'], {
    stdio: ['pipe', 'pipe', 'pipe', socket._handle.fd],
  });
  await server.prints(/^serving on http:/m);
  socket._handle.close();
  assert.equal(await get({ port }), 200);
});

test('--socket-activation refuses sockets if LISTEN_PID is another process', limit, async (t) => {
  const socket = await listening(0, '127.0.0.1');
  t.after(() => socket.close());
  const server = new ChildProgram(t, program, ['serve', '--sensors', 'simulated', '--socket-activation'], {
    stdio: ['pipe', 'pipe', 'pipe', socket._handle.fd],
    env: { ...process.env, LISTEN_PID: '1', LISTEN_FDS: '1' },
  });
  assert.equal(await server.ended, 2);
  assert.match(server.stderr, /^twinsocket: [^\n]*LISTEN_PID is "1", this process is \d+[^\n]*\n$/);
});
