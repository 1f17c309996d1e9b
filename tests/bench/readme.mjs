// Puts the results of the last `./run.sh bench` into README.md, between its two comments, and the plot beside it:
//
//   node tests/bench/readme.mjs [FOLDER]
//
// FOLDER has results.md. Default: build/bench.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plot } from './plot.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const results = readFileSync(join(process.argv[2] ?? here('../../build/bench'), 'results.md'), 'utf8');
const old = readFileSync(here('README.md'), 'utf8');
const [before, , after] = old.split(/(?<=^<!-- results -->\n)|(?=^<!-- end of results -->$)/m);
if (!after) throw new Error('README.md has no place for the results');
writeFileSync(here('README.md'), `${before}\n${results.trim()}\n\n${after}`);
writeFileSync(here('echo.svg'), plot(results));
