// Measurable appearance of the page: contrast in both colour schemes, width, accessible names of the controls, and
// reduced motion.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { lowContrastTexts, overflowingElements, unnamedControls } from './appearance.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { listen } from '../npm/peer.mjs';
import { startServer, startStaticHost } from './servers.mjs';
import { PageSession } from './page_session.mjs';

const limit = { timeout: 120_000 };

/** A server whose sensors have these many readings, of four kinds, with long names. */
const startSensors = (count) =>
  listen((socket, { url }) => {
    if (url !== '/sensors') return;
    const readings = Array.from({ length: count }, (_, i) => {
      const [kind, unit] = [['temperature', '\u00b0C'], ['fan', 'RPM'], ['voltage', 'V'], ['power', 'W']][i % 4];
      return { chip: `nct6798-isa-${i}`, label: `Sensor number ${i + 1} of the board`, kind, value: 40 + i, unit, high: 80, critical: 95 };
    });
    for (const time of [1, 2]) socket.send(JSON.stringify({ source: 'hwmon', time: Date.UTC(2026, 0, time), readings }));
  });

for (const { name, launch } of browsers) {
  for (const dark of [false, true]) {
    describe(`appearance of the page in ${name}, ${dark ? 'dark with reduced motion' : 'light'}`, suiteLimit, () => {
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

      for (const [width, height] of [[3840, 2160], [1280, 900], [768, 1024], [390, 844], [320, 568]]) {
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
            await page.takeScreenshot(`${name}-${width}${dark ? '-dark' : ''}-rtl`);
          } finally {
            await page.leave();
          }
        });
      }

      for (const count of [1, 60]) {
        test(`the same holds with ${count} sensors, and the table is no higher than the chart beside it`, limit, async () => {
          const [host, sensors] = [await startStaticHost(), await startSensors(count)];
          try {
            for (const [width, height] of [[3840, 2160], [1280, 900], [390, 844], [320, 568]]) {
              const size = { width, height, server: sensors.url.replace('ws', 'http') };
              const page = await PageSession.to(browser, `${host.http}/?server=${sensors.url}`, size);
              await page.until('each sensor has a row', (count) => document.querySelectorAll('#sensors-rows tr').length === count, count);
              assert.deepEqual(await page.page.evaluate(overflowingElements), []);
              assert.deepEqual(await page.page.evaluate(lowContrastTexts), []);
              const high = (selector) => page.page.$eval(selector, (element) => element.getBoundingClientRect().height);
              if (width > 896) assert.ok((await high('#sensors-scroll')) <= (await high('.plot')), `at ${width}`);
              await page.takeScreenshot(`${name}-sensors-${count}-${width}${dark ? '-dark' : ''}`);
              await page.leave();
            }
          } finally {
            await host.stop();
            await sensors.stop();
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
          const animation = await page.page.$eval('#sensors .state', (state) => getComputedStyle(state, '::before').animationName);
          assert.equal(animation, dark ? 'none' : 'breathe');
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
