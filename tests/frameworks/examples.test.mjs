// The examples for frameworks: built as a user builds them, served by the real server, and used in Chromium.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browsers } from '../browser/browsers.mjs';
import { PageSession } from '../browser/page_session.mjs';
import { startServer } from '../browser/servers.mjs';
import { version } from '../npm/package.mjs';
import { copyExample, packagesOf, run, sourceOf } from './example.mjs';

const limit = { timeout: 240_000 };
const here = fileURLToPath(new URL('.', import.meta.url));

/** Resolves with the number of WebSockets that are open, or that were opened, when `isWanted` accepts it. */
async function metric(server, name, isWanted) {
  for (;;) {
    const text = await (await fetch(`${server.http}/metrics`)).text();
    const value = Number(new RegExp(`^twinsocket_${name} (\\d+)$`, 'm').exec(text)[1]);
    if (isWanted(value)) return value;
  }
}
const openConnections = (server, wanted) => metric(server, 'websockets', (value) => value === wanted);
const connectionsSoFar = (server) => metric(server, 'websockets_opened_total', () => true);

async function say(page, text) {
  await page.type('input[name=text]', text);
  await page.page.keyboard.press('Enter');
  await page.waitForText('li:last-child', new RegExp(`^me: ${text}$`));
}

/** What a user does with an example. `site` is the folder of its built files. */
async function use(browser, site) {
  writeFileSync(join(site, 'favicon.ico'), ''); // browsers ask for it
  let server = await startServer('--site', site);
  try {
    const page = await PageSession.to(browser, `${server.http}/`);
    await page.waitForText('[role=status]', /^open$/);
    await say(page, 'hello');
    assert.equal(await page.value('input[name=text]'), '');
    await openConnections(server, 1);
    assert.equal(await connectionsSoFar(server), 1);

    // The component is removed and shown again.
    await page.click('input[type=checkbox]');
    await openConnections(server, 0);
    await page.click('input[type=checkbox]');
    await page.waitForText('[role=status]', /^open$/);
    await say(page, 'again');
    await openConnections(server, 1);
    assert.equal(await connectionsSoFar(server), 2);

    await server.kill();
    await page.waitForText('[role=status]', /^waiting$/);
    await page.type('input[name=text]', 'while there is no server');
    await page.page.keyboard.press('Enter');
    server = await startServer('--site', site, '--port', new URL(server.http).port);
    await page.waitForText('[role=status]', /^open$/);
    await page.waitForText('li:last-child', /^me: while there is no server$/);
    await openConnections(server, 1);
    assert.deepEqual(await page.otherComplaints(), []);

    await page.leave();
    await openConnections(server, 0);
  } finally {
    await server.stop();
  }
}

for (const name of ['react', 'vue', 'svelte']) {
  describe(`the example for ${name}`, limit, () => {
    let folder;
    let browser;
    let close;

    before(async () => {
      folder = copyExample(name);
      await run(folder, 'npm', ['run', 'build']);
      ({ browser, close } = await browsers[0].launch());
    }, limit);
    after(() => close?.(), limit);

    test('asks for the packages that are tested', () => {
      const tested = { ...packagesOf(here), twinsocket: version };
      for (const [dependency, wanted] of Object.entries(packagesOf(sourceOf(name))))
        assert.equal(wanted, tested[dependency], dependency);
    });

    test('exchanges messages, reconnects, and leaves no connection', limit, () => use(browser, join(folder, 'dist')));

    test('renders on a server without opening anything', limit, async () => {
      const html = await run(folder, process.execPath, [join(here, 'render.mjs'), name, folder]);
      assert.match(html, /<p role="status">(<!--.*?-->)*connecting(<!--.*?-->)*<\/p>/);
    });

    if (name === 'react')
      test('has one connection under StrictMode, which runs each effect twice', limit, async () => {
        const build = (out) => run(folder, 'npx', ['vite', 'build', '--outDir', out], { NODE_ENV: 'development' });
        await build('strict');
        await use(browser, join(folder, 'strict'));

        // Without its last line the effect leaves two.
        const file = join(folder, 'useConnection.ts');
        const hook = readFileSync(file, 'utf8');
        const leaking = hook.replace('return () => leaving.abort();', '');
        assert.notEqual(leaking, hook);
        writeFileSync(file, leaking);
        await build('leaking');
        const server = await startServer('--site', join(folder, 'leaking'));
        try {
          const page = await PageSession.to(browser, `${server.http}/`);
          await openConnections(server, 2);
          await page.leave();
        } finally {
          await server.stop();
        }
      });
  });
}
