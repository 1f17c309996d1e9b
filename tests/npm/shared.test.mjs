// twinsocket/shared in Node, which has no SharedWorker: connections that are not shared, with the same API.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install } from './package.mjs';
import { echo, listen } from './peer.mjs';

test('twinsocket/shared opens a connection of its own in Node', async (t) => {
  const { twinsocket } = install();
  const { exports } = JSON.parse(readFileSync(join(twinsocket, 'package.json'), 'utf8'));
  const { TwinsocketError, json, string, struct } = await import(pathToFileURL(join(twinsocket, exports['.'].node)));
  const { reconnecting } = await import(pathToFileURL(join(twinsocket, exports['./shared'].node)));
  const peer = await listen(echo);
  t.after(() => peer.stop());

  const greetings = [];
  const codec = json(struct('Line', { text: string() }));
  const socket = reconnecting(peer.url, {
    codec,
    name: 'a name',
    worker: '/shared-worker.js',
    async onConnected(fresh) {
      await fresh.send({ text: 'first' });
      greetings.push(await fresh.receive({ timeout: 10_000 }));
    },
  });
  await socket.send({ text: 'second' });
  assert.deepEqual(await socket.receive(), { text: 'second' });
  assert.deepEqual(greetings, [{ text: 'first' }]);
  assert.equal((await socket.close()).code, 1000);
  await assert.rejects(socket.receive(), { code: 'closed' });

  const invalid = reconnecting('ftp://x');
  const error = await invalid.receive().catch((caught) => caught);
  assert.ok(error instanceof TwinsocketError);
  assert.equal(error.code, 'invalid_url');
});
