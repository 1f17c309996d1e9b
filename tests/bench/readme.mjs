// Puts the results of the last `./run.sh bench` into README.md, between its two comments, the plot beside it, and a few rows into
// the README.md of the project:
//
//   node tests/bench/readme.mjs [--cpu-only] [FOLDER]
//
// FOLDER has results.md. Default: build/bench. --cpu-only leaves out messages per second and latency, for a machine that was
// not idle.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plot } from './plot.mjs';
import { summarize, withSummary } from './summary.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: options, positionals } = parseArgs({ options: { 'cpu-only': { type: 'boolean' } }, allowPositionals: true });
const all = readFileSync(join(positionals[0] ?? here('../../build/bench'), 'results.md'), 'utf8');
const results = options['cpu-only'] ? all.replace(/^(?:.*: messages in a second|Latency of ).*\n\n(?:\|.*\n)+\n/gm, '') : all;
const old = readFileSync(here('README.md'), 'utf8');
const [before, , after] = old.split(/(?<=^<!-- results -->\n)|(?=^<!-- end of results -->$)/m);
if (!after) throw new Error('README.md has no place for the results');
writeFileSync(here('README.md'), `${before}\n${results.trim()}\n\n${after}`);
writeFileSync(here('echo.svg'), plot(results));
const main = here('../../README.md');
writeFileSync(main, withSummary(readFileSync(main, 'utf8'), summarize(results)));
