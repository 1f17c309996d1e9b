// /echo and /ws/echo with clients of two other libraries.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { open, refusal } from './client.mjs';
import { limit, python, run, script, serve } from './programs.mjs';

const everyByte = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i));
const messages = {
  text: 'hello',
  'text that is not ASCII': 'Gr\u00fc\u00dfe \u{1f600} \u6771\u4eac \u0000',
  'an empty text': '',
  'an empty binary message': Buffer.alloc(0),
  'every byte': everyByte,
  '1 MiB of text': 'x'.repeat(1 << 20),
  '1 MiB of bytes': Buffer.concat(Array(4096).fill(everyByte)),
};

for (const path of ['/echo', '/ws/echo']) {
  test(`${path} echoes text and binary messages with their opcode`, limit, async (t) => {
    const server = await serve(t);
    const client = await open(t, server.ws + path);
    for (const [name, sent] of Object.entries(messages)) {
      client.send(sent);
      assert.deepEqual(await client.next(), sent, name);
    }
    assert.deepEqual(await client.close(1000), { code: 1000, reason: '' });
  });
}

test('/echo preserves the order of 1,000 messages that are sent without waiting', limit, async (t) => {
  const server = await serve(t);
  const client = await open(t, `${server.ws}/echo`);
  for (let i = 0; i < 1000; i += 1) client.send(`message ${i}`);
  for (let i = 0; i < 1000; i += 1) assert.equal(await client.next(), `message ${i}`);
});

test('/echo reassembles a fragmented message, also with a ping between its fragments', limit, async (t) => {
  const server = await serve(t);
  const client = await open(t, `${server.ws}/echo`);
  const pong = once(client.socket, 'pong');
  client.send('one ', { fin: false });
  client.socket.ping('between');
  client.send('', { fin: false });
  client.send('two', { fin: true });
  assert.equal((await pong)[0].toString(), 'between');
  assert.equal(await client.next(), 'one two');
  client.send(Buffer.of(1), { fin: false });
  client.send(Buffer.of(2), { fin: true });
  assert.deepEqual(await client.next(), Buffer.of(1, 2));
});

test('the server answers a ping with a pong of the same payload', limit, async (t) => {
  const server = await serve(t);
  const client = await open(t, `${server.ws}/echo`);
  for (const payload of ['', 'payload', 'x'.repeat(125)]) {
    client.socket.ping(payload);
    const [answer] = await once(client.socket, 'pong');
    assert.equal(answer.toString(), payload);
  }
});

for (const [scenario, name] of [
  ['echo', 'echoes text and binary messages with their opcode'],
  ['many', 'preserves the order of messages'],
  ['fragments', 'reassembles fragmented messages'],
  ['ping', 'answers pings'],
]) {
  test(`with a client of Python's websockets, the server ${name}`, limit, async (t) => {
    const server = await serve(t);
    const { code, stderr } = await run(t, python, [script('client.py'), scenario, `${server.ws}/echo`]);
    assert.equal(code, 0, stderr);
  });
}

test('a message larger than --max-message closes with 1009', limit, async (t) => {
  const server = await serve(t, '--max-message', '1000');
  const client = await open(t, `${server.ws}/echo`);
  client.send('x'.repeat(1000));
  assert.equal((await client.next()).length, 1000);
  client.send('x'.repeat(1001));
  const { code, reason } = await client.closed;
  assert.equal(code, 1009);
  assert.match(reason, /1000/);
});

test('a larger --max-message allows messages of 40 MiB', limit, async (t) => {
  const server = await serve(t, '--max-message', String(40 << 20));
  const client = await open(t, `${server.ws}/echo`, [], { maxPayload: 64 << 20 });
  const large = Buffer.alloc(40 << 20, 'twinsocket');
  client.send(large);
  assert.deepEqual(await client.next(), large);
});

test('a foreign Origin is refused with 403 unless --origin allows it', limit, async (t) => {
  const server = await serve(t);
  assert.equal(await refusal(`${server.ws}/echo`, [], { origin: 'https://elsewhere.example' }), 403);
  await open(t, `${server.ws}/echo`, [], { origin: server.http });
  await open(t, `${server.ws}/echo`);

  const open_to_some = await serve(t, '--origin', 'https://*.example', '--origin', 'http://other.test:8080');
  for (const path of ['/echo', '/sensors']) {
    await open(t, open_to_some.ws + path, [], { origin: 'https://elsewhere.example' });
    await open(t, open_to_some.ws + path, [], { origin: 'http://other.test:8080' });
    assert.equal(await refusal(open_to_some.ws + path, [], { origin: 'http://other.test' }), 403);
  }

  const open_to_all = await serve(t, '--origin', '*');
  await open(t, `${open_to_all.ws}/echo`, [], { origin: 'null' });
});
