// Tabs that share one connection in a shared worker.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { install } from '../npm/package.mjs';
import { listen } from '../npm/peer.mjs';
import { browsers, suiteLimit } from './browsers.mjs';
import { startServer } from './servers.mjs';

const limit = { timeout: 120_000 };
const scripts = fileURLToPath(new URL('scripts', import.meta.url));

/** A folder for the server: a page with scripts/shared.js, and the package. */
function makeSite() {
  const site = mkdtempSync(join(tmpdir(), 'twinsocket-site-'));
  cpSync(join(install().twinsocket, 'dist'), join(site, 'twinsocket'), { recursive: true });
  cpSync(join(scripts, 'shared.js'), join(site, 'shared.js'));
  writeFileSync(join(site, 'index.html'), '<!doctype html><script type="module" src="/shared.js"></script>');
  return site;
}

/** Resolves when the server has this number of open WebSockets. */
async function expectConnections(server, wanted) {
  for (;;) {
    const text = await (await fetch(`${server.http}/metrics`)).text();
    if (Number(/^twinsocket_websockets (\d+)$/m.exec(text)[1]) === wanted) return;
  }
}

/** Waits until `expression` is true in a tab, which may be in the background. */
async function until(tab, expression) {
  try {
    await tab.waitForFunction(expression, { timeout: 20_000, polling: 50 });
  } catch (error) {
    const seen = await tab.evaluate('JSON.stringify([phases, received, socket.status.error?.message])');
    throw new Error(`${expression}: ${error.message}\nthe tab has: ${seen}`);
  }
}
const phases = (tab) => tab.evaluate('phases');

