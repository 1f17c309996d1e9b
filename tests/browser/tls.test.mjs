// https:// and wss:// with a development certificate.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../interop/programs.mjs';
import { browsers } from './browsers.mjs';

const limit = { timeout: 120_000 };

for (const { name, launch } of browsers) {
  test(`${name} connects over wss to a server with --tls-self-signed`, limit, async (t) => {
    const server = await serve(t, '--tls-self-signed');
    const { browser, close } = await launch({ acceptInsecureCerts: true });
    t.after(close);
    const page = await browser.newPage();
    await page.goto(`${server.http}/ws/echo_display`);
    await page.waitForSelector('button:not([disabled])');
    assert.match(await page.$eval('#state', (state) => state.textContent), /^open: wss:/);
    await page.click('button');
    await page.waitForSelector('#log li');
    assert.equal(await page.$eval('#log li', (line) => line.textContent), 'Hello');
  });
}
