// Servers that stop, that are on another host, and that do not exist.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browsers, suiteLimit } from './browsers.mjs';
import { startServer, startStaticHost } from './servers.mjs';
import { PageSession } from './page_session.mjs';

const limit = { timeout: 120_000 };

for (const { name, launch } of browsers) {
  describe(`servers that stop, are remote or are missing, in ${name}`, suiteLimit, () => {
    let browser;
    let close;
    const stops = [];

    before(async () => {
      ({ browser, close } = await launch());
    }, limit);

    after(async () => {
      await close?.();
      for (const stop of stops) await stop();
    }, limit);

    async function started(starting) {
      const host = await starting;
      stops.push(host.stop);
      return host;
    }

    async function visit(address, talk, options) {
      const visit = await PageSession.to(browser, address, options);
      try {
        await talk(visit);
      } finally {
        await visit.leave();
      }
    }

    test('the page shows the close with 1001 of a server that shuts down', limit, async () => {
      const server = await started(startServer());
      await visit(`${server.http}/`, async (page) => {
        await page.waitForText('#sensors-rows .sensor-value', /\d/);
        assert.equal(await server.stop(), 0);
        for (const section of ['echo', 'sensors']) {
          await page.waitForText(`#${section} .state`, /^lost: 1001 going away, by the server/);
          assert.equal(await page.text(`#${section} [data-role="toggle"]`), 'Give up');
        }
        await page.waitForText('#echo-log', /lost: 1001 going away, by the server/);
        await page.waitForText('#server-panel-title', /^No server answers$/);
        assert.deepEqual(await page.otherComplaints(), []);
        await page.takeScreenshot(`${name}-stopped`);
        // The server that has stopped is also the one that has the module.
        await page.click('#server-in-page');
        await page.waitForText('#server-panel-text', /The server in this tab could not be started: ./);
      });
    });

    test('?server= connects to a server of another origin', limit, async () => {
      const host = await started(startStaticHost({ prefix: '/some/folder/' }));
      const server = await started(startServer('--origin', host.origin));
      await visit(`${host.http}/?server=${server.ws}`, async (page) => {
        await page.waitForText('#echo .state', /^open/);
        assert.equal(await page.value('#server-address'), server.ws);
        await page.waitForText('#sensors-rows .sensor-value', /\d/);
        await page.reachPerson();
        await page.click('#person-both');
        await page.waitForText('#person-both-result', /equal/);
        assert.deepEqual(await page.allComplaints(), []);
        await page.takeScreenshot(`${name}-elsewhere`);
      }, { server: server.http });
    });

    test("the page names 'wasm-unsafe-eval' if its policy forbids WebAssembly", limit, async () => {
      const host = await started(startStaticHost({ security: "default-src 'self'" }));
      await visit(`${host.http}/`, async (page) => {
        await page.until('the page says that it cannot start', () => !document.querySelector('#startup-error').hidden);
        await page.waitForText('#startup-error-reason', /./);
        assert.match(await page.text('#startup-error'), /'wasm-unsafe-eval'/);
      });
    });

    test('a page without a server shows how to start one and accepts a server address', limit, async () => {
      const host = await started(startStaticHost());
      const server = await started(startServer('--origin', host.origin));
      await visit(`${host.http}/`, async (page) => {
        await page.waitForText('#server-panel-text', new RegExp(`^No server answers at ws://${new URL(host.origin).host}\\.`));
        await page.waitForText('#server-panel-command', new RegExp(`serve --origin ${host.origin}$`));
        await page.takeScreenshot(`${name}-no-server`);

        await page.type('#server-address', 'ftp://nowhere');
        await page.page.keyboard.press('Enter');
        await page.waitForText('#server-note', /not ftp:/);

        await page.type('#server-address', new URL(server.http).host);
        await page.page.keyboard.press('Enter');
        await page.waitForText('#server-panel-title', /^Connected$/);
        await page.waitForText('#echo-log', new RegExp(`open: ${server.ws}/echo`));
        assert.equal(new URL(page.page.url()).search, `?server=${server.ws}`);
      });
    });
  });
}
