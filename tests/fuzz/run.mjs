// Runs every fuzz target, two at a time. Each starts with its seeds and the inputs that once broke it:
//
//   node tests/fuzz/run.mjs --programs FOLDER --work FOLDER [--inputs N]
//
// With --inputs, each target is given N inputs, the same ones every time: a test. Without it, each target starts with the
// interesting inputs of earlier runs too, and searches for TWINSOCKET_FUZZ_SECONDS (60). Each target is one test case. An
// input that breaks a target is kept in --work/broken. Move it to tests/fuzz/found/TARGET once its bug is fixed.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { seeds } from './seeds.mjs';

const atOnce = 2;
const longest = { values: 2048, request: 4096, answer: 4096, session: 1024 }; // bytes; 8 KiB for the others

const { values: options } = parseArgs({
  options: { programs: { type: 'string' }, work: { type: 'string' }, inputs: { type: 'string' } },
});
const seconds = Number(process.env.TWINSOCKET_FUZZ_SECONDS ?? 60);
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

/** Creates a folder below --work. */
function folder(...parts) {
  const path = join(resolve(options.work), ...parts);
  mkdirSync(path, { recursive: true });
  return path;
}

/**
 * libFuzzer's inputs depend on addresses. For a test they are the same each time, where the system allows it: the addresses
 * do not change, and neither do the command line and the environment, whatever folder this is in.
 */
const fixedAddresses = options.inputs && spawnSync('setarch', ['-R', 'true']).status === 0;
const start = (program, args) => (fixedAddresses ? ['setarch', ['-R', program, ...args]] : [program, args]);

const work = resolve(options.work);
const fromWork = (path) => relative(work, resolve(path));

function writeSeeds(target) {
  const path = folder('seeds', target);
  (seeds[target]?.() ?? []).forEach((seed, i) => writeFileSync(join(path, String(i).padStart(4, '0')), seed));
  return path;
}

/** A file that lists the first inputs, in an order that no file system changes. */
function listInputs(target, folders) {
  const files = folders.flatMap((path) => readdirSync(path).sort().map((name) => fromWork(join(path, name))));
  const list = join(folder('inputs'), target);
  writeFileSync(list, files.join(','));
  return list;
}

async function run(target) {
  // libFuzzer writes to the first one. With --inputs it starts empty, so that each run is the same.
  if (options.inputs) rmSync(join(resolve(options.work), 'test', target), { recursive: true, force: true });
  const corpus = folder(options.inputs ? 'test' : 'corpus', target);
  const first = [writeSeeds(target), join(here, 'found', target)].filter((path) => existsSync(path));
  const broken = folder('broken', target);
  const dictionary = join(here, `${target}.dict`);
  const flags = [
    ...(options.inputs ? ['-seed=1', '-reload=0', `-runs=${options.inputs}`] : [`-max_total_time=${seconds}`]),
    `-seed_inputs=@${fromWork(listInputs(target, first))}`,
    `-max_len=${longest[target] ?? 8192}`,
    '-timeout=20',
    '-rss_limit_mb=1024',
    '-malloc_limit_mb=512',
    '-print_final_stats=1',
    `-artifact_prefix=${fromWork(broken)}/`,
    ...(existsSync(dictionary) ? [`-dict=${fromWork(dictionary)}`] : []),
  ];
  const program = spawn(...start(`./${fromWork(join(options.programs, target))}`, [...flags, fromWork(corpus)]), {
    cwd: work,
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  program.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const status = await new Promise((done) => program.on('close', done).on('error', (error) => done(error.message)));
  writeFileSync(join(folder('logs'), `${target}.log`), output);

  const inputs = [...output.matchAll(/Test unit written to (\S+)/g)].map(([, input]) => input);
  const runs = /^stat::number_of_executed_units: +(\d+)/m.exec(output)?.[1] ?? 0;
  if (status === 0 && inputs.length === 0 && runs > 0) {
    console.log(`ok ${target}: ${runs} inputs`);
    return true;
  }
  console.log(`not ok ${target}: ended with ${status} after ${runs} inputs`);
  const lines = output.split('\n').filter((line) => !/^#\d+|^INFO|^###|Uses:|NEW_FUNC|fuzzer::|libc\.so|libc_start|_start|^stat::|^NOTE|^ {6}Combine/.test(line));
  console.log(lines.slice(0, 25).map((line) => `  ${line.slice(0, 300)}`).join('\n'));
  for (const input of inputs) console.log(`  the input that broke it: ${resolve(work, input)}`);
  console.log('  ...'); // the end of a block, as suites.mjs prints it
  return false;
}

const waiting = readdirSync(options.programs).sort();
const total = { passed: 0, failed: 0 };
async function worker() {
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) ++total[(await run(target)) ? 'passed' : 'failed'];
}
await Promise.all(Array.from({ length: atOnce }, worker));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed || !total.passed ? 1 : 0;
