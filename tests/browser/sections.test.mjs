// Each section with the mouse and with the keyboard alone, with a server and with the server in the page, and what it does
// when the connection is lost and comes back.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { browsers, suiteLimit } from './browsers.mjs';
import { PageSession } from './page_session.mjs';
import { Keyboard, Mouse, recordAnnouncements, recordWords, sections, waitUntilSaid } from './sections.mjs';
import { startServer, startStaticHost } from './servers.mjs';

const limit = { timeout: 180_000 };
const { source: axe } = createRequire(import.meta.url)('axe-core');

/** A server that is killed and started again at the same port. */
async function startProgram() {
  let server = await startServer();
  return {
    address: `${server.http}/`,
    panel: /^Connected$/,
    lose: () => server.kill(),
    lost: { '#server-panel-title': /^No server answers$/, '#server-panel-text': /^The connection to ws:.* is lost/ },
    async restore() {
      server = await startServer('--port', new URL(server.http).port);
    },
    stop: () => server.stop(),
  };
}

/** The server in the page. Its connections are cut for some seconds. */
async function startInPage() {
  const host = await startStaticHost();
  return {
    address: `${host.http}/?server=in-page`,
    panel: /^The server runs in this tab$/,
    lose: (session) => session.click('#in-page-cut'),
    lost: { '#server-panel-text': /^The connection is cut for 5 s\./ },
    restore: (session) => waitUntilSaid(session, '#server-panel-text', /^New connections are possible again/),
    stop: () => host.stop(),
  };
}

const findings = async (session) => {
  await session.page.evaluate(axe);
  const { violations } = await session.page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`);
};

for (const { name, launch } of browsers) {
  for (const [where, start] of [['a server', startProgram], ['the server in the page', startInPage]]) {
    describe(`the sections in ${name} with ${where}`, suiteLimit, () => {
      let server;
      let browser;
      let close;

      before(async () => {
        server = await start();
        ({ browser, close } = await launch());
      }, limit);
      after(async () => {
        await close?.();
        await server?.stop();
      }, limit);

      async function visit(t) {
        const session = await PageSession.to(browser, server.address);
        t.after(() => session.leave());
        await session.waitForText('#server-panel-title', server.panel);
        await session.waitForText('#sensors-rows .sensor-value', /\d/);
        return session;
      }

      for (const Input of [Mouse, Keyboard]) {
        test(`each can be used with the ${Input.name.toLowerCase()} alone`, limit, async (t) => {
          const session = await visit(t);
          const input = new Input(session);
          for (const { use } of Object.values(sections)) await use(session, input, 'twins');
          assert.deepEqual(await findings(session), []);
          // Browsers report a WebSocket that is closed while it connects.
          assert.deepEqual(await session.otherComplaints(), []);
        });
      }

      test('each comes back by itself when the connection was lost, and says what happened', limit, async (t) => {
        const session = await visit(t);
        const input = new Mouse(session);
        for (const { use } of Object.values(sections)) await use(session, input, 'before');
        const said = Object.assign({}, server.lost, ...Object.values(sections).map(({ says }) => says));
        await session.page.evaluate(recordWords, Object.keys(said));
        await session.page.evaluate(recordAnnouncements);
        await server.lose(session);
        for (const [selector, pattern] of Object.entries(said)) await waitUntilSaid(session, selector, pattern);
        assert.deepEqual(await findings(session), []);
        await server.restore(session);
        for (const { isBack } of Object.values(sections)) await isBack?.(session);
        await session.waitForText('#server-panel-title', server.panel);
        // The panel and the chat speak. The other sections show what happened, but would only repeat it.
        const speaking = await session.page.evaluate(() => [...new Set(window.announced.map((one) => one.split(':')[0]))]);
        assert.deepEqual(speaking.filter((place) => !['server-panel server-facts', 'chat-outcome', 'chat log'].includes(place)), []);
        const panel = await session.page.evaluate(() => window.announced.filter((one) => one.startsWith('server-panel')));
        assert.ok(panel.length > 0 && panel.length <= 4, panel.join('\n'));
        for (const { use } of Object.values(sections)) await use(session, input, 'afterwards');
        assert.deepEqual(await session.otherComplaints(), []);
      });
    });
  }
}
