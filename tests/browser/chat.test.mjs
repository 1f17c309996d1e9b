// The chat of the page: two pages side by side, and what they show when a connection or the server is lost.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadWithChannels } from '../npm/package.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { startProxy } from './proxy.mjs';
import { redisProgram, startRedis } from '../interop/redis.mjs';
import { startServer } from './servers.mjs';
import { PageSession } from './page_session.mjs';

const { channels } = await loadWithChannels();
const limit = { timeout: 60_000 };
const entryCount = (count) => document.querySelectorAll('#chat-log .chat-text').length === count;

/** Publishes as many messages to the lobby, each five by another client: the server allows no more of one in a second. */
async function crowd(server, count) {
  for (let sent = 0; sent < count; ) {
    const client = channels(`${server}/channels`, { token: () => 'crowd' });
    client.subscribe('chat:lobby');
    for (let i = 0; i < 5; ++i) await client.publish('chat:lobby', `message ${++sent}`);
    await client.close();
  }
}

/** Somebody who chats in a page. Clicks are those of scripts: a browser has mouse clicks only for the page in front. */
class Guest {
  static async join(t, browser, address, name, options) {
    const guest = new Guest();
    guest.page = await PageSession.to(browser, address, options);
    t.after(() => guest.page.leave());
    await guest.page.waitForText('#echo .state', /^open/);
    await guest.page.type('#chat-name', name);
    await guest.click('#chat [data-role="toggle"]');
    await guest.reaches(/^in lobby as /);
    // The server has told who is here.
    await guest.page.waitForText('#chat-members-title', /^Here now: \d/);
    return guest;
  }
  click(selector) {
    return this.page.page.$eval(selector, (element) => element.click());
  }
  reaches(state) {
    return this.page.waitForText('#chat .state', state);
  }
  /** Does not wait for the next attempt, whose delay is long in a page that is not in front. */
  comesBack() {
    return this.page.until('the connection is back', () => {
      document.querySelector('#chat [data-role="retry"]').click();
      return document.querySelector('#chat .state').dataset.state === 'open';
    });
  }
  async say(text) {
    await this.page.type('#chat-text', text);
    await this.page.page.keyboard.press('Enter');
  }
  hears(text) {
    return this.page.waitForText('#chat-log', text);
  }
  saysOfLoss(text) {
    return this.page.waitForText('#chat-outcome', text);
  }
  /** The names of those who are here, sorted. */
  async sees(...names) {
    const expected = JSON.stringify(names.sort());
    const areHere = (expected) => {
      const here = [...document.querySelectorAll('.chat-member .chat-name')].map((name) => name.textContent);
      return JSON.stringify(here.sort()) === expected;
    };
    await this.page.until(`here are ${expected}`, areHere, expected);
  }
  /** The messages of the room: sender, text, and the tags in between. */
  messages() {
    return this.page.page.$$eval('#chat-log [data-sender]', (entries) =>
      entries.map((entry) => {
        const words = [...entry.querySelectorAll('.chat-name, .chat-tag, .chat-text')];
        return words.map((word) => word.textContent).join(' ');
      }),
    );
  }
}

