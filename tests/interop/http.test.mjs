// The server's responses to plain HTTP.

import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { limit, program, ChildProgram, serve } from './programs.mjs';

const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src *; base-uri 'none'; frame-ancestors 'self'";

async function withSite(t) {
  const site = await mkdtemp(join(tmpdir(), 'twinsocket-site-'));
  t.after(() => rm(site, { recursive: true }));
  await writeFile(join(site, 'index.html'), '<!doctype html><title>site</title><section id="echo"></section>');
  return site;
}

test('--site serves files with Content-Security-Policy and X-Content-Type-Options: nosniff', limit, async (t) => {
  const server = await serve(t, '--site', await withSite(t));
  const page = await fetch(`${server.http}/`);
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-security-policy'), policy);
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  assert.match(await page.text(), /<title>site<\/title>/);
  assert.equal((await fetch(`${server.http}/missing`)).status, 404);
});

test('--no-site answers / with 404', limit, async (t) => {
  const server = await serve(t);
  assert.equal((await fetch(`${server.http}/`)).status, 404);
});

for (const place of ['demo-site', 'share/twinsocket/demo-site']) {
  test(`without --site, serve finds the demo page in ../${place} and prints its folder`, limit, async (t) => {
    const prefix = await realpath(await mkdtemp(join(tmpdir(), 'twinsocket-prefix-')));
    t.after(() => rm(prefix, { recursive: true }));
    await mkdir(join(prefix, 'bin'));
    await mkdir(join(prefix, place), { recursive: true });
    await copyFile(program, join(prefix, 'bin/twinsocket'));
    const start = async () => {
      const server = new ChildProgram(t, join(prefix, 'bin/twinsocket'), ['serve', '--port', '0', '--sensors', 'simulated']);
      const [, http] = await server.prints(/^serving on (http:\S+)\/$/m);
      return { http, site: (await server.prints(/^site: (.*)$/m))[1] };
    };
    const without = await start();
    assert.equal(without.site, 'none, because no demo page is built or installed; --site DIR serves a folder');
    assert.equal((await fetch(`${without.http}/`)).status, 404);
    await writeFile(join(prefix, place, 'index.html'), 'the demo');
    const { http, site } = await start();
    assert.equal(site, `the demo page in ${join(prefix, place)}`);
    assert.equal(await (await fetch(`${http}/`)).text(), 'the demo');
  });
}

test('/ws/echo_display redirects to #echo of the site', limit, async (t) => {
  const server = await serve(t, '--site', await withSite(t));
  const display = `${server.http}/ws/echo_display`;
  const answer = await fetch(display, { redirect: 'manual' });
  assert.equal(answer.status, 302);
  assert.equal(new URL(answer.headers.get('location'), display).href, `${server.http}/#echo`);
});

test('/ws/echo_display is a built-in page if there is no site', limit, async (t) => {
  const server = await serve(t);
  const display = `${server.http}/ws/echo_display`;
  const page = await fetch(display);
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-security-policy'), policy);
  assert.match(page.headers.get('content-type'), /^text\/html/);
  const [, source] = /<script type="module" src="([^"]+)">/.exec(await page.text());
  const code = await fetch(new URL(source, display));
  assert.equal(code.status, 200);
  assert.match(code.headers.get('content-type'), /^text\/javascript/);
});

test('/healthz reports status, sensors, version and uptime as JSON', limit, async (t) => {
  const server = await serve(t);
  const answer = await fetch(`${server.http}/healthz`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  const { status, sensors, version, uptime_seconds } = await answer.json();
  assert.equal(status, 'ok');
  assert.equal(sensors, 'simulated');
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert(uptime_seconds >= 0);
});

test('a WebSocket route answers plain HTTP with 426 and Upgrade: websocket', limit, async (t) => {
  const server = await serve(t);
  const answer = await fetch(`${server.http}/echo`);
  assert.equal(answer.status, 426);
  assert.match(answer.headers.get('upgrade'), /websocket/i);
});
