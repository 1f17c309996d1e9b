// permessage-deflate between our server and clients, and between our client and servers, of two other libraries.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './client.mjs';
import { limit, python, run, script, serve } from './programs.mjs';
import { servers } from './servers.mjs';

const client = process.env.TWINSOCKET_COMPRESSED_CLIENT;

function prose(size) {
  let text = '';
  for (let i = 0; text.length < size; i += 1) text += `reading ${(i * 7919) % 100003}, `;
  return text.slice(0, size);
}

function noise(size) {
  const bytes = Buffer.alloc(size);
  for (let i = 0, next = 1; i < size; i += 1) {
    next = (Math.imul(next, 1664525) + 1013904223) >>> 0;
    bytes[i] = next >>> 24;
  }
  return bytes;
}

// The parameters that the server requests by default.
const noContextTakeover = { server_no_context_takeover: true, client_no_context_takeover: true };
const messages = ['', 'hello', Buffer.alloc(0), prose(1023), prose(5000), prose(5000), noise(5000), noise(100_000), prose(1 << 20), 'x'.repeat(16 << 20)];

for (const [name, offer, answer] of [
  ['all defaults', {}, {}],
  ['small windows', { serverMaxWindowBits: 9, clientMaxWindowBits: 10 }, { server_max_window_bits: 9, client_max_window_bits: 10 }],
]) {
  test(`the server echoes compressed messages of Node's ws with ${name}`, limit, async (t) => {
    const server = await serve(t, '--compression', 'on');
    const peer = await open(t, `${server.ws}/echo`, [], { perMessageDeflate: { threshold: 0, ...offer } });
    assert.deepEqual({ ...peer.socket._extensions['permessage-deflate'].params }, { ...noContextTakeover, ...answer });
    for (const sent of messages) {
      peer.send(sent);
      assert.deepEqual(await peer.next(), sent);
    }
    peer.send('one ', { fin: false });
    peer.socket.ping('between');
    peer.send(prose(5000), { fin: true });
    assert.equal(await peer.next(), `one ${prose(5000)}`);
    assert.deepEqual(await peer.close(1000), { code: 1000, reason: '' });
  });
}

test('compression reduces the bytes on the network in both directions', limit, async (t) => {
  const server = await serve(t, '--compression', 'on');
  const peer = await open(t, `${server.ws}/echo`, [], { perMessageDeflate: true });
  peer.send(prose(1 << 20));
  assert.equal(await peer.next(), prose(1 << 20));
  const { bytesRead, bytesWritten } = peer.socket._socket;
  assert(bytesRead < (1 << 20) / 2, `${bytesRead} bytes were read`);
  assert(bytesWritten < (1 << 20) / 2, `${bytesWritten} bytes were written`);
});

test('the server compresses only with --compression on and if the client offers it', limit, async (t) => {
  for (const [options, offer] of [[['--compression', 'on'], false], [['--compression', 'off'], true], [[], true]]) {
    const server = await serve(t, ...options);
    const peer = await open(t, `${server.ws}/echo`, [], { perMessageDeflate: offer });
    assert.equal(peer.socket.extensions, '');
    peer.send(prose(5000));
    assert.equal(await peer.next(), prose(5000));
    assert(peer.socket._socket.bytesRead > 5000);
  }
});

for (const scenario of ['echo', 'many', 'fragments']) {
  test(`a compressing client of Python's websockets completes the scenario '${scenario}'`, limit, async (t) => {
    const server = await serve(t, '--compression', 'on');
    const { code, stderr } = await run(t, python, [script('client.py'), scenario, `${server.ws}/echo`]);
    assert.equal(code, 0, stderr);
  });
}

test('a message that inflates to more than --max-message closes with 1009', limit, async (t) => {
  const server = await serve(t, '--compression', 'on', '--max-message', '100000');
  const peer = await open(t, `${server.ws}/echo`, [], { perMessageDeflate: true });
  peer.send('x'.repeat(100_000));
  assert.equal((await peer.next()).length, 100_000);
  peer.send('x'.repeat(100_001));
  const { code, reason } = await peer.closed;
  assert.equal(code, 1009);
  assert.match(reason, /100000/);
});

for (const { name, start } of servers) {
  for (const [kind, options] of [['no compression', ['0']], ['all defaults', []], ['a window of 10 bits', ['10']], ['no context takeover', ['15', 'alone']]]) {
    test(`the client exchanges messages with a server of ${name}, with ${kind}`, { ...limit, skip: !client && 'only where CMake built it' }, async (t) => {
      const server = await start(t);
      const { code, stderr } = await run(t, client, [`${server.url}/echo`, ...options]);
      assert.equal(stderr, '');
      assert.equal(code, 0);
    });
  }
}
