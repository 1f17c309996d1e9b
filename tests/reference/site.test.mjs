// The documentation that `./run.sh docs` makes: it is made anew, all its links lead somewhere, and it can be read and
// searched in both browsers under the Content-Security-Policy of the server.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lowContrastTexts, overflowingElements } from '../browser/appearance.mjs';
import { browsers } from '../browser/browsers.mjs';
import { PageSession } from '../browser/page_session.mjs';
import { startServer } from '../browser/servers.mjs';

const { source: axe } = createRequire(import.meta.url)('axe-core');
const limit = { timeout: 120_000 };
const script = fileURLToPath(new URL('../../demo-site/reference/build.mjs', import.meta.url));

function htmlFilesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(folder, name));
}

/** The links of a page that lead nowhere. */
function deadLinks(file, anchors) {
  const dead = [];
  for (const [, address] of readFileSync(file, 'utf8').matchAll(/ (?:href|src)="([^"]*)"/g)) {
    if (/^[a-z]+:/.test(address)) continue;
    const [path, anchor] = address.split('#');
    const target = path === '' ? file : join(dirname(file), decodeURIComponent(path));
    if (!existsSync(target) || !statSync(target).isFile()) dead.push(address);
    else if (anchor && !anchors(target).has(anchor)) dead.push(address);
  }
  return dead;
}

/** The anchors of pages, each read once. */
function anchorReader() {
  const known = new Map();
  return (file) => {
    if (!known.has(file)) {
      const ids = [...readFileSync(file, 'utf8').matchAll(/ (?:id|name)="([^"]*)"/g)].map(([, id]) => id);
      known.set(file, new Set(ids));
    }
    return known.get(file);
  };
}

describe('the documentation', limit, () => {
  let folder;
  let server;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'twinsocket-reference-'));
    const made = spawnSync(process.execPath, [script, '--no-demo', '--out', folder], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stdout + made.stderr);
    server = await startServer('--site', folder);
  }, limit);
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, limit);

  test('has no dead link, no script in a page and no address of this machine', () => {
    const anchors = anchorReader();
    const files = htmlFilesBelow(folder);
    assert(files.length > 100, `${files.length} pages`);
    for (const file of files) {
      const name = relative(folder, file);
      assert.deepEqual(deadLinks(file, anchors), [], name);
      const html = readFileSync(file, 'utf8');
      assert.doesNotMatch(html, /<script(?! type="module" src=)/, name);
      assert.doesNotMatch(html, /<[^>]+ on[a-z]+=/, name);
      assert(!html.includes(folder) && !html.includes(dirname(dirname(script))), name);
    }
  });

  test('a dead link would be found', () => {
    const page = join(folder, 'docs/server.html');
    const anchors = () => new Set();
    assert(deadLinks(page, anchors).length > 0);
  });

  for (const { name, launch } of browsers) {
    describe(`in ${name}`, limit, () => {
      let browser;
      let close;
      before(async () => {
        ({ browser, close } = await launch());
      }, limit);
      after(() => close?.(), limit);

      test('is searched with the keyboard', limit, async () => {
        const page = await PageSession.to(browser, `${server.http}/docs/`);
        try {
          await page.page.keyboard.press('/');
          await page.page.keyboard.type('backpressure');
          await page.waitForText('#found', /backpressure/i);
          await page.waitForText('#found-count', /pages? found/);
          await page.page.keyboard.press('Enter');
          const focused = await page.page.evaluate(() => document.activeElement.closest('#found') !== null);
          assert(focused);
          await page.page.keyboard.press('Escape');
          assert(await page.page.evaluate(() => document.querySelector('#found').hidden));
          assert.deepEqual(await page.allComplaints(), []);
        } finally {
          await page.leave();
        }
      });

      for (const [width, height] of [[1280, 900], [390, 844]]) {
        test(`at ${width} pixels nothing overflows, texts have contrast, and axe finds nothing`, limit, async () => {
          for (const path of ['start.html', 'server.html', 'cpp/classtwinsocket_1_1connection.html', 'js/twinsocket.html']) {
            const page = await PageSession.to(browser, `${server.http}/docs/${path}`, { width, height });
            try {
              assert.deepEqual(await page.page.evaluate(overflowingElements), [], path);
              assert.deepEqual(await page.page.evaluate(lowContrastTexts), [], path);
              await page.page.evaluate(axe);
              const found = await page.page.evaluate(async () => {
                const { violations } = await window.axe.run(document);
                return violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
              });
              assert.deepEqual(found, [], path);
              assert.deepEqual(await page.allComplaints(), [], path);
            } finally {
              await page.leave();
            }
          }
        });
      }
    });
  }
});
