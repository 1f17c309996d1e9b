// A connection that comes back in pages: what the browser tells of the network and of the display counts.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { install } from '../npm/package.mjs';
import { listen } from '../npm/peer.mjs';
import { browsers } from './browsers.mjs';
import { startPageHost } from './host.mjs';

const limit = { timeout: 120_000 };
const scripts = fileURLToPath(new URL('scripts', import.meta.url));

for (const { name, launch } of browsers) {
  describe(`a reconnecting connection in ${name}`, limit, () => {
    let site;
    let peer;
    let close;
    let page;

    before(async () => {
      const folders = { scripts, twinsocket: join(install().twinsocket, 'dist') };
      site = await startPageHost('<script type="module" src="/scripts/comeback.js"></script>', folders);
      peer = await listen((socket) => {
        socket.on('message', (data) => (String(data) === 'leave me' ? socket.terminate() : socket.send(String(data))));
      });
      const launched = await launch();
      close = launched.close;
      page = await launched.browser.newPage();
      await page.goto(site.address);
      await page.waitForFunction(() => window.comeBack);
    }, limit);

    after(async () => {
      await close?.();
      await peer?.stop();
      site?.stop();
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
