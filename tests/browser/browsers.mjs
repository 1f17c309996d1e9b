// The browsers for the tests: those installed on the system, started headless.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

/** For all tests of one browser together, which a busy machine makes slow. Each test has a limit of its own. */
export const suiteLimit = { timeout: 900_000 };

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Preferences of a user who wants a dark colour scheme and reduced motion. Puppeteer cannot set them in Firefox after
// the start.
const chromiumDark = ['--blink-settings=preferredColorScheme=0', '--force-prefers-reduced-motion'];
const firefoxDark = { 'layout.css.prefers-color-scheme.content-override': 0, 'ui.prefersReducedMotion': 1 };

/** The first program that exists. The environment variable `variable` takes precedence. */
function program(variable, ...paths) {
  const named = process.env[variable];
  const found = [named, ...paths].find((path) => path && existsSync(path));
  if (!found) throw new Error(`no browser at ${[named, ...paths].filter(Boolean).join(', ')}; set ${variable}`);
  return found;
}

/** Starts a browser with a new profile. `close` ends it and removes the profile. */
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
