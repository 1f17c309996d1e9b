// A reconnecting client in pages: it uses what the browser reports about the network and the visibility of the page.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listen } from '../npm/peer.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { openPackagePage } from './package_page.mjs';

const limit = { timeout: 120_000 };

for (const { name, launch } of browsers) {
  describe(`a reconnecting connection in ${name}`, suiteLimit, () => {
    let peer;
    let opened;
    let page;

    before(async () => {
      peer = await listen((socket) => {
        socket.on('message', (data) => (String(data) === 'leave me' ? socket.terminate() : socket.send(String(data))));
      });
      opened = await openPackagePage(launch, 'reconnecting.js', 'reconnectWhileHidden');
      page = opened.page;
    }, limit);

    after(async () => {
      await opened?.stop();
      await peer?.stop();
    }, limit);

    test('ignores offline for a loopback server, delays attempts while hidden, and retries when shown', async () => {
      const results = await page.evaluate((url) => window.reconnectWhileHidden(url), peer.url);
      assert.deepEqual(results.offline, ['open', 'waiting', 'connecting', 'preparing', 'open']);
      assert.deepEqual(results.hidden, ['open', 'waiting', 'connecting', 'preparing', 'open']);
      assert.deepEqual(results.received, ['after the first', 'after the second']);
      assert.equal(results.closed.code, 1000);
    });

    for (const event of ['visibilitychange', 'online', 'resume']) {
      test(`replaces a silent connection 3 s after ${event}`, async () => {
        const took = await page.evaluate((url, event) => window.detectSilentServer(url, event), peer.url, event);
        assert.ok(took >= 2900, `${took} ms`);
        // A loaded machine may be slow.
        assert.ok(took < 15_000, `${took} ms`);
      });
    }

    test('closes the connection when the page is left', async () => {
      const codes = [];
      peer.server.on('connection', (socket) => socket.on('close', (code) => codes.push(code)));
      await page.evaluate((url) => window.keepOpen(url), peer.url);
      await page.goto('about:blank');
      while (peer.server.clients.size > 0) await new Promise(setImmediate);
      assert.ok([4001, 1001].includes(codes.at(-1)), `${codes}`);
    });
  });
}
