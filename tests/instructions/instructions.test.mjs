// Counts the instructions that a message takes, in memory and on a server's sockets, from the readable event to the handler
// and back to the write, and those that decoding a document takes. The test fails if they rise by more than 5 % over
// counts.json. After a change that is worth more instructions, or takes fewer, write the new counts:
//
//   TWINSOCKET_INSTRUCTIONS=FOLDER node tests/instructions/instructions.test.mjs --write

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = resolve(process.env.TWINSOCKET_INSTRUCTIONS ?? `${root}build/release/tests/instructions`);
const kept = new URL('counts.json', import.meta.url);
const tolerance = 0.05;
const hasValgrind = !spawnSync('valgrind', ['--version']).error;
const built = ['memory_instructions', 'server_instructions', 'codec_instructions']
  .map((name) => join(programs, name))
  .filter((program) => existsSync(program))
  .map((program) => ({ program, ...JSON.parse(run(program)) }));

function run(command, ...words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${words.join(' ')}: ${error ?? stderr}`);
  return stdout;
}

/**
 * The instructions in callgrind's output that belong to the program itself. Those of the C library, of OpenSSL and of zlib
 * differ from machine to machine.
 */
function ownInstructions(file, program) {
  let total = 0;
  let isOwn = false;
  let isInclusive = false; // The line after "calls=" repeats the cost of the called function.
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('ob=')) isOwn = line.slice(3) === program;
    else if (line.startsWith('calls=')) isInclusive = true;
    else if (/^[\d+*-]/.test(line)) {
      if (isOwn && !isInclusive) total += Number(line.split(' ').at(-1));
      isInclusive = false;
    }
  }
  return total;
}

/** The instructions of one message or document of a case. */
function measure(name) {
  const { program } = built.find(({ cases }) => cases.includes(name));
  const folder = mkdtempSync(join(tmpdir(), 'instructions-'));
  try {
    const file = join(folder, 'out');
    const callgrind = ['--quiet', '--tool=callgrind', '--toggle-collect=measured*', '--compress-strings=no', '--compress-pos=no'];
    const messages = Number(run('valgrind', ...callgrind, `--callgrind-out-file=${file}`, program, name));
    return Math.round(ownInstructions(file, program) / messages);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const cases = built.flatMap((one) => one.cases);
if (process.argv.includes('--write')) {
  const counts = Object.fromEntries(cases.map((name) => [name, measure(name)]));
  writeFileSync(kept, `${JSON.stringify(counts, null, 2)}\n`);
} else {
  const counts = JSON.parse(readFileSync(kept, 'utf8'));
  const notBuilt = built.length < 3 && `the programs are not built in ${programs}`;
  const other = built.find(({ compiler, build }) => compiler !== 'g++ 12' || build !== 'Release');
  const skip =
    notBuilt ||
    (!hasValgrind && 'requires valgrind') ||
    (other && `the counts are those of g++ 12 and the build type Release, not of ${other.compiler} and ${other.build}`);
  test('counts.json has each case', { skip }, () => assert.deepEqual(Object.keys(counts), cases));
  test('the programs run each case', { skip: notBuilt }, () => {
    for (const one of built)
      for (const name of one.cases) assert.ok(Number(run(one.program, name)) >= 100, name);
  });
  for (const [name, count] of Object.entries(counts))
    test(`the case ${name} takes at most 5 % more than ${count} instructions`, { skip, timeout: 120_000 }, () => {
      const now = measure(name);
      console.log(`# ${name}: ${now}, was ${count}`);
      assert.ok(now <= count * (1 + tolerance), `${now} instructions`);
      assert.ok(now > 100, `${now} instructions: the program's functions were not found in callgrind's output`);
    });
}
