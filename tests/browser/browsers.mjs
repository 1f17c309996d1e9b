// The browsers that the page is tried in: those of the system, started without a window.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// What a person chose who wants dark pages and nothing that moves; Puppeteer cannot ask it of Firefox later on.
const chromiumDark = ['--blink-settings=preferredColorScheme=0', '--force-prefers-reduced-motion'];
const firefoxDark = { 'layout.css.prefers-color-scheme.content-override': 0, 'ui.prefersReducedMotion': 1 };

/** The first of some programs that is there; `variable` of the environment goes before them. */
function program(variable, ...paths) {
  const named = process.env[variable];
  const found = [named, ...paths].find((path) => path && existsSync(path));
  if (!found) throw new Error(`no browser at ${[named, ...paths].filter(Boolean).join(', ')}; set ${variable}`);
  return found;
}

/** Starts a browser with a fresh profile; `close` ends it and removes the profile. */
async function launch(options) {
  const userDataDir = mkdtempSync(join(tmpdir(), 'twinsocket-browser-'));
  const remove = () => rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
  try {
    const browser = await puppeteer.launch({ headless: true, userDataDir, timeout: 60_000, ...options });
    const close = () => browser.close().finally(remove);
    return { browser, close };
  } catch (error) {
    remove();
    throw error;
  }
}

export const browsers = [
  {
    name: 'chromium',
    launch: ({ dark = false, ...options } = {}) =>
      launch({
        ...options,
        executablePath: program('TWINSOCKET_CHROMIUM', '/usr/bin/chromium', '/usr/bin/chromium-browser'),
        args: dark ? [...chromiumArguments, ...chromiumDark] : chromiumArguments,
      }),
  },
  {
    name: 'firefox',
    launch: ({ dark = false, ...options } = {}) =>
      launch({
        ...options,
        browser: 'firefox',
        executablePath: program('TWINSOCKET_FIREFOX', '/usr/bin/firefox-esr', '/usr/bin/firefox'),
        extraPrefsFirefox: dark ? firefoxDark : {},
      }),
  },
];