for (const { name, launch } of browsers) {
  describe(`tabs that share a connection in ${name}`, suiteLimit, () => {
    let site;
    let server;
    let browser;
    let close;

    before(async () => {
      site = makeSite();
      server = await startServer('--site', site);
      ({ browser, close } = await launch());
    }, limit);
    after(async () => {
      await close?.();
      await server?.stop();
      rmSync(site, { recursive: true, force: true });
    }, limit);

    /** Opens tabs with a connection to the same URL, one after another. */
    async function openTabs(count, url, options) {
      const tabs = [];
      for (let i = 0; i < count; ++i) {
        const tab = await browser.newPage();
        tabs.push(tab);
        await tab.goto(`${server.http}/`);
        await until(tab, 'window.isReady');
        await tab.evaluate((url, options) => window.open(url, options), url, { ...options, ...options?.each?.(i), each: undefined });
      }
      return tabs;
    }
    const closeAll = (tabs) => Promise.all(tabs.map((tab) => tab.close()));

    test('send in order and receive everything, as long as one of them is left', limit, async () => {
      const tabs = await openTabs(4, '/echo');
      for (const tab of tabs) await until(tab, 'socket.status.phase === "open"');
      await expectConnections(server, 1);
      const texts = tabs.map((_, i) => Array.from({ length: 50 }, (_, j) => `${i} ${j}`));
      await Promise.all(tabs.map((tab, i) => tab.evaluate((texts) => window.sendAll(texts), texts[i])));
      for (const tab of tabs) await until(tab, 'received.length === 200');
      const received = await Promise.all(tabs.map((tab) => tab.evaluate('received')));
      for (const each of received) assert.deepEqual(each, received[0]);
      texts.forEach((own, i) => assert.deepEqual(received[0].filter((text) => text.startsWith(`${i} `)), own));
      const counters = { messagesReceived: 200, messagesSent: 50, bytesReceived: 760, bytesSent: 190, dropped: 0 };
      assert.deepEqual(await tabs[0].evaluate('socket.counters'), counters);

      // The first tab, which started the worker, is closed; the second ends its part.
      await tabs.shift().close();
      const second = tabs.shift();
      assert.deepEqual(await second.evaluate('socket.close(3001, "enough")'), { code: 3001, reason: 'enough', clean: true, initiator: 'local' });
      assert.match(await second.evaluate('socket.send("x").catch(String)'), /the connection is closed: 3001 enough/);
      await tabs[0].evaluate('socket.send("still here")');
      for (const tab of tabs) await until(tab, 'received.at(-1) === "still here"');
      await expectConnections(server, 1);

      await closeAll([second, ...tabs]);
      await expectConnections(server, 0);
    });

    test('follow one reconnection, with typed messages', limit, async () => {
      const tabs = await openTabs(2, '/echo', { codec: 'json' });
      for (const tab of tabs) await until(tab, 'socket.status.phase === "open"');
      await server.kill();
      for (const tab of tabs) await until(tab, 'phases.includes("waiting 1006")');
      const sent = tabs[1].evaluate('socket.send({ text: "queued" })');
      assert.equal(await sent, 'queued');
      server = await startServer('--site', site, '--port', new URL(server.http).port);
      for (const tab of tabs) await until(tab, 'socket.status.phase === "open" && received.length === 1');
      assert.deepEqual(await tabs[0].evaluate('received'), [{ text: 'queued' }]);
      await expectConnections(server, 1);
      assert.equal(await tabs[0].evaluate('socket.trySend({ text: "at once" })'), 'queued');
      await until(tabs[1], 'received.at(-1).text === "at once"');
      assert.match(await tabs[0].evaluate('socket.send({ text: 1 }).catch(String)'), /text: expected a string, found a number/);
      await closeAll(tabs);
      await expectConnections(server, 0);
    });

    test('share only connections to the same URL with the same subprotocols and name', limit, async () => {
      const tabs = await openTabs(3, '/echo', { each: (i) => ({ name: ['a', 'b', 'a'][i] }) });
      for (const tab of tabs) await until(tab, 'socket.status.phase === "open"');
      await expectConnections(server, 2);
      await closeAll(tabs);
      await expectConnections(server, 0);
    });

    test('leave the connection when the page is left, and return with it', limit, async () => {
      const [tab, other] = await openTabs(2, '/echo');
      await until(tab, 'socket.status.phase === "open"');
      await until(other, 'socket.status.phase === "open"');
      await tab.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
      await other.evaluate('socket.send("while it is away")');
      await until(other, 'received.length === 1');
      await tab.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
      await tab.evaluate('socket.send("back")');
      await until(tab, 'received.length > 0');
      assert.deepEqual(await tab.evaluate('received'), ['back']);
      await expectConnections(server, 1);
      await closeAll([tab, other]);
    });

    // Puppeteer knows the shared workers of Chromium only.
    const noWorker = name !== 'chromium' && `not in ${name}`;
    test('start another worker if theirs has ended', { ...limit, skip: noWorker }, async () => {
      const tabs = await openTabs(2, '/echo');
      for (const tab of tabs) await until(tab, 'socket.status.phase === "open"');
      const target = await browser.waitForTarget((one) => one.type() === 'shared_worker');
      await (await target.worker()).close();
      for (const tab of tabs) await until(tab, 'phases.includes("waiting 1006")');
      assert.match(await tabs[0].evaluate('socket.send("without a worker")'), /accepted|queued/);
      for (const tab of tabs) await until(tab, 'socket.status.phase === "open"');
      await tabs[0].evaluate('socket.send("with another worker")');
      for (const tab of tabs) await until(tab, 'received.at(-1) === "with another worker"');
      await expectConnections(server, 1);
      await closeAll(tabs);
      await expectConnections(server, 0);
    });

    describe('with a server of another library', suiteLimit, () => {
      let peer;
      let connections;
      const sockets = () => [...peer.server.clients];

      before(async () => {
        peer = await listen((socket) => {
          connections.push(socket);
          socket.received = [];
          socket.on('message', (data, isBinary) => {
            socket.received.push(String(data));
            if (String(data).startsWith('greeting')) socket.send('welcome');
            else if (!String(data).startsWith('no echo')) socket.send(data, { binary: isBinary });
          });
          socket.on('close', (code, reason) => (socket.end = [code, String(reason)]));
        }, { handleProtocols: (names) => [...names].find((one) => /xml/.test(one)) ?? false });
      });
      after(() => peer?.stop());

      const open = async (count, options) => {
        connections = [];
        return openTabs(count, peer.url, options);
      };

      test('one tab performs onConnected for each connection, and another if that one is gone', limit, async () => {
        const tabs = await open(2, { each: (i) => ({ greets: ['never', 'the second'][i], silent: i === 0 }), initialDelay: 1 });
        await until(tabs[0], 'greetings.length === 1');
        assert.deepEqual(await tabs[1].evaluate('greetings'), []);
        await tabs[1].evaluate(() => void window.socket.send('no echo'));
        await tabs.shift().close();
        await until(tabs[0], 'socket.status.phase === "open"');
        assert.deepEqual(await tabs[0].evaluate('greetings'), ['', 'welcome']);
        assert.deepEqual(await tabs[0].evaluate('received'), []);
        while (connections.at(-1).received.length < 2) await new Promise(setImmediate);
        assert.deepEqual(connections.at(-1).received, ['greeting from the second', 'no echo']);

        sockets()[0].terminate();
        await until(tabs[0], 'greetings.length === 4 && socket.status.phase === "open"');
        await closeAll(tabs);
      });

      test('the close of the last tab closes the connection', limit, async () => {
        const [tab] = await open(1);
        await until(tab, 'socket.status.phase === "open"');
        const sent = tab.evaluate('socket.send("no echo")');
        const info = await tab.evaluate('socket.close(3002, "the last")');
        assert.deepEqual(info, { code: 3002, reason: 'the last', clean: true, initiator: 'local' });
        assert.equal(await sent, 'accepted');
        while (!connections[0].end) await new Promise(setImmediate);
        assert.deepEqual([connections[0].received, connections[0].end], [['no echo'], [3002, 'the last']]);
        assert.equal((await phases(tab)).at(-1), 'closed 3002');
        await tab.close();
      });

      test('a tab that closes at once opens nothing', limit, async () => {
        const [tab] = await open(1);
        await until(tab, 'socket.status.phase === "open"');
        const info = await tab.evaluate((url) => {
          window.socket.close();
          window.open(url, { name: 'another' });
          const ended = window.socket.close();
          window.open(url, { name: 'a third' });
          return ended;
        }, peer.url);
        assert.deepEqual(info, { code: 1000, reason: '', clean: false, initiator: 'local' });
        await until(tab, 'socket.status.phase === "open"');
        assert.equal(connections.length, 2);
        await tab.close();
      });

      test('the close of the server ends all tabs', limit, async () => {
        const tabs = await open(2);
        for (const tab of tabs) await until(tab, 'socket.status.phase === "open"');
        sockets()[0].close(1000, 'the end');
        for (const tab of tabs) {
          await until(tab, 'window.closeInfo');
          assert.deepEqual(await tab.evaluate('closeInfo'), { code: 1000, reason: 'the end', clean: true, initiator: 'remote' });
        }
        await closeAll(tabs);
      });

      test('a tab that does not read misses messages, as after a lost connection; the others do not', limit, async () => {
        const tabs = await open(2, { each: (i) => ({ reads: i > 0 }), limits: { receiveQueueBytes: 10_000 } });
        for (const tab of tabs) await until(tab, 'socket.status.phase === "open"');
        for (let i = 0; i < 30; ++i) {
          sockets()[0].send(`${i}`.padEnd(1000));
          await until(tabs[1], `received.length === ${i + 1}`);
        }
        await until(tabs[0], 'socket.status.phase === "waiting"');
        await tabs[0].evaluate('void read()');
        await until(tabs[0], 'socket.status.phase === "open"');
        const missed = await tabs[0].evaluate('received.map(Number)');
        assert.deepEqual(missed, Array.from({ length: 10 }, (_, i) => i));
        assert.deepEqual((await phases(tabs[0])).slice(-2), ['waiting 1013', 'open']);
        assert.ok(!(await phases(tabs[1])).some((phase) => /waiting/.test(phase)));
        sockets()[0].send('after it');
        for (const tab of tabs) await until(tab, 'received.at(-1) === "after it"');
        await closeAll(tabs);
      });

      test('send waits while the worker has many bytes of the tab', limit, async () => {
        const [tab] = await open(1, { offlineQueueBytes: 10_000, overflowPolicy: 'wait' });
        await until(tab, 'socket.status.phase === "open"');
        const texts = Array.from({ length: 40 }, (_, i) => `no echo ${i}`.padEnd(4000));
        assert.equal(await tab.evaluate((texts) => window.sendAll(texts), texts), 40);
        while (connections[0].received.length < 40) await new Promise(setImmediate);
        assert.deepEqual(connections[0].received, texts);
        assert.equal(await tab.evaluate('socket.bufferedAmount'), 0);
        assert.equal(await tab.evaluate('socket.trySend("no echo".padEnd(8000)) + socket.trySend("no echo".padEnd(8000))'), 'queuedrefused');
        await tab.close();
      });

      test('the codec may depend on the subprotocol, and load what it needs', limit, async () => {
        const tabs = await open(2, { codec: 'negotiated', subprotocols: ['line.json', 'line.xml'] });
        assert.equal(await tabs[1].evaluate('socket.send({ text: "<&>" })'), 'accepted');
        for (const tab of tabs) await until(tab, 'received.length === 1');
        assert.deepEqual(await tabs[0].evaluate('received'), [{ text: '<&>' }]);
        assert.deepEqual(connections[0].received, ['<Line><text>&lt;&amp;&gt;</text></Line>']);
        await closeAll(tabs);
      });
    });

    test('report a worker that cannot be loaded, and an invalid option', limit, async () => {
      const [tab] = await openTabs(1, '/echo', { worker: '/no/such/file.js' });
      await until(tab, 'window.failure');
      assert.equal(await tab.evaluate('failure'), 'unsupported: the file of the shared worker was not loaded');
      await tab.close();
      const [other] = await openTabs(1, '/echo', { initialDelay: -1 });
      await until(other, 'window.failure');
      assert.match(await other.evaluate('failure'), /^invalid_argument: /);
      await other.close();
    });
  });
}
