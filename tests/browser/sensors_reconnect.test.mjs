// Live sensors when the connection is lost: the readings resume, and the page does not present old values as current.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listen } from '../npm/peer.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { startServer, startStaticHost } from './servers.mjs';
import { PageSession } from './page_session.mjs';

const limit = { timeout: 120_000 };

/** Runs in the page: records the texts of the state line, as a screen reader would read them, and of the countdown. */
function recordTexts() {
  for (const [name, selector] of [['announced', '#sensors .state'], ['countdowns', '#sensors [role="timer"]']]) {
    const place = document.querySelector(selector);
    window[name] = [];
    new MutationObserver(() => window[name].push(place.textContent)).observe(place, { childList: true });
  }
}

const textChanged = (selector, before) => document.querySelector(selector).textContent !== before;
const areCurrent = () => document.querySelector('#sensors-last-updated').textContent === '';
const lastReport = { source: 'test', time: Date.UTC(2026, 0, 2), readings: [{ label: 'CPU', value: 45.5, unit: 'C' }] };

for (const { name, launch } of browsers) {
  describe(`live readings after a lost connection in ${name}`, suiteLimit, () => {
    let browser;
    let close;
    const ends = [];

    before(async () => {
      ({ browser, close } = await launch());
    }, limit);

    after(async () => {
      await close?.();
      for (const end of ends) await end();
    }, limit);

    async function serve(...options) {
      const server = await startServer(...options);
      ends.push(server.stop);
      return server;
    }

    async function visit(address, talk, options) {
      const visit = await PageSession.to(browser, address, options);
      try {
        await visit.waitForText('#sensors-rows .sensor-value', /\d/);
        await visit.page.evaluate(recordTexts);
        await talk(visit);
        assert.deepEqual(await visit.otherComplaints(), []);
      } finally {
        await visit.leave();
      }
    }

    async function expectLiveReadings(page) {
      await page.waitForText('#sensors .state', /^open, sensors\.json$/);
      await page.until('the values are current', areCurrent);
      const values = await page.text('#sensors-rows');
      await page.until('the values change', textChanged, '#sensors-rows', values);
      assert.equal(await page.text('#sensors-last-updated'), '');
      assert.equal(await page.text('#sensors [role="timer"]'), '');
      assert.equal(await page.page.$eval('#sensors [data-role="retry"]', (button) => button.hidden), true);
    }

    test('the page reconnects to a restarted server without a click', limit, async () => {
      const server = await serve();
      await visit(`${server.http}/`, async (page) => {
        await server.kill();
        await page.waitForText('#sensors .state', /^lost: 1006 connection lost$/);
        await page.waitForText('#sensors-last-updated', /^Old values, \d\d:\d\d:\d\d$/);
        await page.until('an attempt has failed', () => /trying now,next attempt/.test(window.countdowns.join()));
        await page.takeScreenshot(`${name}-lost`);
        assert.equal(await page.text('#server-panel-title'), 'No server answers');

        await serve('--port', new URL(server.http).port);
        await expectLiveReadings(page);
        // The attempts in between are not announced.
        const announced = ['lost: 1006 connection lost', 'open, sensors.json'];
        assert.deepEqual(await page.page.evaluate(() => window.announced), announced);
      });
    });

    test('the page reconnects to a loopback server while the browser reports offline', limit, async () => {
      const server = await serve();
      await visit(`${server.http}/`, async (page) => {
        await page.page.evaluate(() => dispatchEvent(new Event('offline')));
        await server.stop();
        await page.waitForText('#sensors .state', /^lost: /);
        await page.waitForText('#sensors-last-updated', /^Old values/);
        await serve('--port', new URL(server.http).port);
        await expectLiveReadings(page);
      });
    });

    test('the countdown is not announced to screen readers, and a user can cancel or skip the delay', limit, async () => {
      const host = await startStaticHost();
      ends.push(host.stop);
      let visits = 0;
      const peer = await listen((socket, { url }) => {
        if (url !== '/sensors') return;
        visits += 1;
        socket.send(JSON.stringify({ ...lastReport, time: lastReport.time + visits }));
        if (visits < 3) socket.close(1012, 'Retry-After: 60');
      });
      ends.push(peer.stop);
      const address = `${host.http}/?server=${peer.url}`;
      await visit(address, async (page) => {
        const lost = /^lost: 1012 service restart, by the server: Retry-After: 60$/;
        await page.waitForText('#sensors .state', lost);
        await page.waitForText('#sensors [role="timer"]', /^next attempt in 6\d s$/);
        await page.page.evaluate(() => {
          window.announced.length = window.countdowns.length = 0;
        });
        await page.until('the countdown goes on', () => new Set(window.countdowns).size > 1);
        assert.deepEqual(await page.page.evaluate(() => window.announced), []);

        await page.click('#sensors [data-role="toggle"]');
        await page.waitForText('#sensors .state', /^given up$/);
        assert.match(await page.text('#sensors-last-updated'), /^Old values/);
        await page.click('#sensors [data-role="toggle"]');
        await page.waitForText('#sensors .state', lost);

        await page.page.focus('#sensors [data-role="retry"]');
        await page.page.keyboard.press('Enter');
        await page.waitForText('#sensors .state', /^open, sensors\.json$/);
        assert.equal(await page.page.evaluate(() => document.activeElement.dataset.role), 'toggle');
        await page.until('the values are current', areCurrent);
      }, { server: peer.url.replace('ws', 'http') });
    });
  });
}
