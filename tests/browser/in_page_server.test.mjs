// The page on a plain file server below a path: the demo's server runs in the page.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { lowContrastTexts, overflowingElements, unnamedControls } from './appearance.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { PageSession } from './page_session.mjs';
import { policy, startServer, startStaticHost } from './servers.mjs';

const limit = { timeout: 120_000 };
const isPressed = (button) => button.getAttribute('aria-pressed') === 'true';

for (const { name, launch } of browsers) {
  for (const dark of [false, true]) {
    describe(`the server in the page in ${name}, ${dark ? 'dark' : 'light'}`, suiteLimit, () => {
      let host;
      let browser;
      let close;

      before(async () => {
        host = await startStaticHost({ prefix: '/some/folder/' });
        ({ browser, close } = await launch({ dark }));
      }, limit);

      after(async () => {
        await close?.();
        await host?.stop();
      }, limit);

      async function visit(query, talk, options) {
        const page = await PageSession.to(browser, `${host.http}/${query}`, options);
        try {
          await page.waitForText('#server-panel-title', /^The server runs in this tab$/);
          await page.waitForText('#echo .state', /^open$/);
          await talk(page);
        } finally {
          await page.leave();
        }
      }

      test('it takes the place of a server that does not answer, and a document is refused there too', limit, async () => {
        await visit('', async (page) => {
          const address = `ws://${new URL(host.origin).host}`;
          const text = await page.text('#server-panel-text');
          assert.ok(text.startsWith(`No server answers at ${address}. Its C++ handlers run as WebAssembly`), text);
          assert.ok(await page.page.$eval('#server-in-page', isPressed));
          await page.reachPerson();
          await page.type('#person-json', '{"Name":3}');
          await page.click('[data-format="json"] button');
          await page.waitForText('[data-format="json"] .state', /^refused, closed 1007 .*expected a string/);
          await page.takeScreenshot(`${name}-in-page${dark ? '-dark' : ''}`);
          // A browser reports the attempt to reach a server, Firefox as a response too, and a page cannot prevent that.
          const reported = await page.otherComplaints();
          assert.deepEqual(reported.filter((one) => one !== `404: ${host.origin}/echo`), []);
        });
      });

      test('at 320 pixels nothing overflows, texts have contrast, and controls have names', limit, async () => {
        const size = { width: 320, height: 568 };
        await visit('?server=in-page', async (page) => {
          await page.click('#server-panel summary');
          await page.click('#person details.code summary');
          await page.waitForText('#person .samples', /receive_person/);
          assert.deepEqual(await page.page.evaluate(overflowingElements), []);
          assert.deepEqual(await page.page.evaluate(lowContrastTexts), []);
          assert.deepEqual(await page.page.evaluate(unnamedControls), []);
          await page.takeScreenshot(`${name}-in-page-320${dark ? '-dark' : ''}`);
        }, size);
      });

      // The colour scheme makes no difference to the rest.
      if (dark) return;

      test('?server=in-page tries no server, and the browser reports nothing at all', limit, async () => {
        await visit('?server=in-page', async (page) => {
          await page.waitForText('#sensors-rows', /\d/);
          assert.match(await page.text('#server-panel-text'), /^Its C\+\+ handlers run as WebAssembly, without a network\./);
          assert.deepEqual(await page.allComplaints(), []);
        });
      });

      test('the program serves it too, with the policy of the page', limit, async () => {
        const server = await startServer();
        const page = await PageSession.to(browser, `${server.http}/?server=in-page`);
        try {
          const module = page.page.waitForResponse((response) => /demo_server.*\.wasm$/.test(response.url()));
          await page.page.reload();
          const headers = (await module).headers();
          assert.equal(headers['content-type'], 'application/wasm');
          assert.equal(headers['content-security-policy'], policy);
          await page.waitForText('#echo .state', /^open$/);
          await page.waitForText('#echo-log', /open: ws:\/\/in-page\.localhost\/echo/);
          assert.deepEqual(await page.allComplaints(), []);
        } finally {
          await page.leave();
          await server.stop();
        }
      });

      test('it does not take the place of a server that was there unless somebody says so', limit, async () => {
        const server = await startServer('--origin', host.origin);
        const page = await PageSession.to(browser, `${host.http}/?server=${server.ws}`, { server: server.http });
        try {
          await page.waitForText('#sensors .state', /^open/);
          await server.kill();
          await page.waitForText('#server-panel-text', new RegExp(`^The connection to ${server.ws} is lost`));
          await page.waitForText('#server-panel-reason', /^Error: ./);
          assert.equal(await page.text('#server-panel-title'), 'No server answers');
          await page.click('#server-in-page');
          await page.waitForText('#server-panel-title', /^The server runs in this tab$/);
          await page.waitForText('#echo .state', /^open$/);
          await page.waitForText('#sensors-source', /^Simulated/);
        } finally {
          await page.leave();
        }
      });

      test('one can switch to a real server and back, also by the keyboard', limit, async () => {
        const server = await startServer('--origin', host.origin);
        try {
          await visit('?server=in-page', async (page) => {
            await page.type('#server-address', server.ws);
            await page.page.keyboard.press('Enter');
            await page.waitForText('#server-panel-title', /^Connected$/);
            await page.waitForText('#echo-log', new RegExp(`open: ${server.ws}/echo`));
            assert.equal(new URL(page.page.url()).search, `?server=${server.ws}`);
            assert.equal(await page.page.$eval('#server-in-page', isPressed), false);

            await page.page.focus('#server-in-page');
            await page.page.keyboard.press('Enter');
            await page.waitForText('#server-panel-title', /^The server runs in this tab$/);
            await page.waitForText('#server-note', /^Not used now/);
            assert.equal(new URL(page.page.url()).search, '?server=in-page');
            await page.waitForText('#echo .state', /^open$/);

            await page.page.keyboard.press('Enter');
            await page.waitForText('#server-panel-title', /^Connected$/);
            await page.waitForText('#echo .state', /^open$/);
            // The button to cut the connection is gone, which had not the focus.
            assert.equal(await page.page.evaluate(() => document.activeElement.id), 'server-in-page');
            assert.equal(await page.value('#server-address'), server.ws);
            assert.deepEqual(await page.allComplaints(), []);
          }, { server: server.http });
        } finally {
          await server.stop();
        }
      });
    });
  }
}
