// Makes the pictures of the page for README.md, from the built page and program:
//
//   node tests/browser/pictures.mjs            # demo-site/page.png
//   node tests/browser/pictures.mjs --moving   # demo-site/page.webp: the same page while its server is killed and comes back
//
// The moving one needs img2webp, which is in Debian's package webp.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { browsers } from './browsers.mjs';
import { PageSession } from './page_session.mjs';
import { root, startServer } from './servers.mjs';

/** The window: from the top of the page to the end of the chat. */
const size = { width: 1280, height: 1490 };

/** The moving picture: its width in pixels, frames per second, largest size in bytes, and how long its last frame stays, in milliseconds. */
const movingWidth = 1024;
const rate = 6;
const maxSize = 500 * 1024;
const lastTime = 3000;

/** What somebody writes, letter by letter. Milliseconds between the letters. */
const typing = { delay: 60 };

const { values } = parseArgs({ options: { moving: { type: 'boolean' } } });

/** Waits until the sensors have sent this many more reports. */
async function reports(session, count) {
  for (let seen = 0; seen < count; seen += 1) {
    const before = await session.text('#sensors-raw');
    await session.until('the next report', (before) => document.querySelector('#sensors-raw').textContent !== before, before);
  }
}

async function say(session, text) {
  await session.page.$eval('#chat-text', (field) => field.focus({ preventScroll: true }));
  await session.page.keyboard.type(text, typing);
  await session.page.keyboard.press('Enter');
}

async function joinChat(session) {
  await reports(session, 25);
  await session.type('#chat-name', 'Ada');
  await session.page.keyboard.press('Enter');
  await session.waitForText('#chat .state', /^in lobby as /);
}

/** Records what changes in the page, at most `rate` times a second. Resolves with a function that ends it. */
async function record(page) {
  const frames = [];
  const session = await page.createCDPSession();
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    const time = metadata.timestamp * 1000;
    const last = frames.at(-1);
    // What changed within a frame's time takes its place.
    if (last && time - last.time < 1000 / rate) last.data = data;
    else frames.push({ time, data });
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {}); // The page was closed meanwhile.
  });
  await session.send('Page.startScreencast', {
    format: 'png',
    maxWidth: movingWidth,
    maxHeight: Math.ceil((movingWidth / size.width) * size.height),
  });
  return async () => {
    await session.send('Page.stopScreencast');
    return frames;
  };
}

/** Writes an animated WebP. */
function writeMoving(frames, path) {
  const folder = mkdtempSync(join(tmpdir(), 'twinsocket-pictures-'));
  try {
    const files = frames.flatMap(({ time, data }, i) => {
      const file = join(folder, `${i}.png`);
      writeFileSync(file, Buffer.from(data, 'base64'));
      const next = frames[i + 1]?.time ?? time + lastTime;
      return ['-d', String(Math.round(next - time)), file];
    });
    const made = spawnSync('img2webp', ['-loop', '0', '-min_size', '-lossy', '-q', '60', '-m', '6', ...files, '-o', path], {
      encoding: 'utf8',
    });
    if (made.error?.code === 'ENOENT') throw new Error('img2webp is missing: apt-get install webp');
    if (made.status !== 0) throw new Error(`img2webp: ${made.stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { size } = statSync(path);
  console.log(`${path}: ${frames.length} frames, ${size} bytes`);
  if (size > maxSize) throw new Error(`it is larger than ${maxSize} bytes`);
}

let server = await startServer();
const { browser, close } = await browsers.find(({ name }) => name === 'chromium').launch();
try {
  const session = await PageSession.to(browser, server.http, size);
  await joinChat(session);
  if (!values.moving) {
    await say(session, 'Good morning, twins');
    await session.waitForText('#chat-log', /Good morning/);
    await session.page.screenshot({ path: join(root, 'demo-site/page.png') });
  } else {
    const stop = await record(session.page);
    await reports(session, 5);
    await say(session, 'Good morning, twins');
    await session.waitForText('#chat-log', /Good morning/);
    await reports(session, 5);
    await server.kill();
    await session.waitForText('#chat-outcome', /^The connection is lost/);
    await say(session, 'Are you there?');
    await session.waitForText('#chat-outbox', /waits for the server/);
    await session.waitForText('#sensors [role="timer"]', /^next attempt in [2-9] s$/);
    await session.waitForText('#sensors [role="timer"]', /^next attempt in 1 s$/);
    server = await startServer('--port', new URL(server.http).port);
    await session.waitForText('#sensors .state', /^open/);
    await session.waitForText('#chat-outcome', /^Away for/);
    await session.waitForText('#chat-log', /Are you there/);
    await reports(session, 5);
    writeMoving(await stop(), join(root, 'demo-site/page.webp'));
  }
} finally {
  await close();
  await server.stop();
}
