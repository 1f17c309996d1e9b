// The examples of tasks, threads and lifetimes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './client.mjs';
import { example, limit, ChildProgram, run, serve } from './programs.mjs';

async function start(t, name, pattern) {
  const server = new ChildProgram(t, example(name), ['0']);
  const [, url] = await server.prints(pattern);
  return { server, url };
}
async function stop(server) {
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
}

test('select_server waits for a message, a queue and a timer at once', limit, async (t) => {
  const { server, url } = await start(t, 'select_server', /^serving on (ws:\S+)$/m);
  const one = await open(t, url);
  const other = await open(t, url);
  assert.equal(await one.next(), 'tick');
  other.send('hello');
  let received = await one.next();
  while (received === 'tick') received = await one.next();
  assert.equal(received, 'hello');
  await stop(server);
});

test('pool_server runs blocking work on a thread pool', limit, async (t) => {
  const { server, url } = await start(t, 'pool_server', /^serving on (ws:\S+)$/m);
  const client = await open(t, url);
  for (const last of [10, 100_000]) {
    client.send(String(last));
    assert.equal(await client.next(), String((last * (last + 1)) / 2));
  }
  await stop(server);
});

test('registry_server shuts down cleanly with connections in a registry that outlives the server', limit, async (t) => {
  const { server, url } = await start(t, 'registry_server', /^serving on (ws:\S+)$/m);
  const clients = [];
  for (let i = 0; i < 8; i += 1) clients.push(await open(t, url));
  // A client is registered once it has received its own message.
  for (const [i, client] of clients.entries()) {
    client.send(`from ${i}`);
    let received = await client.next();
    while (received !== `from ${i}`) received = await client.next();
  }
  server.kill('SIGTERM');
  for (const client of clients) assert.equal((await client.closed).code, 1001);
  assert.equal(await server.ended, 0);
});

test('asio_server serves on four io_contexts of the application', limit, async (t) => {
  const { server, url } = await start(t, 'asio_server', /^serving on (ws:\S+)$/m);
  const clients = [];
  for (let i = 0; i < 8; i += 1) clients.push(await open(t, url));
  for (const client of clients) {
    client.send('hello');
    assert.equal(await client.next(), 'hello');
  }
  server.kill('SIGTERM');
  for (const client of clients) assert.equal((await client.closed).code, 1001);
  assert.equal(await server.ended, 0);
});

test('synchronous_client keeps one connection across blocking calls', limit, async (t) => {
  const { ws } = await serve(t);
  const { code, stdout } = await run(t, example('synchronous_client'), [`${ws}/echo`], { input: 'one\ntwo\n' });
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'one\ntwo\n' });
  const failed = await run(t, example('synchronous_client'), ['ws://127.0.0.1:9/'], { input: 'one\n' });
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /^cannot connect to the host/);
});

test('fan_in_client merges the messages of ten connections', limit, async (t) => {
  const { ws } = await serve(t);
  const { code, stdout } = await run(t, example('fan_in_client'), [`${ws}/echo`]);
  assert.equal(code, 0);
  const expected = Array.from({ length: 10 }, (_, i) => `hello from ${i}`);
  assert.deepEqual(stdout.trim().split('\n').sort(), expected.sort());
});
