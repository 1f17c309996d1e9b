// The section that compares the package with the browser's own WebSocket.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageSession } from './page_session.mjs';
import { describePage } from './page_visits.mjs';

const limit = { timeout: 120_000 };

describePage('speed', (place) => {
  const { visit } = place;

  test('it shows the figures of both clients, and copies them', limit, async () => {
    await visit(async (page) => {
      page.page.setDefaultTimeout(60_000);
      await page.page.focus('#speed-start');
      await page.page.keyboard.press('Enter');
      await page.waitForText('#speed-status', /^Measured/);
      const figures = await page.page.$$eval('#speed-rows .number', (cells) => cells.map((cell) => cell.textContent));
      assert.equal(figures.length, 6);
      for (const figure of figures) assert.match(figure, /^[\d,.]*[1-9][\d,.]* (ms|per second)$/);
      const widths = await page.page.$$eval('.speed-bar', (bars) => bars.map((bar) => bar.getBoundingClientRect().width));
      assert(widths.every((width) => width > 0), `${widths}`);
      await page.page.evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => void (window.copied = text) } });
      });
      await page.click('#speed-copy');
      await page.waitForText('#speed-status', /^Copied/);
      const copied = await page.page.evaluate(() => window.copied);
      for (const figure of figures) assert(copied.includes(figure), copied);
    });
  });

  test('it compares the package with the socket of the server in the page', limit, async () => {
    const page = await PageSession.to(place.browser, `${place.server.http}/?server=in-page`);
    try {
      page.page.setDefaultTimeout(100_000);
      await page.waitForText('#echo .state', /^open/);
      await page.click('#speed-start');
      await page.waitForText('#speed-status', /^Measured/);
      const clients = await page.page.$$eval('#speed-rows td:first-child', (cells) => cells.map((cell) => cell.textContent));
      assert.deepEqual(clients, Array(3).fill(['twinsocket', 'socket in the page']).flat());
      for (const figure of await page.page.$$eval('#speed-rows .number', (cells) => cells.map((cell) => cell.textContent)))
        assert.match(figure, /^[\d,.]*[1-9][\d,.]* (ms|per second)$/);
    } finally {
      await page.leave();
    }
  });

  test('it can be stopped', limit, async () => {
    const page = await PageSession.to(place.browser, `${place.server.http}/`);
    try {
      await page.waitForText('#echo .state', /^open/);
      await page.click('#speed-start');
      await page.waitForText('#speed-status', /^Measuring/);
      await page.click('#speed-start');
      await page.waitForText('#speed-status', /^Stopped/);
      assert.equal(await page.text('#speed-start'), 'Measure');
      // Firefox reports a WebSocket that is closed while it connects.
      assert.deepEqual(await page.otherComplaints(), []);
    } finally {
      await page.leave();
    }
  });
});