for (const { name: browserName, launch } of browsers) {
  describe(`the chat in ${browserName}`, suiteLimit, () => {
    let browser;
    let close;

    before(async () => {
      ({ browser, close } = await launch());
    }, limit);
    after(() => close?.(), limit);

    async function serve(t, ...options) {
      const server = await startServer(...options);
      t.after(server.stop);
      return server;
    }

    test('two pages see each other, what they write, and who joins and leaves', limit, async (t) => {
      const { http } = await serve(t);
      const ada = await Guest.join(t, browser, http, 'Ada');
      await ada.say('Is anybody here?');
      await ada.hears(/Is anybody here\?/);
      const bob = await Guest.join(t, browser, http, 'Bob');
      await bob.hears(/Is anybody here\?/);
      await ada.hears(/Bob joined/);
      for (const guest of [ada, bob]) await guest.sees('Ada', 'Bob');
      await bob.say('Yes, <b>me</b>');
      await ada.hears(/Yes/);
      assert.deepEqual(await ada.messages(), ['Ada you Is anybody here?', 'Bob Yes, <b>me</b>']);
      assert.deepEqual(await bob.messages(), ['Ada Is anybody here?', 'Bob you Yes, <b>me</b>']);

      await bob.click('[name="chat-room"][value="garden"]');
      await bob.reaches(/^in garden as /);
      await ada.hears(/Bob left/);
      await ada.sees('Ada');
      await bob.sees('Bob');
      assert.deepEqual(await bob.messages(), []);
      await bob.click('[name="chat-room"][value="lobby"]');
      await ada.sees('Ada', 'Bob');
      await bob.click('#chat [data-role="toggle"]');
      await bob.reaches(/^closed 1000 normal, by this page$/);
      await ada.sees('Ada');
      for (const guest of [ada, bob]) assert.deepEqual(await guest.page.allComplaints(), []);
      await ada.page.takeScreenshot(`${browserName}-chat`);
    });

    test('what was missed while the connection was cut is recovered once, and the page says so', limit, async (t) => {
      const { http } = await serve(t);
      const network = await startProxy(http);
      t.after(network.stop);
      const ada = await Guest.join(t, browser, network.http, 'Ada');
      const bob = await Guest.join(t, browser, http, 'Bob');
      await ada.say('before');
      await bob.hears(/before/);
      network.cut();
      await ada.saysOfLoss(/^The connection is lost\./);
      await ada.page.waitForText('#chat-members-title', /^Here before the loss$/);
      await bob.hears(/Ada left/);
      for (const text of ['one', 'two', 'three']) {
        await bob.say(text);
        await bob.hears(new RegExp(text));
      }
      await ada.say('meanwhile');
      await ada.page.waitForText('#chat-outbox', /^meanwhile.*waits for the server$/);
      network.restore();
      await ada.comesBack();
      await ada.saysOfLoss(/^Away for (less than a second|\d+ s|\d+ min \d+ s); 3 messages recovered\.$/);
      await ada.hears(/meanwhile/);
      await bob.hears(/meanwhile/);
      const missed = ['one', 'two', 'three'].map((text) => `Bob recovered ${text}`);
      assert.deepEqual(await ada.messages(), ['Ada you before', ...missed, 'Ada you meanwhile']);
      assert.equal(await ada.page.text('#chat-outbox'), '');
      await ada.sees('Ada', 'Bob');

      network.cut();
      await ada.saysOfLoss(/^The connection is lost\./);
      network.restore();
      await ada.comesBack();
      await ada.saysOfLoss(/; no message was missed\.$/);
      for (const guest of [ada, bob]) assert.deepEqual(await guest.page.otherComplaints(), []);
    });

    test('two servers have one room, and one of them recovers what was missed at the other', { ...limit, skip: !redisProgram }, async (t) => {
      const redis = await startRedis(t);
      const servers = [await serve(t, '--broker', redis.url), await serve(t, '--broker', redis.url)];
      const network = await startProxy(servers[0].http);
      t.after(network.stop);
      const ada = await Guest.join(t, browser, network.http, 'Ada');
      const bob = await Guest.join(t, browser, servers[1].http, 'Bob');
      await ada.hears(/Bob joined/);
      for (const guest of [ada, bob]) await guest.sees('Ada', 'Bob');
      await ada.say('before');
      await bob.hears(/before/);
      network.cut();
      await servers[0].kill();
      await ada.saysOfLoss(/^The connection is lost\./);
      for (const text of ['one', 'two']) {
        await bob.say(text);
        await bob.hears(new RegExp(text));
      }
      network.restore(servers[1].http);
      await ada.comesBack();
      await ada.saysOfLoss(/; 2 messages recovered\.$/);
      assert.deepEqual(await ada.messages(), ['Ada you before', 'Bob recovered one', 'Bob recovered two']);
      // The killed server could not tell that Ada has left, which is known after a minute. Her page knows it.
      await ada.sees('Ada', 'Bob');
      for (const guest of [ada, bob]) assert.deepEqual(await guest.page.otherComplaints(), []);
    });

    test('what the room no longer keeps is not recovered, and the page says so', limit, async (t) => {
      const server = await serve(t);
      const network = await startProxy(server.http);
      t.after(network.stop);
      const ada = await Guest.join(t, browser, network.http, 'Ada');
      network.cut();
      await ada.saysOfLoss(/^The connection is lost\./);
      await crowd(server.ws, 55);
      network.restore();
      await ada.comesBack();
      await ada.saysOfLoss(/; 50 messages recovered, but not all: the history was trimmed\.$/);
      await ada.hears(/^Messages may be missing here: the history was trimmed/);
      const kept = Array.from({ length: 50 }, (_, i) => `crowd recovered message ${i + 6}`);
      assert.deepEqual(await ada.messages(), kept);
      assert.deepEqual(await ada.page.otherComplaints(), []);
    });

    test('after a restart of the server the page says that it could not recover, and what was written meanwhile arrives', limit, async (t) => {
      const first = await serve(t);
      const ada = await Guest.join(t, browser, first.http, 'Ada');
      const bob = await Guest.join(t, browser, first.http, 'Bob');
      await ada.say('before');
      await bob.hears(/before/);
      await first.kill();
      for (const guest of [ada, bob]) await guest.saysOfLoss(/^The connection is lost\./);
      await ada.say('meanwhile');
      await ada.page.waitForText('#chat-outbox', /^meanwhile/);
      await serve(t, '--port', new URL(first.http).port);
      for (const guest of [ada, bob]) {
        await guest.comesBack();
        await guest.saysOfLoss(/^Away for .*; could not recover: the server has lost its history\./);
        await guest.hears(/before.*Messages may be missing here: the server has lost its history.*meanwhile/);
        await guest.sees('Ada', 'Bob');
        assert.deepEqual(await guest.page.otherComplaints(), []);
      }
      assert.equal((await ada.messages()).length, 2);
      assert.equal(await ada.page.text('#chat-outbox'), '');
    });

    test('a message that could not be sent stays with its reason, and can be sent again', limit, async (t) => {
      const server = await serve(t);
      const ada = await Guest.join(t, browser, server.http, 'Ada');
      await server.kill();
      await ada.saysOfLoss(/^The connection is lost\./);
      await ada.say('hello');
      await ada.page.waitForText('#chat-outbox', /waits for the server$/);
      await ada.click('#chat [data-role="toggle"]');
      await ada.reaches(/^given up$/);
      await ada.page.waitForText('#chat-error', /^A message was not sent: /);
      await ada.page.waitForText('#chat-outbox', /^helloNot sent: the client was closed/);
      await serve(t, '--port', new URL(server.http).port);
      await ada.click('#chat [data-role="toggle"]');
      await ada.reaches(/^in lobby as /);
      await ada.click('#chat-outbox button');
      await ada.hears(/hello/);
      assert.equal(await ada.page.text('#chat-outbox'), '');
      assert.equal(await ada.page.page.evaluate(() => document.activeElement.id), 'chat-text');
    });

    test('a name must be short enough, and a message needs a room', limit, async (t) => {
      const { http } = await serve(t);
      const page = await PageSession.to(browser, http);
      t.after(() => page.leave());
      await page.waitForText('#echo .state', /^open/);
      await page.click('#chat-send [type="submit"]');
      await page.waitForText('#chat-error', /^Join the room first\.$/);
      for (const [name, problem] of [[' ', /enter a name$/], ['\u00fc'.repeat(33), /the name has 66 bytes, 64 are allowed$/]]) {
        await page.type('#chat-name', name);
        await page.page.keyboard.press('Enter');
        await page.waitForText('#chat .state', problem);
      }
      await page.type('#chat-name', '\u00fc'.repeat(32));
      await page.page.keyboard.press('Enter');
      await page.waitForText('#chat .state', /^in lobby as /);
      assert.deepEqual(await page.allComplaints(), []);
    });

    // Only Chromium measures layout shifts.
    test('what arrives moves nothing else on the page', { ...limit, skip: browserName !== 'chromium' }, async (t) => {
      const { http } = await serve(t);
      const ada = await Guest.join(t, browser, http, 'Ada', { width: 390, height: 844 });
      await ada.page.waitForText('#sensors-rows .sensor-value', /\d/);
      const bob = await Guest.join(t, browser, http, 'Bob');
      await ada.page.page.bringToFront();
      await ada.page.page.$eval('#chat', (section) => section.scrollIntoView());
      await ada.page.page.evaluate(() => {
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries())
            window.shifts.push(`${value} ${sources.map(({ node }) => node?.outerHTML?.slice(0, 80))}`);
        }).observe({ type: 'layout-shift' });
      });
      for (let i = 1; i <= 5; ++i) {
        await bob.page.page.evaluate((text) => {
          document.querySelector('#chat-text').value = text;
          document.querySelector('#chat-send').requestSubmit();
        }, `message ${i}`);
        await ada.hears(new RegExp(`message ${i}`));
      }
      await bob.click('#chat [data-role="toggle"]');
      await ada.sees('Ada');
      await ada.page.until('five messages are shown', entryCount, 5);
      assert.deepEqual(await ada.page.page.evaluate(() => window.shifts), []);
    });
  });
}
