// The npm package in pages and workers, without a bundler, under the content security policy that its README
// recommends.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { echo, listen } from '../npm/peer.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { openPackagePage } from './package_page.mjs';

const vectors = JSON.parse(readFileSync(new URL('../vectors/addresses.json', import.meta.url), 'utf8'));
const limit = { timeout: 120_000 };

for (const { name, launch } of browsers) {
  describe(`the package in ${name}`, suiteLimit, () => {
    let peer;
    let opened;
    let page;
    const codes = [];

    before(async () => {
      peer = await listen(
        (socket) => {
          echo(socket);
          socket.on('close', (code) => codes.push(code));
        },
        { handleProtocols: (names) => [...names].at(-1) },
      );
      opened = await openPackagePage(launch, 'page.js', 'talkInWorker');
      page = opened.page;
    }, limit);

    after(async () => {
      await opened?.stop();
      await peer?.stop();
    }, limit);

    for (const [place, where, entry, loads] of [
      ['a page', 'talkInPage', '/twinsocket/browser.js', 1],
      ['a page with the inline entry', 'talkInPage', '/twinsocket/inline.js', 0],
      ['a page without WebAssembly', 'talkInPage', '/twinsocket/javascript.js', 0],
      ['a module worker', 'talkInWorker', '/twinsocket/browser.js', 1],
      ['a shared worker', 'talkInSharedWorker', '/twinsocket/browser.js', 1],
      ['a service worker', 'talkInServiceWorker', '/twinsocket/browser.js', 1],
    ]) {
      test(`exchanges messages in ${place}`, limit, async () => {
        codes.length = 0;
        const results = await page.evaluate((f, e, u) => window[f](e, u), where, entry, peer.url);
        assert.deepEqual(results, {
          subprotocol: 'echo',
          texts: true,
          bytes: true,
          order: 100,
          late: 'timed_out',
          close: { code: 1001, reason: 'größer', clean: true, initiator: 'local' },
          person: { Name: '<Jan>', Emails: ['a', 'b'] },
          loadsOfXml: { text: 0, xml: loads },
          invalid: 'type_mismatch Name: expected a string, found a number',
          aborted: { code: 1006, reason: '', clean: false, initiator: 'local' },
          tooBig: 'message_too_big',
          tooBigClose: 1009,
          refused: 'connect_failed',
          relative: `cannot connect to the host: ${opened.address.replace('http', 'ws')}no/such/thing?x`,
          wrong: 'invalid_url',
        });
        // The package sends close codes that browsers do not allow with 3000 added.
        while (!codes.includes(4009)) await new Promise(setImmediate);
        assert.equal(codes[0], 4001);
      });
    }

    test("without 'wasm-unsafe-eval' in the policy, only the entry without WebAssembly connects", limit, async () => {
      await page.goto(`${opened.address}strict`);
      await page.waitForFunction(() => window.connectsWith);
      const connectsWith = (entry) => page.evaluate((e, u) => window.connectsWith(e, u), entry, peer.url);
      assert.equal(await connectsWith('/twinsocket/javascript.js'), 'größer <Person><Name>Jan</Name></Person>');
      assert.match(await connectsWith('/twinsocket/browser.js'), /^unsupported the WebAssembly module could not be loaded: /);
    });

    test('parses addresses as the browser does and respects <base href>', limit, async () => {
      const { accepted, relative, refused, not_websocket: others, zones } = vectors;
      await page.goto(`${opened.address}based`);
      await page.waitForFunction(() => window.addresses);
      const results = await page.evaluate((rows) => window.addresses(rows), {
        rows: [...accepted, ...relative].filter((row) => !row.not_in_browsers),
        // Relative URLs are valid in a page, so they are left out.
        refused: [...refused.filter((address) => /^ws:./.test(address)), ...zones.map((row) => row.address)],
        others,
      });
      assert.deepEqual(results, []);
    });
  });
}
