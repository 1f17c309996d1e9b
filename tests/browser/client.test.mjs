// Runs the conversation of tests/client, compiled by Emscripten, in a page.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectedOutput } from '../client/expected_output.mjs';
import { echo, listen } from '../npm/peer.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { startPageHost } from './page_server.mjs';

const limit = { timeout: 120_000 };
const scripts = fileURLToPath(new URL('scripts', import.meta.url));
const built = process.env.TWINSOCKET_WASM ?? fileURLToPath(new URL('../../build/wasm', import.meta.url));
const page = '<script src="/scripts/client_settings.js"></script><script src="/built/client_page.js"></script>';

for (const { name, launch } of browsers) {
  describe(`the C++ client in ${name}`, suiteLimit, () => {
    let site;
    let peer;
    let launched;

    before(async () => {
      assert.ok(existsSync(join(built, 'client_page.js')), `${built}/client_page.js is not built`);
      site = await startPageHost(page, { scripts, built });
      peer = await listen(echo, { handleProtocols: (names) => [...names].at(-1) });
      launched = await launch();
    }, limit);

    after(async () => {
      await launched?.close();
      await peer?.stop();
      site?.stop();
    }, limit);

    /** Resolves with the program's output and exit code. */
    async function run(...talk) {
      const tab = await launched.browser.newPage();
      await tab.goto(`${site.address}?${new URLSearchParams(talk.map((argument) => ['argument', argument]))}`);
      const ended = await tab.waitForFunction(() => window.ended);
      return ended.jsonValue();
    }

    test('prints the same in a page as the native client', limit, async () => {
      assert.deepEqual(await run(peer.url, 'chat', 'echo'), { code: 0, lines: expectedOutput('echo') });
    });

    test('reports a refused connection with its URL only, because browsers hide the cause', limit, async () => {
      const url = 'ws://127.0.0.1:9/';
      const { code, lines } = await run(url);
      assert.equal(code, 1);
      assert.deepEqual(lines, [`connect cannot connect to the host: ${url}`]);
    });
  });
}
