// The code that the page shows: it is found in the sources, and the TypeScript works with the C++ beside it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { extractSamples, functionAt } from '../../demo-site/samples/extract.js';
import { load } from './modules.mjs';

const site = fileURLToPath(new URL('../../demo-site/', import.meta.url));
const { build } = createRequire(createRequire(join(site, 'package.json')).resolve('vite'))('esbuild');
const address = 'ws://in-page.localhost';
const limit = { timeout: 20_000 };
// Among the packages of the site, where a module finds demo-messages.
const folder = mkdtempSync(join(site, 'node_modules/.samples-'));
const ownWebSocket = globalThis.WebSocket;
let server;

before(async () => {
  const { InPageServer } = await load('in-page-server');
  const module = new URL('../../build/wasm/demo_server.wasm', import.meta.url);
  server = await InPageServer.start(readFileSync(module));
  globalThis.WebSocket = server.webSocket;
});
after(() => {
  server.stop();
  globalThis.WebSocket = ownWebSocket;
  rmSync(folder, { recursive: true });
});

async function sample(name, options) {
  const outfile = join(folder, `${name}.mjs`);
  await build({ entryPoints: [join(site, `samples/${name}.ts`)], outfile, format: 'esm', ...options });
  return import(pathToFileURL(outfile));
}

/** Runs a sample until it has shown as many values, and resolves with them. */
async function shown(count, run) {
  const end = new AbortController();
  const values = [];
  const show = (value) => {
    values.push(value);
    if (values.length === count) end.abort();
  };
  await run(show, end.signal).catch((error) => assert.equal(error.code, 'cancelled', error.stack));
  return values;
}

test('each section has C++ and TypeScript of a few lines', () => {
  const samples = extractSamples();
  assert.deepEqual(Object.keys(samples).sort(), ['chat', 'echo', 'frames', 'person', 'sensors', 'speed']);
  for (const { file, code } of Object.values(samples).flat()) {
    const lines = code.split('\n').length;
    assert.ok(lines >= 3 && lines <= 20, `${file}: ${lines} lines`);
    assert.ok(readFileSync(join(site, file), 'utf8').includes(code.split('\n\n')[0]));
  }
  assert.throws(() => functionAt('int a() {\n}\n', 'int b('), /int b/);
});

test('the sample of the echo receives its text', limit, async () => {
  const { echo } = await sample('echo');
  assert.equal(await echo(address), 'Hello, twin');
});

test('the sample of a Person is told that it was accepted', limit, async () => {
  const { sendPerson } = await sample('person');
  for (const format of ['json', 'xml'])
    assert.equal(await sendPerson(address, format, { Name: 'Jan', Emails: ['jan@example.com'] }), '1000 ');
});

test('the sample of the sensors shows readings in each format', limit, async () => {
  const { showReadings } = await sample('sensors');
  for (const format of ['json', 'xml', 'cbor']) {
    const [report] = await shown(1, (show, signal) => showReadings(address, format, show, signal));
    assert.equal(report.source, 'simulated');
    assert.ok(report.readings.length > 1);
  }
});

test('the sample of the chat shows who is there and what is said', limit, async () => {
  const { chat } = await sample('chat');
  assert.deepEqual(await shown(2, (show, signal) => chat(address, 'Jan', show, signal)), ['Jan is here', 'Jan: hello']);
});

test('the sample of the frames names the fields of a masked frame', limit, async (t) => {
  // Node's fetch() reads no files.
  const module = readFileSync(new URL('../../build/wasm/demo_frames.wasm', import.meta.url));
  t.mock.method(globalThis, 'fetch', async () => new Response(module));
  const { describeFrame } = await sample('frames', { bundle: true });
  const lines = await describeFrame('twins');
  assert.ok(lines.includes('Payload length: 5') && lines.some((line) => line.startsWith('Masking key: ')), lines.join());
});

test('the sample of the speed takes the median of round trips', limit, async () => {
  const { roundTrip } = await sample('speed');
  const median = await roundTrip(address, 9);
  assert.ok(median > 0 && median < limit.timeout, `${median}`);
});
