// Opens a page with the npm package in a browser, served by its own web server.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../npm/package.mjs';
import { startPageHost } from './page_server.mjs';

const scripts = fileURLToPath(new URL('scripts', import.meta.url));

/** Opens a page with one of the scripts. Resolves when the script has set `window[ready]`. */
export async function openPackagePage(launch, script, ready) {
  const folders = { scripts, twinsocket: join(install().twinsocket, 'dist') };
  const host = await startPageHost(`<script type="module" src="/scripts/${script}"></script>`, folders);
  const { browser, close } = await launch().catch((error) => {
    host.stop();
    throw error;
  });
  const stop = async () => {
    await close();
    host.stop();
  };
  try {
    const page = await browser.newPage();
    await page.goto(host.address);
    await page.waitForFunction((name) => window[name], {}, ready);
    return { page, address: host.address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
