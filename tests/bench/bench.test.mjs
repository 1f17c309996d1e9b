// Checks that the benchmark works with every installed server: one case of each kind, 0.1 s each.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { whyNotInJavaScript } from './codecs_javascript.mjs';
import { plot } from './plot.mjs';
import { summarize, summaryIn } from './summary.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = process.env.TWINSOCKET_BENCH ?? `${root}build/release/tests/bench/programs`;
const twinsocket = process.env.TWINSOCKET_BIN ?? `${root}build/bin/twinsocket`;
const run = (...words) => promisify(execFile)(process.execPath, [fileURLToPath(new URL('run.mjs', import.meta.url)), ...words]);

/** Returns the cells of the row with this first cell, from the first table after the title. */
function row(output, title, beginning) {
  const table = output.slice(output.indexOf(title));
  assert.notEqual(output.indexOf(title), -1, `there is no "${title}" in ${output}`);
  const line = table.split('\n').find((text) => text.startsWith(`| ${beginning}`));
  assert(line, `there is no row "${beginning}" in ${table}`);
  return line.split('|').slice(2, -1).map((cell) => cell.trim());
}

const ours = { skip: !existsSync(programs) && 'its programs are built where there is epoll', timeout: 120_000 };

test('every table has a positive figure for every server that is installed', ours, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'twinsocket-results-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { stdout } = await run('--short', '--programs', programs, '--twinsocket', twinsocket, '--results', folder);
  assert.equal(readFileSync(join(folder, 'results.md'), 'utf8'), stdout);
  // Bun's program is not for every CPU.
  const absent = [...stdout.matchAll(/^(\S+) is not measured: it (?:requires \S|ended with SIGILL)/gm)].map(([, name]) => name);
  const check = (title, beginning) => {
    const names = row(stdout, title, 'case');
    const cells = row(stdout, title, beginning);
    for (const [i, cell] of cells.entries()) {
      if (absent.includes(names[i])) assert.equal(cell, '-', `${title}: ${cells}`);
      else assert(Number(cell.replace('*', '')) > 0, `${title}: ${cells}`);
    }
  };
  check("Echo: the server's CPU for each message", '1 x 16 B x 1 binary');
  check('Echo: messages in a second', '1 x 16 B x 1 binary');
  check("Echo over TLS: the server's CPU for each message", '64 x 16 B x 1 binary over TLS');
  check("Broadcast: the server's CPU for each message", '1 to 1000 x 64 B x 1 ascii');
  check('Broadcast: messages in a second', '1 to 1000 x 64 B x 1 ascii');
  const marks = readFileSync(join(folder, 'echo.svg'), 'utf8').match(/<title>1 x 16 B x 1 binary: [^<]+<\/title>/g);
  const present = row(stdout, "Echo: the server's CPU", 'case').filter((name) => !absent.includes(name));
  assert.equal(marks.length, present.length - 1);
  for (const name of present) {
    const [half, most, nearlyAll] = row(stdout, 'Latency of 64 x 16 B binary', name).map(Number);
    assert(half > 0 && half <= most && most <= nearlyAll, `${name}: ${half}, ${most}, ${nearlyAll}`);
    assert(Number(row(stdout, 'Memory for each', name)[0]) > 0, name);
  }
  // The memory of an idle connection is the same in every run, so the bounds can be tight.
  const [idle] = row(stdout, 'Memory for each', 'twinsocket');
  assert(Number(idle) < 1_700, `an idle connection takes ${idle} bytes`);
  const [together] = row(stdout, 'What an idle connection', 'together');
  assert(Number(together) > 500 && Number(together) < 1_450, `an idle connection holds ${together} bytes`);
  const [secure] = row(stdout, 'Memory with TLS for each', 'twinsocket');
  assert(Number(secure) > 0);
  const [, ...others] = row(stdout, 'Codecs', 'codec');
  const measured = { 'json decode': ['nlohmann', 'RapidJSON', 'simdjson', 'Go'], 'json encode': ['nlohmann', 'RapidJSON', 'Go'],
    'xml decode': ['pugixml', 'Go'], 'xml encode': ['Go'] };
  for (const [codec, libraries] of Object.entries(measured)) {
    const [speed, ...ratios] = row(stdout, 'Codecs', codec);
    assert(Number(speed) > 0);
    for (const [i, name] of others.entries()) {
      assert.equal(Number(ratios[i]) > 0, libraries.includes(name) && !absent.includes(name), `${codec}, ${name}: ${ratios[i]}`);
    }
  }
  if (whyNotInJavaScript()) assert.match(stdout, /The npm package is not measured/);
  else {
    for (const [title, beginning, count] of [
      ['Checking and copying an object', 'parse', 7],
      ['Typed JSON in JavaScript', 'decode', 6],
      ['Writing JSON in JavaScript', 'encode', 4],
    ]) {
      const cells = row(stdout, title, beginning);
      assert.equal(cells.length, count);
      for (const cell of cells) assert(Number(cell) > 0, `${title}: ${cells}`);
    }
  }
  const wrong = stdout.slice(stdout.indexOf('Wrong documents')).match(/^\| (json|xml): .*$/gm);
  assert(wrong.length > 20);
  for (const line of wrong) assert.equal(line.split('|')[2].trim(), 'refused', line);
});

test('the plot beside the README is that of its table', async () => {
  const [readme, svg] = await Promise.all(['README.md', 'echo.svg'].map((name) => readFile(new URL(name, import.meta.url), 'utf8')));
  assert.equal(plot(readme), svg, 'to renew it: node tests/bench/plot.mjs tests/bench/README.md >tests/bench/echo.svg');
});

test('the measured rows of the README of the project are those of the results', async () => {
  const [results, main] = await Promise.all(['README.md', '../../README.md'].map((name) => readFile(new URL(name, import.meta.url), 'utf8')));
  assert.equal(summaryIn(main), summarize(results), 'to renew it: node tests/bench/readme.mjs');
});

// The server sleeps for 300 of the 400 ms that the messages take. Most messages are due while it sleeps. Measured from when
// each is due, half of them wait for more than 75 ms; sent one after the other, all but one would be fast.
test('latency is measured from when a message is due, also while the server stalls', ours, async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  let messages = 0;
  server.on('connection', (socket) => {
    socket.on('error', () => {}); // the load generator resets its connections
    socket.on('message', (data, binary) => {
      if (++messages === 101) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      socket.send(data, { binary });
    });
  });
  const target = ['--port', String(server.address().port), '--pid', String(process.pid)];
  const pace = ['--rate', '1000', '--warm-up', '0.1', '--seconds', '0.4'];
  const { stdout } = await promisify(execFile)(`${programs}/load`, [...target, ...pace]);
  server.close();
  const { messages: answered, p50 } = JSON.parse(stdout);
  assert.equal(answered, 400);
  assert.equal(messages, 500);
  assert(p50 > 75_000, `p50 is ${p50} us`);
});
