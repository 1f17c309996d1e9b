// Prints how many lines and branches of wasm/js the tests of the npm package execute:
//
//   node tests/javascript_coverage.mjs --build build/release --logs FOLDER
//
// It makes the package, runs the suite `npm` with it under V8's coverage, and lets c8 report.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values } = parseArgs({ options: { logs: { type: 'string' }, build: { type: 'string' } } });
const [logs, build] = [values.logs, values.build].map((folder) => resolve(folder));
const made = join(root, 'build/coverage/npm');
const [raw, mapped] = ['v8', 'v8-mapped'].map((name) => join(logs, name));
for (const folder of [raw, mapped]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Runs a command with its output in a log file. Ends the program if it fails. */
function run(log, command, words, env) {
  const { status, stdout, error } = spawnSync(command, words, {
    cwd: root,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  writeFileSync(join(logs, log), stdout ?? '');
  if (status === 0) return;
  console.error(`${command} ${words[0]}: ${error ?? `ended with ${status}`}; its output is in ${join(logs, log)}`);
  process.exit(1);
}

run('coverage-package.log', process.execPath, ['wasm/build.mjs', '--out', made]);
run('coverage-npm.log', 'ctest', ['--test-dir', build, '-R', '^npm$', '-V'], {
  NODE_V8_COVERAGE: raw,
  TWINSOCKET_NPM: made,
});

// Each test installs the package in a temporary folder of its own. The report reads it where it was made.
const installed = /^file:.*\/twinsocket-\w+\/node_modules\/twinsocket\/(dist\/(?:channels-)?node\.js)$/;
const lasting = pathToFileURL(join(made, 'twinsocket')).href;
for (const name of readdirSync(raw)) {
  const { result, 'source-map-cache': maps = {} } = JSON.parse(readFileSync(join(raw, name), 'utf8'));
  const moved = (url) => url.replace(installed, `${lasting}/$1`);
  const ours = result.filter(({ url }) => installed.test(url)).map((script) => ({ ...script, url: moved(script.url) }));
  if (!ours.length) continue;
  const kept = Object.entries(maps).filter(([url]) => installed.test(url));
  for (const [, { data }] of kept) data.sources = data.sources.map((file) => file.replace(/^.*\/js\//, `${root}wasm/js/`));
  const cache = Object.fromEntries(kept.map(([url, map]) => [moved(url), map]));
  writeFileSync(join(mapped, name), JSON.stringify({ result: ours, 'source-map-cache': cache }));
}
if (readdirSync(mapped).length === 0) throw new Error(`no process of the suite loaded the package made in ${made}`);
const c8 = join(root, 'tests/node_modules/c8/bin/c8.js');
const words = ['report', '--temp-directory', mapped, '--exclude-after-remap', '--include', 'wasm/js/**', '--exclude', ''];
const reporters = ['--reporter', 'text', '--reports-dir', mapped];
const { status } = spawnSync(process.execPath, [c8, ...words, ...reporters], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
