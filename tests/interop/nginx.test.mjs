// The server behind nginx, with the configuration that native/README.md recommends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, refusal } from './client.mjs';
import { startNginx } from './nginx.mjs';
import { limit, serve } from './programs.mjs';

test('messages, subprotocols, close codes and HTTP requests pass through nginx', limit, async (t) => {
  const server = await serve(t);
  const nginx = await startNginx(t, server);
  const client = await open(t, `${nginx.ws}/echo`);
  for (const text of ['hello', 'x'.repeat(1_000_000)]) {
    client.send(text);
    assert.equal(await client.next(), text);
  }
  assert.deepEqual(await client.close(4000, 'enough'), { code: 4000, reason: 'enough' });
  const sensors = await open(t, `${nginx.ws}/sensors`, ['sensors.json']);
  assert.equal(sensors.socket.protocol, 'sensors.json');
  for (let i = 0; i < 3; i += 1) assert.equal(JSON.parse(await sensors.next()).source, 'simulated');
  assert.equal((await (await fetch(`${nginx.http}/healthz`)).json()).status, 'ok');
  assert.equal((await fetch(`${nginx.http}/metrics`)).status, 404);
  server.kill('SIGTERM');
  assert.equal((await sensors.closed).code, 1001);
});

test('behind nginx, the same origin is accepted and a foreign one refused with 403', limit, async (t) => {
  const nginx = await startNginx(t, await serve(t));
  const client = await open(t, `${nginx.ws}/echo`, [], { origin: nginx.http });
  client.send('hello');
  assert.equal(await client.next(), 'hello');
  assert.equal(await refusal(`${nginx.ws}/echo`, [], { origin: 'http://elsewhere.example' }), 403);
});

test('nginx answers requests beyond its rate limit with 429', limit, async (t) => {
  const nginx = await startNginx(t, await serve(t));
  const all = await Promise.all(Array.from({ length: 200 }, () => fetch(`${nginx.http}/healthz`)));
  const statuses = all.map(({ status }) => status);
  assert.ok(statuses.filter((status) => status === 200).length >= 50);
  assert.ok(statuses.includes(429));
});

test('--trusted-proxy takes the client address from nginx and ignores a forged X-Forwarded-For', limit, async (t) => {
  const server = await serve(t, '--trusted-proxy', '127.0.0.1', '--log', 'debug');
  const nginx = await startNginx(t, server);
  // nginx forwards no client port, and its own connection's port must not be logged as the client's.
  await server.prints(/ client=127\.0\.0\.1 target=\/healthz$/m, 'stderr');
  const client = await open(t, `${nginx.ws}/echo`, [], { origin: nginx.http, headers: { 'X-Forwarded-For': '203.0.113.7' } });
  client.send('hello');
  assert.equal(await client.next(), 'hello');
  // A page of the same host that was loaded over https has another origin.
  assert.equal(await refusal(`${nginx.ws}/echo`, [], { origin: nginx.http.replace('http:', 'https:') }), 403);
  assert(!server.stderr.includes('203.0.113.7'));
});
