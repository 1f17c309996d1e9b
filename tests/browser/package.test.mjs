// The npm package in pages and workers, without a bundler and under the policy that its README asks for.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { install } from '../npm/package.mjs';
import { echo, listen } from '../npm/peer.mjs';
import { browsers } from './browsers.mjs';
import { startPageHost } from './host.mjs';

const limit = { timeout: 120_000 };
const scripts = fileURLToPath(new URL('scripts', import.meta.url));

for (const { name, launch } of browsers) {
  describe(`the package in ${name}`, limit, () => {
    let site;
    let peer;
    let close;
    let page;
    const codes = [];

    before(async () => {
      const folders = { scripts, twinsocket: join(install().twinsocket, 'dist') };
      site = await startPageHost('<script type="module" src="/scripts/page.js"></script>', folders);
      peer = await listen(
        (socket) => {
          echo(socket);
          socket.on('close', (code) => codes.push(code));
        },
        { handleProtocols: (names) => [...names].at(-1) },
      );
      const launched = await launch();
      close = launched.close;
      page = await launched.browser.newPage();
      await page.goto(site.address);
      await page.waitForFunction(() => window.talkInWorker);
    }, limit);

    after(async () => {
      await close?.();
      await peer?.stop();
      site?.stop();
    }, limit);

    for (const [place, where, entry] of [
      ['a page', 'talkInPage', '/twinsocket/browser.js'],
      ['a page of one file', 'talkInPage', '/twinsocket/inline.js'],
      ['a module worker', 'talkInWorker', '/twinsocket/browser.js'],
    ]) {
      test(`talks in ${place}`, limit, async () => {
        codes.length = 0;
        const heard = await page.evaluate((f, e, u) => window[f](e, u), where, entry, peer.url);
        assert.deepEqual(heard, {
          subprotocol: 'echo',
          texts: true,
          bytes: true,
          order: 100,
          late: 'timed_out',
          close: { code: 1001, reason: 'größer', clean: true, initiator: 'local' },
          person: { Name: '<Jan>', Emails: ['a', 'b'] },
          invalid: 'wrong_type Name: expected a string, found a number',
          aborted: { code: 1006, reason: '', clean: false, initiator: 'local' },
          tooBig: 'message_too_big',
          tooBigClose: 1009,
          refused: 'connect_failed',
          relative: `no connection could be made to the host: ${site.address.replace('http', 'ws')}no/such/thing?x`,
          wrong: 'invalid_url',
        });
        // What a browser may not send goes out higher by 3000.
        while (!codes.includes(4009)) await new Promise(setImmediate);
        assert.equal(codes[0], 4001);
      });
    }
  });
}
