// Tests of the page with a real server, in each browser.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { browsers, suiteLimit } from './browsers.mjs';
import { PageSession } from './page_session.mjs';
import { startServer } from './servers.mjs';

const limit = { timeout: 120_000 };

/**
 * Calls `declare` once for each browser, to declare tests. They are given `place`: the browser's name, the server, the browser,
 * and `visit(talk, options)`, which opens the page, waits for its connection, and checks that the browser reports no problem.
 */
export function describePage(title, declare) {
  for (const { name, launch } of browsers) {
    describe(`${title} in ${name}`, suiteLimit, () => {
      let close;
      const place = { name, server: undefined, browser: undefined, visit };

      before(async () => {
        place.server = await startServer();
        const launched = await launch();
        place.browser = launched.browser;
        close = launched.close;
      }, limit);

      after(async () => {
        await close?.();
        await place.server?.stop();
      }, limit);

      async function visit(talk, options) {
        const page = await PageSession.to(place.browser, `${place.server.http}/`, options);
        try {
          await page.waitForText('#echo .state', /^open/);
          await talk(page);
          assert.deepEqual(await page.allComplaints(), []);
        } finally {
          await page.leave();
        }
      }

      declare(place);
    });
  }
}
