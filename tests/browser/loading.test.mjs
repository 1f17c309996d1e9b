// What the page loads and when it paints, and that nothing moves meanwhile. Only Chromium tells the bytes and the shifts.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browsers, suiteLimit } from './browsers.mjs';
import { PageSession } from './page_session.mjs';
import { startServer, startStaticHost } from './servers.mjs';

const limit = { timeout: 120_000 };

/** Bytes that the first load may take, with all headers of the responses: 75 KiB. */
const maxTransfer = 75 * 1024;

/** In milliseconds. The best of several loads counts, because other programs make single ones slow. */
const maxFirstPaint = 1000;
const loads = 5;

/** Bytes, with headers, of what the browser waits for before it paints: the document and the style sheet. */
const maxBlocking = 12 * 1024;

/** Files of the parts of the page that are loaded at their first use. */
const laterFiles = {
  person: /\/(person-[^/]*\.(js|css)|twinsocket_xml-[^/]*\.wasm)$/,
  frames: /\/(frames-[^/]*\.(js|css)|demo_frames-[^/]*\.wasm)$/,
  speed: /\/speed-[^/]*\.js$/,
  chat: /\/chat-[^/]*\.(js|css)$/,
  code: /\/code-samples-[^/]*\.(js|css)$/,
  'server in the page': /\/(in-page-module-[^/]*\.js|demo_server-[^/]*\.wasm)$/,
};

