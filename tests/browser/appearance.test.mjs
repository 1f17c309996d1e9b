// Measurable appearance of the page: contrast in both colour schemes, width, accessible names of the controls, and
// reduced motion.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browsers } from './browsers.mjs';
import { startServer } from './servers.mjs';
import { PageSession } from './page_session.mjs';

const limit = { timeout: 120_000 };

/** Runs in the page: finds texts with a contrast below 4.5 to 1 (WCAG 2.2, 1.4.3). */
function lowContrastTexts() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = channels(color).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backgroundOf = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 && element.parentElement ? backgroundOf(element.parentElement) : color;
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!hasText || !element.checkVisibility()) continue;
    const [low, high] = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) found.push(`${element.className} "${element.textContent.trim()}": ${ratio.toFixed(2)}`);
  }
  return found;
}

/** Runs in the page: finds elements that extend beyond its right edge. */
function overflowingElements() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const beyond = [...document.querySelectorAll('body *')].filter(
    (element) => element.getBoundingClientRect().right + scrollX > clientWidth,
  );
  return [`${scrollWidth} > ${clientWidth}`, ...beyond.map((element) => `${element.localName}.${element.className}`)];
}

/** Runs in the page: finds controls without an accessible name. */
function unnamedControls() {
  const content = (control) => (control.localName === 'button' ? control.textContent : '');
  const named = (control) => control.labels?.length || control.getAttribute('aria-label') || content(control);
  return [...document.querySelectorAll('input, textarea, select, button')]
    .filter((control) => !named(control))
    .map((control) => control.outerHTML);
}

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
            await page.click('#echo-form [type="submit"]');
            await page.waitForText('[data-direction="received"] .log-facts', /round trip/);
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
          await killedServer.kill();
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
