// Go programs with golang.org/x/net/websocket and gorilla/websocket: their clients with our server, and our client with
// their servers.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { startClient } from '../conformance/programs.mjs';
import { Authority } from './certificates.mjs';
import { example, limit, program, ChildProgram, run, serve } from './programs.mjs';

const folder = process.env.TWINSOCKET_GO_PEERS ?? fileURLToPath(new URL('../../build/release/go', import.meta.url));
const programs = { ...limit, skip: !existsSync(join(folder, 'peer')) && 'only where CMake found Go and both libraries' };
const built = (name) => join(folder, name);

/** The same over TLS: Go reads the trusted authority from SSL_CERT_FILE. */
const trusting = (authority) => ({ env: { ...process.env, SSL_CERT_FILE: authority.file, SSL_CERT_DIR: authority.folder } });

async function startPeer(t, name, ...words) {
  const peer = new ChildProgram(t, built(name), words);
  const [, port] = await peer.prints(/^(\d+)$/m);
  return { url: `ws://127.0.0.1:${port}`, ended: peer.ended, output: () => peer.stdout.trimEnd().split('\n').slice(1), running: peer };
}

for (const [library, compress] of [['xnet', ''], ['gorilla', ''], ['gorilla', 'compress']]) {
  const options = compress ? [compress] : [];
  const name = `${library}${compress && ', compressed'}`;

  test(`the server echoes messages of 0 B to 16 MiB to a client of ${name}`, programs, async (t) => {
    const server = await serve(t, '--compression', 'on');
    const { code, stdout, stderr } = await run(t, built('peer'), [library, 'client', `${server.ws}/echo`, ...options]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.equal(stdout.trim(), '1000');
  });

  test(`the client echoes messages of 0 B to 16 MiB to a server of ${name}`, programs, async (t) => {
    const peer = await startPeer(t, 'peer', library, 'server', ...options);
    const client = startClient(t, `${peer.url}/`, 1, ...(compress ? ['compression'] : []));
    assert.equal(await peer.ended, 0, peer.running.stderr);
    const { code, error } = await client.outcome(0);
    assert.equal(code, 1000, error);
  });
}

test('the server echoes the close code and reason of a gorilla client', programs, async (t) => {
  const server = await serve(t);
  const { stdout, stderr } = await run(t, built('peer'), ['gorilla', 'client', `${server.ws}/echo`, 'close', '4001', 'enough of it']);
  assert.equal(stderr, '');
  assert.equal(stdout.trim(), '4001 enough of it');
});

test('the client reports the close code and reason of a gorilla server', programs, async (t) => {
  const peer = await startPeer(t, 'peer', 'gorilla', 'server', 'close', '4001', 'enough of it');
  const client = startClient(t, `${peer.url}/`, 1);
  const { code, reason, clean, initiator } = await client.outcome(0);
  assert.deepEqual({ code, reason, clean, initiator }, { code: 4001, reason: 'enough of it', clean: true, initiator: 'remote' });
  assert.equal(await peer.ended, 0);
  assert.deepEqual(peer.output(), ['4001 enough of it']);
});

test('a gorilla server receives the close code and reason of the client', programs, async (t) => {
  const peer = await startPeer(t, 'peer', 'gorilla', 'server', 'ask', '3005', 'that was all');
  const client = startClient(t, `${peer.url}/`, 1);
  const { code, reason, clean, initiator } = await client.outcome(0);
  assert.deepEqual({ code, reason, clean, initiator }, { code: 3005, reason: 'that was all', clean: true, initiator: 'local' });
  assert.equal(await peer.ended, 0, peer.running.stderr);
  assert.deepEqual(peer.output(), ['3005 that was all']);
});

test('the client reports 1006 if an x/net server answers its close frame by ending the stream', programs, async (t) => {
  const peer = await startPeer(t, 'peer', 'xnet', 'server', 'ask', '1000', 'done');
  const client = startClient(t, `${peer.url}/`, 1);
  const { code, initiator } = await client.outcome(0);
  assert.deepEqual({ code, initiator }, { code: 1006, initiator: 'local' });
  assert.equal(await peer.ended, 0, peer.running.stderr);
});

test('the server accepts the x/net tutorial client with the Origin http://localhost/ and its own', programs, async (t) => {
  const server = await serve(t);
  for (const origin of ['http://localhost/', `${server.http}/`, server.http]) {
    const { code, stdout, stderr } = await run(t, built('xnet_tutorial'), ['dial', `${server.ws}/echo`, origin]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'Received: hello, world!\nReceived: Jan\n');
  }
});

test('the server refuses the x/net tutorial client with a foreign Origin unless --origin allows it', programs, async (t) => {
  const elsewhere = 'http://elsewhere.example/';
  const closed = await serve(t);
  const refused = await run(t, built('xnet_tutorial'), ['dial', `${closed.ws}/echo`, elsewhere]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /bad status/);
  const open = await serve(t, '--origin', 'http://elsewhere.example');
  const accepted = await run(t, built('xnet_tutorial'), ['dial', `${open.ws}/echo`, elsewhere]);
  assert.equal(accepted.code, 0, accepted.stderr);
});

test('the x/net tutorial server refuses the client without an Origin and accepts it with --origin', programs, async (t) => {
  const { url } = await startPeer(t, 'xnet_tutorial', 'serve');
  const { code, stderr } = await run(t, example('smallest_client'), [`${url}/echo`]);
  assert.equal(code, 0);
  assert.match(stderr, /403/);
  const args = ['connect', `${url}/echo`, '--origin', 'http://localhost/'];
  const accepted = await run(t, program, args, { input: 'hello\n' });
  assert.match(accepted.stdout, /^hello$/m);
  assert.equal(accepted.code, 3); // The server ends the stream without a close frame.
});

test('echo_client exits with 0 if an x/net server ends the stream without a close frame', programs, async (t) => {
  const { url } = await startPeer(t, 'xnet_tutorial', 'serve');
  const { code, stdout, stderr } = await run(t, example('echo_client'), ['--origin', 'http://localhost/', `${url}/greet`]);
  assert.equal(stderr, '');
  assert.match(stdout, /^Received from server: hello\nClosed: 1006 \(the connection ended without a close frame\)\n$/);
  assert.equal(code, 0);
});

test('the gorilla tutorial client works with the server', programs, async (t) => {
  const server = await serve(t);
  const { code, stdout, stderr } = await run(t, built('gorilla_tutorial'), ['dial', `${server.ws}/echo`]);
  assert.equal(code, 0, stderr);
  const echoed = [0, 1, 2].map((i) => `recv: message ${i}\n`).join('');
  assert.equal(stdout, `${echoed}read: websocket: close 1000 (normal)\n`);
});

test('smallest_client works with the gorilla tutorial server', programs, async (t) => {
  const { url } = await startPeer(t, 'gorilla_tutorial', 'serve');
  const { code, stdout, stderr } = await run(t, example('smallest_client'), [`${url}/echo`]);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.equal(stdout, 'hello\n');
});

test('both tutorial clients connect to the server over TLS and verify its certificate', programs, async (t) => {
  const authority = await Authority.make(t);
  const { cert, key } = await authority.issue('localhost');
  const server = await serve(t, '--tls-cert', cert, '--tls-key', key);
  const url = `${server.ws}/echo`;
  assert.match(url, /^wss:/);
  for (const [name, ...more] of [['xnet_tutorial', 'https://localhost/'], ['gorilla_tutorial']]) {
    const words = ['dial', url, ...more];
    const { code, stderr } = await run(t, built(name), words, trusting(authority));
    assert.equal(code, 0, stderr);
    const untrusted = await run(t, built(name), words);
    assert.match(untrusted.stderr, /x509: certificate signed by unknown authority/);
  }
});

test('the client connects to both tutorial servers over TLS and verifies their certificates', programs, async (t) => {
  const authority = await Authority.make(t);
  const { cert, key } = await authority.issue('localhost');
  for (const [name, end] of [['xnet_tutorial', 3], ['gorilla_tutorial', 0]]) {
    const { url } = await startPeer(t, name, 'serve', cert, key);
    const address = `${url.replace('ws:', 'wss:')}/echo`;
    const origin = ['--origin', address.replace('wss:', 'https:').replace('/echo', '')];
    const accepted = await run(t, program, ['connect', address, ...origin, '--ca', authority.file], { input: 'hello\n' });
    assert.match(accepted.stdout, /^hello$/m);
    assert.equal(accepted.code, end, accepted.stderr);
    const untrusted = await run(t, program, ['connect', address, ...origin], { input: 'hello\n' });
    assert.equal(untrusted.code, 1);
    assert.match(untrusted.stderr, /certificate/);
  }
});
