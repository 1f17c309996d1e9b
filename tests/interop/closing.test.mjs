// Closing handshakes from both sides, their codes, and the shutdown of the server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './client.mjs';
import { limit, python, ChildProgram, run, script, serve } from './programs.mjs';

test("the server echoes the close code of a client of Node's ws", limit, async (t) => {
  const server = await serve(t);
  const ends = [[1000, ''], [1000, 'done'], [1001, 'leaving'], [3000, 'x'.repeat(123)], [4999, 'Gr\u00fc\u00dfe']];
  for (const [code, reason] of ends) {
    const client = await open(t, `${server.ws}/echo`);
    assert.equal((await client.close(code, reason)).code, code);
  }
  const without = await open(t, `${server.ws}/echo`);
  assert.equal((await without.close()).code, 1005);
});

test("the server echoes the close code of a client of Python's websockets", limit, async (t) => {
  const server = await serve(t);
  for (const code of [1000, 4001]) {
    const words = [script('client.py'), 'close', `${server.ws}/echo`, String(code), 'bye'];
    const { stdout, stderr } = await run(t, python, words);
    assert.equal(stderr, '');
    assert.equal(JSON.parse(stdout).code, code);
  }
});

test('the server echoes a message that was sent before the close frame', limit, async (t) => {
  const server = await serve(t);
  const client = await open(t, `${server.ws}/echo`);
  const big = 'x'.repeat(1 << 20);
  client.send(big);
  const end = client.close(1000);
  assert.equal(await client.next(), big);
  assert.equal((await end).code, 1000);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} closes all connections with 1001, and the server exits with 0`, limit, async (t) => {
    const server = await serve(t, '--threads', '2');
    const paths = ['/echo', '/ws/echo', '/hello', '/person/json', '/person/xml', '/sensors', '/GetTemp'];
    const clients = await Promise.all(paths.flatMap((path) => [open(t, server.ws + path), open(t, server.ws + path)]));
    const inPython = new ChildProgram(t, python, [script('client.py'), 'listen', `${server.ws}/echo`]);
    await inPython.prints(/connected/);

    server.kill(signal);
    for (const client of clients) assert.equal((await client.closed).code, 1001);
    assert.equal(await inPython.ended, 0, inPython.stderr);
    assert.match(inPython.stdout, /"code": 1001/);
    assert.equal(await server.ended, 0, server.stderr);
    assert.equal(server.stderr, '');
  });
}
