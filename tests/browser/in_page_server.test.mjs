// The page on a plain file server below a path: the demo's server runs in the page.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { lowContrastTexts, overflowingElements, unnamedControls } from './appearance.mjs';
import { browsers } from './browsers.mjs';
import { PageSession } from './page_session.mjs';
import { policy, startServer, startStaticHost } from './servers.mjs';

const limit = { timeout: 120_000 };
const { source: axe } = createRequire(import.meta.url)('axe-core');
const textChanged = (selector, before) => document.querySelector(selector).textContent !== before;
const isPressed = (button) => button.getAttribute('aria-pressed') === 'true';

for (const { name, launch } of browsers) {
  for (const dark of [false, true]) {
    describe(`the server in the page in ${name}, ${dark ? 'dark' : 'light'}`, limit, () => {
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

      test('it takes the place of a server that does not answer, and every section works', limit, async () => {
        await visit('', async (page) => {
          const address = `ws://${new URL(host.origin).host}`;
          assert.equal(
            await page.text('#server-panel-text'),
            `No server answers at ${address}; this page now runs the server\u2019s own C++ handlers in this tab.`,
          );
          assert.ok(await page.page.$eval('#server-in-page', isPressed));

          await page.type('#echo-text', 'Gr\u00fc\u00dfe, twin');
          await page.click('#echo-form [type="submit"]');
          await page.waitForText('[data-direction="received"] .log-content', /^Gr\u00fc\u00dfe, twin$/);

          for (const format of ['json', 'xml']) {
            await page.click(`[data-format="${format}"] button`);
            await page.waitForText(`[data-format="${format}"] .state`, /^accepted, closed 1000 normal, by the server/);
          }
          await page.type('#person-json', '{"Name":3}');
          await page.click('[data-format="json"] button');
          await page.waitForText('[data-format="json"] .state', /^refused, closed 1007 .*expected a string/);
          await page.click('#person-both');
          await page.waitForText('#person-both-result', /equal/);

          await page.waitForText('#sensors .state', /^open, sensors\.json$/);
          await page.waitForText('#sensors-source', /^Simulated values, not measured$/);
          const values = await page.waitForText('#sensors-rows', /\d/);
          await page.until('the values change', textChanged, '#sensors-rows', values);

          await page.click('#chat [data-role="toggle"]');
          await page.waitForText('#chat .state', /^in lobby as /);
          await page.waitForText('#chat-members-title', /^Here now: 1$/);
          await page.type('#chat-text', 'Is anybody here?');
          await page.page.keyboard.press('Enter');
          await page.waitForText('#chat-log li:last-child .chat-text', /^Is anybody here\?$/);

          await page.click('#speed-start');
          await page.waitForText('#speed-status', /own WebSocket cannot reach the server in this tab/);
          await page.click('#echo details.code summary');
          await page.waitForText('#echo .samples', /task<void> echo/);
          await page.page.evaluate(axe);
          const { violations } = await page.page.evaluate(() => window.axe.run());
          assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`), []);
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
          assert.equal(
            await page.text('#server-panel-text'),
            'This page runs the server\u2019s own C++ handlers in this tab.',
          );
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

      test('a cut connection is shown, and the page recovers', limit, async () => {
        await visit('?server=in-page', async (page) => {
          await page.click('#chat [data-role="toggle"]');
          await page.waitForText('#chat .state', /^in lobby as /);
          await page.waitForText('#sensors-rows', /\d/);
          await page.click('#in-page-cut');
          await page.waitForText('#in-page-cut-note', /^The connection is cut/);
          await page.waitForText('#sensors .state', /^lost: 1006/);
          await page.waitForText('#echo .state', /^lost|^closed 1006|1006/);
          await page.waitForText('#chat-outcome', /^The connection is lost/);
          await page.type('#chat-text', 'written meanwhile');
          await page.page.keyboard.press('Enter');
          await page.waitForText('#in-page-cut-note', /^New connections are possible again/);
          for (const section of ['sensors', 'chat']) {
            await page.page.$eval(`#${section} [data-role="retry"]`, (button) => button.click());
          }
          await page.waitForText('#sensors .state', /^open/);
          await page.waitForText('#chat .state', /^in lobby as /);
          await page.waitForText('#chat-log li:last-child .chat-text', /^written meanwhile$/);
          assert.deepEqual(await page.allComplaints(), []);
        });
      });

      test('it does not take the place of a server that was there unless somebody says so', limit, async () => {
        const server = await startServer('--origin', host.origin);
        const page = await PageSession.to(browser, `${host.http}/?server=${server.ws}`, { server: server.http });
        try {
          await page.waitForText('#sensors .state', /^open/);
          await server.kill();
          await page.waitForText('#echo .state', /1006/);
          await page.click('#echo [data-role="toggle"]');
          await page.waitForText('#server-panel-text', new RegExp(`^No twinsocket server was found at ${server.ws}`));
          assert.equal(await page.text('#server-panel-title'), 'No server answers');
          await page.click('#server-panel-in-page');
          await page.waitForText('#server-panel-title', /^The server runs in this tab$/);
          await page.waitForText('#echo .state', /^open$/);
          await page.waitForText('#sensors-source', /^Simulated/);
          // The button is gone, and the focus did not go with it.
          assert.equal(await page.page.evaluate(() => document.activeElement.id), 'server-panel-title');
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
            await page.until('the panel is gone', () => document.querySelector('#server-panel').hidden);
            await page.waitForText('#echo-log', new RegExp(`open: ${server.ws}/echo`));
            assert.equal(new URL(page.page.url()).search, `?server=${server.ws}`);
            assert.equal(await page.page.$eval('#server-in-page', isPressed), false);

            await page.page.focus('#server-in-page');
            await page.page.keyboard.press('Enter');
            await page.waitForText('#server-panel-title', /^The server runs in this tab$/);
            await page.until('the panel is shown', () => !document.querySelector('#server-panel').hidden);
            await page.waitForText('#server-note', /^Not used now/);
            assert.equal(new URL(page.page.url()).search, '?server=in-page');
            await page.waitForText('#echo .state', /^open$/);

            await page.page.keyboard.press('Enter');
            await page.until('the panel is gone', () => document.querySelector('#server-panel').hidden);
            await page.waitForText('#echo .state', /^open$/);
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
