// Checks that the benchmark works with every installed server: one case of each kind, 0.1 s each.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';

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

test('every table has a positive figure for each server in it', ours, async () => {
  const { stdout } = await run('--short', '--programs', programs, '--twinsocket', twinsocket);
  const tables = [
    ["Echo: the server's CPU for each message", '1 x 16 B x 1 binary'],
    ['Echo: messages in a second', '1 x 16 B x 1 binary'],
    ["Echo over TLS: the server's CPU for each message", '64 x 16 B x 1 binary over TLS'],
    ["Broadcast: the server's CPU for each message", '1 to 1000 x 64 B x 1 ascii'],
    ['Broadcast: messages in a second', '1 to 1000 x 64 B x 1 ascii'],
  ];
  for (const [title, beginning] of tables) {
    const cells = row(stdout, title, beginning);
    for (const cell of cells) assert(Number(cell.replace('*', '')) > 0, `${title}: ${cells}`);
  }
  // The memory of an idle connection is the same in every run, so the bounds can be tight.
  const [idle] = row(stdout, 'Memory for each', 'twinsocket');
  assert(Number(idle) < 2_600, `an idle connection takes ${idle} bytes`);
  const [secure] = row(stdout, 'Memory with TLS for each', 'twinsocket');
  assert(Number(secure) > 0);
  for (const codec of ['json decode', 'json encode', 'xml decode', 'xml encode']) {
    const [speed, nlohmann] = row(stdout, 'Codecs', codec);
    assert(Number(speed) > 0);
    assert.equal(Number(nlohmann) > 0, codec.startsWith('json'));
  }
});
