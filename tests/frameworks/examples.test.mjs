// The examples for frameworks: built as a user builds them, served by the real server, and used in Chromium.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browsers } from '../browser/browsers.mjs';
import { PageSession } from '../browser/page_session.mjs';
import { startServer } from '../browser/servers.mjs';
import { version } from '../npm/package.mjs';
import { copyExample, packagesOf, run, sourceOf, start } from './example.mjs';

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

function checkPackages(name) {
  const tested = { ...packagesOf(here), twinsocket: version };
  for (const [dependency, wanted] of Object.entries(packagesOf(sourceOf(name))))
    assert.equal(wanted, tested[dependency], dependency);
}

/** What a user does with an example whose built files are in the folder `site`. */
async function useSite(browser, site) {
  writeFileSync(join(site, 'favicon.ico'), ''); // browsers ask for it
  const options = ['--site', site];
  const server = await startServer(...options);
  await use(browser, `${server.http}/`, server, options);
}

/** What a user does with the page of an example. Stops the server, which is started again with `options`. */
async function use(browser, url, server, options) {
  try {
    const page = await PageSession.to(browser, url);
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
    server = await startServer(...options, '--port', new URL(server.http).port);
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

    test('asks for the packages that are tested', () => checkPackages(name));

    test('exchanges messages, reconnects, and leaves no connection', limit, () => useSite(browser, join(folder, 'dist')));

    test('renders on a server without opening anything', limit, async () => {
      const html = await run(folder, process.execPath, [join(here, 'render.mjs'), name, folder]);
      assert.match(html, /<p role="status">(<!--.*?-->)*connecting(<!--.*?-->)*<\/p>/);
    });

    if (name === 'react')
      test('has one connection under StrictMode, which runs each effect twice', limit, async () => {
        const build = (out) => run(folder, 'npx', ['vite', 'build', '--outDir', out], { NODE_ENV: 'development' });
        await build('strict');
        await useSite(browser, join(folder, 'strict'));

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

describe('the example for next', limit, () => {
  const options = ['--origin', '*'];
  let folder;
  let server;
  let page;
  let browser;
  let close;

  before(async () => {
    folder = copyExample('next');
    // The packages are links to another folder here, which Next.js does not follow out of its root.
    writeFileSync(join(folder, 'next.config.mjs'), "export default { turbopack: { root: '/' } };");
    mkdirSync(join(folder, 'public'));
    writeFileSync(join(folder, 'public/favicon.ico'), ''); // browsers ask for it
    server = await startServer(...options);
    const url = `${server.http.replace('http', 'ws')}/echo`;
    await run(folder, 'npm', ['run', 'build'], { NEXT_PUBLIC_CHAT_URL: url, NEXT_TELEMETRY_DISABLED: '1' });
    page = await start(folder, 'next', ['start', '--hostname', '127.0.0.1', '--port', '0']);
    ({ browser, close } = await browsers[0].launch());
  }, limit);
  after(async () => {
    page?.stop();
    await close?.();
  }, limit);

  test('asks for the packages that are tested', () => checkPackages('next'));

  test('is rendered by the server, which opens nothing', limit, async () => {
    assert.match(await (await fetch(page.url)).text(), /<p role="status">connecting<\/p>/);
    assert.equal(await connectionsSoFar(server), 0);
  });

  test('exchanges messages, reconnects, and leaves no connection', limit, () => use(browser, page.url, server, options));
});
