// A connection that comes back in pages: what the browser tells of the network and of the display counts.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listen } from '../npm/peer.mjs';
import { browsers } from './browsers.mjs';
import { openPackagePage } from './package_page.mjs';

const limit = { timeout: 120_000 };

for (const { name, launch } of browsers) {
  describe(`a reconnecting connection in ${name}`, limit, () => {
    let peer;
    let opened;
    let page;

    before(async () => {
      peer = await listen((socket) => {
        socket.on('message', (data) => (String(data) === 'leave me' ? socket.terminate() : socket.send(String(data))));
      });
      opened = await openPackagePage(launch, 'comeback.js', 'comeBack');
      page = opened.page;
    }, limit);

    after(async () => {
      await opened?.stop();
      await peer?.stop();
    }, limit);

    test('pauses while offline and comes back at once when online; is slow while hidden and quick when shown', async () => {
      const told = await page.evaluate((url) => window.comeBack(url), peer.url);
      assert.deepEqual(told.offline, ['open', 'paused', 'connecting', 'preparing', 'open']);
      assert.deepEqual(told.hidden, ['open', 'waiting', 'connecting', 'preparing', 'open']);
      assert.deepEqual(told.heard, ['after the first', 'after the second']);
      assert.equal(told.closed.code, 1000);
    });
  });
}
