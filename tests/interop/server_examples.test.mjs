// The server examples, and the example of a relay between two peers.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { open } from './client.mjs';
import { example, limit, ChildProgram, run, serve } from './programs.mjs';

test('person_server prints persons in JSON and XML, and closes with 1007 on an invalid document', limit, async (t) => {
  const server = new ChildProgram(t, example('person_server'), ['0']);
  const [, url] = await server.prints(/^serving on (ws:\S+)\/json and/m);
  for (const form of ['json', 'xml']) {
    const { code, stdout } = await run(t, example(`person_client_${form}`), [`${url}/${form}`]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'Closed: 1000 \n' });
  }
  await server.prints(/(Name: Jan\nAn email: jan@example\.com\nAn email: jan@example\.org\n){2}/);
  const refused = await run(t, example('person_client_json'), [`${url}/xml`]);
  assert.match(refused.stdout, /^Closed: 1007 ./);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
});

function point(x, y) {
  const bytes = Buffer.alloc(16);
  bytes.writeDoubleBE(x, 0);
  bytes.writeDoubleBE(y, 8);
  return bytes;
}

test('custom_codec replies with the mean of all points, and closes with 1007 on an invalid message', limit, async (t) => {
  const server = new ChildProgram(t, example('custom_codec'), ['0']);
  const [, url] = await server.prints(/^serving on (ws:\S+)$/m);
  const client = await open(t, url);
  client.send(point(1, -2));
  assert.deepEqual(await client.next(), point(1, -2));
  client.send(point(2, 0.5));
  assert.deepEqual(await client.next(), point(1.5, -0.75));
  client.send(Buffer.alloc(15));
  assert.deepEqual(await client.closed, { code: 1007, reason: 'a point has 16 bytes, not 15' });
  const textClient = await open(t, url);
  textClient.send('1, 2');
  assert.equal((await textClient.closed).code, 1007);
});

test('temperature_server serves static files and broadcasts temperatures', limit, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'twinsocket-temperature-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'index.html'), 'how warm is it?');
  await writeFile(join(folder, 'temp'), '45500\n');
  const server = new ChildProgram(t, example('temperature_server'), [folder, '0', join(folder, 'temp')]);
  const [, http, ws] = await server.prints(/^serving on (http:\S+) and (ws:\S+)$/m);
  assert.equal(await (await fetch(http)).text(), 'how warm is it?');
  const first = await open(t, ws);
  assert.equal(await first.next(), '45.500000');
  const second = await open(t, ws);
  assert.equal(await second.next(), '45.500000');
  await writeFile(join(folder, 'temp'), '-1250\n');
  for (const one of [first, second]) {
    let value = '45.500000';
    while (value === '45.500000') value = await one.next();
    assert.equal(value, '-1.250000');
  }
  server.kill('SIGINT');
  assert.equal((await first.closed).code, 1001);
  assert.equal(await server.ended, 0);
});

test('raw_frames prints the handshake and the header of each frame in both directions', limit, async (t) => {
  const server = await serve(t);
  const relay = new ChildProgram(t, example('raw_frames'), ['0', new URL(server.http).port]);
  const [, url] = await relay.prints(/^listening on (ws:\S+)$/m);
  const client = await open(t, `${url}/echo`, [], { perMessageDeflate: false });
  client.send('hello');
  assert.equal(await client.next(), 'hello');
  client.send(Buffer.alloc(70_000, 0x61));
  assert.equal((await client.next()).length, 70_000);
  client.send('wor', { fin: false });
  client.send('ld');
  assert.equal(await client.next(), 'world');
  await client.close(1000, 'bye');
  for (const wanted of [
    /^client {2}GET \/echo HTTP\/1\.1$/m,
    /^client {2}Sec-WebSocket-Key: \S+$/m,
    /^server {2}HTTP\/1\.1 101 Switching Protocols$/m,
    /^client {2}fin=1 rsv=0 opcode=1 \(text\) mask=1 length=5 {2}hello$/m,
    /^server {2}fin=1 rsv=0 opcode=1 \(text\) mask=0 length=5 {2}hello$/m,
    /^client {2}fin=1 rsv=0 opcode=2 \(binary\) mask=1 length=70000 {2}a{64}\.\.\.$/m,
    /^server {2}fin=1 rsv=0 opcode=2 \(binary\) mask=0 length=70000 {2}a{64}\.\.\.$/m,
    /^client {2}fin=0 rsv=0 opcode=1 \(text\) mask=1 length=3 {2}wor$/m,
    /^client {2}fin=1 rsv=0 opcode=0 \(continuation\) mask=1 length=2 {2}ld$/m,
    /^client {2}fin=1 rsv=0 opcode=8 \(close\) mask=1 length=5 {2}\.\.bye$/m,
    /^server {2}fin=1 rsv=0 opcode=8 \(close\) mask=0 length=5 {2}\.\.bye$/m,
  ])
    await relay.prints(wanted);
});

for (const [name, args] of [
  ['person_server', ['http']],
  ['custom_codec', ['65536']],
  ['chat_server', ['1', '2']],
  ['temperature_server', []],
  ['raw_frames', ['1']],
]) {
  test(`'${[name, ...args].join(' ')}' prints the usage and exits with 2`, limit, async (t) => {
    const { code, stderr } = await run(t, example(name), args);
    assert.match(stderr, new RegExp(`^usage: ${name} `));
    assert.equal(code, 2);
  });
}