/** Runs in the page before its scripts: records what moves without a click or a key. */
function recordShifts() {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      const places = sources.map(({ node, previousRect, currentRect }) => {
        const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
        return `${element?.id || element?.className || element?.localName}: ${previousRect.y} to ${currentRect.y}`;
      });
      window.shifts.push(`${value.toFixed(4)}: ${places}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Runs in the page: two frames, after which everything that has changed is laid out. */
const nextFrames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

/** Runs in the page: where each section begins, and how high the page is. */
const layout = () => ({
  ...Object.fromEntries([...document.querySelectorAll('section')].map(({ id, offsetTop }) => [id, offsetTop])),
  page: document.documentElement.scrollHeight,
});

const firstReadings = async (page) => {
  await page.waitForText('#sensors-rows .sensor-value', /\d/);
  await page.until('the chart is drawn', () => document.querySelector('#sensors-chart canvas') !== null);
};

const chromium = browsers.find(({ name }) => name === 'chromium');

describe('loading of the page in chromium', suiteLimit, () => {
  let server;
  let host;
  let browser;
  let close;

  before(async () => {
    server = await startServer();
    host = await startStaticHost();
    ({ browser, close } = await chromium.launch());
  }, limit);
  after(async () => {
    await close?.();
    await host?.stop();
    await server?.stop();
  }, limit);

  /** Opens the page without a cache. `prepare` is given the page before it is loaded. */
  async function visit(t, address, prepare, options) {
    const context = await browser.createBrowserContext();
    t.after(() => context.close());
    return PageSession.to(context, address, { ...options, prepare });
  }

  /** Counts the bytes of all responses by the paths of their files. */
  async function countBytes(page) {
    const paths = new Map();
    const bytes = new Map();
    const session = await page.createCDPSession();
    session.on('Network.requestWillBeSent', ({ requestId, request }) => paths.set(requestId, new URL(request.url).pathname));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const path = paths.get(requestId);
      bytes.set(path, (bytes.get(path) ?? 0) + encodedDataLength);
    });
    await session.send('Network.enable');
    return bytes;
  }

  test(`up to the first readings at most ${maxTransfer} bytes are transferred`, limit, async (t) => {
    let bytes;
    const page = await visit(t, `${server.http}/`, async (page) => {
      bytes = await countBytes(page);
    });
    await firstReadings(page);
    await page.page.waitForNetworkIdle();
    const total = [...bytes.values()].reduce((sum, one) => sum + one);
    const list = [...bytes].map(([path, size]) => `${size} ${path}`).join('\n');
    t.diagnostic(`${total} bytes:\n${list}`);
    assert.ok([...bytes.keys()].some((path) => /twinsocket-.*\.wasm$/.test(path)), list);
    assert.ok(total <= maxTransfer, `${total} bytes:\n${list}`);
    for (const [part, files] of Object.entries(laterFiles)) {
      assert.deepEqual([...bytes.keys()].filter((path) => files.test(path)), [], part);
    }
  });

  test('each section loads its code at its first use', limit, async (t) => {
    const page = await visit(t, `${server.http}/`);
    await firstReadings(page);
    const loaded = (part) =>
      page.page.evaluate(
        (source) => performance.getEntriesByType('resource').filter(({ name }) => new RegExp(source).test(name)).length,
        laterFiles[part].source,
      );
    const uses = {
      person: () => page.reachPerson(),
      frames: async () => {
        await page.click('#frames summary');
        await page.waitForText('#frames-drawn caption', /^One frame/);
      },
      speed: async () => {
        await page.click('#speed-start');
        await page.waitForText('#speed-status', /^Measuring/);
        await page.click('#speed-start');
        await page.waitForText('#speed-status', /^Stopped/);
      },
      chat: async () => {
        await page.click('#chat [data-role="toggle"]');
        await page.waitForText('#chat .state', /^in lobby as /);
      },
      code: async () => {
        await page.click('#echo details.code summary');
        await page.waitForText('#echo .samples', /echo/);
      },
      'server in the page': async () => {
        await page.click('#server-in-page');
        await page.waitForText('#server-panel-title', /^The server runs in this tab$/);
      },
    };
    assert.deepEqual(Object.keys(uses), Object.keys(laterFiles));
    for (const [part, use] of Object.entries(uses)) {
      if (part !== 'person') assert.equal(await loaded(part), 0, part);
      await use();
      assert.ok((await loaded(part)) > 0, part);
    }
  });

  test('the first paint needs no script, and waits for nothing but the document and one style sheet', limit, async (t) => {
    const held = [];
    let bytes;
    const page = await visit(t, `${server.http}/`, async (page) => {
      bytes = await countBytes(page);
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        if (request.resourceType() === 'script') held.push(request);
        else void request.continue();
      });
    }, { waitUntil: 'commit' });
    await page.until(
      'the page is painted',
      () => performance.getEntriesByName('first-contentful-paint').length === 1 && document.querySelector('#sensors-title').checkVisibility(),
    );
    assert.ok(held.length >= 1);
    const blocking = await page.page.evaluate(() =>
      performance.getEntriesByType('resource').filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking').map(({ name }) => name),
    );
    assert.equal(blocking.length, 1, `${blocking}`);
    assert.match(blocking[0], /\.css$/);
    const size = [...bytes].filter(([path]) => path === '/' || path.endsWith('.css')).reduce((sum, [, one]) => sum + one, 0);
    assert.ok(size > 0 && size <= maxBlocking, `${size} bytes`);
    for (const request of held) await request.continue();
    await firstReadings(page);
  });

  test(`the best of ${loads} first contentful paints is within ${maxFirstPaint} ms`, limit, async (t) => {
    const paints = [];
    for (let load = 0; load < loads; load += 1) {
      const page = await visit(t, `${server.http}/`);
      await page.until('the page is painted', () => performance.getEntriesByName('first-contentful-paint').length === 1);
      paints.push(await page.page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    }
    t.diagnostic(`${paints.map((paint) => paint.toFixed(0))} ms`);
    assert.ok(Math.min(...paints) < maxFirstPaint, `${paints}`);
  });

  for (const [width, height] of [[1280, 900], [390, 844]]) {
    const size = { width, height };

    for (const [what, address] of [
      ['the server', () => `${server.http}/`],
      ['the server in the page, because no server answers', () => `${host.http}/`],
      ['the server in the page, because it was chosen', () => `${host.http}/?server=in-page`],
    ]) {
      test(`at ${width} pixels nothing moves until the first readings of ${what}`, limit, async (t) => {
        const page = await visit(t, address(), (page) => page.evaluateOnNewDocument(recordShifts), size);
        await firstReadings(page);
        await page.page.evaluate(nextFrames);
        assert.deepEqual(await page.page.evaluate(() => window.shifts), []);
      });
    }

    test(`at ${width} pixels what a section loads when it is opened moves nothing`, limit, async (t) => {
      const page = await visit(t, `${server.http}/`, undefined, size);
      await firstReadings(page);
      await page.reachPerson();
      /** Opens something, and waits until its content is there. Only the opening itself may move something. */
      async function staysInPlace(what, open, arrives) {
        await page.page.evaluate(nextFrames);
        await open();
        const opened = await page.page.evaluate(layout);
        await arrives();
        await page.page.evaluate(nextFrames);
        assert.deepEqual(await page.page.evaluate(layout), opened, what);
      }
      const press = (selector) => () => page.page.$eval(selector, (element) => element.click());
      for (const section of await page.page.$$eval('details.code', (all) => all.map(({ dataset }) => dataset.section))) {
        const shows = () => page.waitForText(`#${section} .samples figure:nth-child(2) pre`, /\w/);
        await staysInPlace(`the code of ${section}`, press(`#${section} details.code summary`), shows);
      }
      const frames = () => page.waitForText('#frames-drawn caption', /^One frame/);
      await staysInPlace('frames', press('#frames summary'), frames);
      const joined = () => page.waitForText('#chat-members-title', /^Here now: 1$/);
      await staysInPlace('chat', press('#chat [data-role="toggle"]'), joined);
      const echoed = () => page.waitForText('[data-direction="received"] .log-facts', /round trip/);
      await staysInPlace('echo', press('#echo-form [type="submit"]'), echoed);
      for (const format of ['json', 'xml']) {
        const answered = () => page.waitForText(`[data-format="${format}"] .state`, /^accepted/);
        await staysInPlace(`a document in ${format}`, press(`[data-format="${format}"] button`), answered);
      }
      const compared = () => page.waitForText('#person-both-result', /equal/);
      await staysInPlace('all three formats', press('#person-both'), compared);
      page.page.setDefaultTimeout(60_000);
      const measured = () => page.waitForText('#speed-status', /^Measured/);
      await staysInPlace('speed', press('#speed-start'), measured);
    });
  }
});
