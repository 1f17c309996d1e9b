// Measurable appearance of the page: contrast in both colour schemes, width, accessible names of the controls, and
// reduced motion.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { lowContrastTexts, overflowingElements, unnamedControls } from './appearance.mjs';
import { browsers } from './browsers.mjs';
import { startServer } from './servers.mjs';
import { PageSession } from './page_session.mjs';

const limit = { timeout: 120_000 };

for (const { name, launch } of browsers) {
  for (const dark of [false, true]) {
    describe(`appearance of the page in ${name}, ${dark ? 'dark with reduced motion' : 'light'}`, limit, () => {
      let server;
      let browser;
      let close;

      before(async () => {
        server = await startServer();
        ({ browser, close } = await launch({ dark }));
      }, limit);

      after(async () => {
        await close?.();
        await server?.stop();
      }, limit);

      for (const [width, height] of [[1280, 900], [768, 1024], [390, 844], [320, 568]]) {
        test(`at ${width} pixels nothing overflows, texts have contrast, and controls have names`, limit, async () => {
          const page = await PageSession.to(browser, `${server.http}/`, { width, height });
          try {
            await page.waitForText('#sensors-rows .sensor-value', /\d/);
            await page.click('#chat [data-role="toggle"]');
            await page.waitForText('#chat .state', /^in lobby as /);
            await page.type('#chat-text', `Say hello ${'averylongword'.repeat(12)}`);
            await page.page.keyboard.press('Enter');
            await page.waitForText('#chat-log li:last-child .chat-text', /^Say hello/);
            await page.click('#echo-form [type="submit"]');
            await page.waitForText('[data-direction="received"] .log-facts', /round trip/);
            await page.reachPerson();
            await page.type('#person-xml', 'no XML');
            for (const format of ['json', 'xml']) {
              await page.click(`[data-format="${format}"] button`);
              await page.waitForText(`[data-format="${format}"] .state`, /closed/);
            }
            await page.click('#person-both');
            await page.waitForText('#person-both-result', /equal/);
            assert.deepEqual(await page.page.evaluate(overflowingElements), []);
            assert.deepEqual(await page.page.evaluate(lowContrastTexts), []);
            assert.deepEqual(await page.page.evaluate(unnamedControls), []);
            assert.deepEqual(await page.allComplaints(), []);
            await page.takeScreenshot(`${name}-${width}${dark ? '-dark' : ''}`);
            await page.page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
            assert.deepEqual(await page.page.evaluate(overflowingElements), []);
          } finally {
            await page.leave();
          }
        });
      }

      test('at 320 pixels the same holds after the server was killed', limit, async () => {
        const killedServer = await startServer();
        const page = await PageSession.to(browser, `${killedServer.http}/`, { width: 320, height: 568 });
        try {
          await page.waitForText('#sensors-rows .sensor-value', /\d/);
          await page.click('#chat [data-role="toggle"]');
          await page.waitForText('#chat-members-title', /^Here now: 1$/);
          await killedServer.kill();
          await page.waitForText('#chat-outcome', /^The connection is lost/);
          await page.type('#chat-text', 'Is anybody here?');
          await page.page.keyboard.press('Enter');
          await page.waitForText('#chat-outbox', /waits for the server/);
          await page.waitForText('#sensors-last-updated', /^Old values/);
          await page.waitForText('#sensors [role="timer"]', /./);
          assert.deepEqual(await page.page.evaluate(overflowingElements), []);
          assert.deepEqual(await page.page.evaluate(lowContrastTexts), []);
          assert.deepEqual(await page.page.evaluate(unnamedControls), []);
          await page.takeScreenshot(`${name}-gone${dark ? '-dark' : ''}`);
        } finally {
          await page.leave();
        }
      });

      test('the page follows prefers-color-scheme and prefers-reduced-motion', limit, async () => {
        const page = await PageSession.to(browser, `${server.http}/`);
        try {
          const { color, transition } = await page.page.$eval('.button', (button) => ({
            color: getComputedStyle(document.body).backgroundColor,
            transition: getComputedStyle(button).transitionProperty,
          }));
          const brightness = Math.max(...color.match(/\d+/g).map(Number));
          assert.ok(dark ? brightness < 64 : brightness > 192, color);
          assert.equal(transition === 'none', dark);
        } finally {
          await page.leave();
        }
      });
    });
  }
}
