// C++ is formatted as .clang-format says. Versions of clang-format differ in their output, so only version 14 decides.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { root, trackedFiles, untracked } from './tracked.mjs';

const wanted = 14;

function versionOf(program) {
  const { error, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return error ? undefined : Number(/version (\d+)/.exec(stdout)?.[1]);
}

const program = [`clang-format-${wanted}`, 'clang-format'].find((name) => versionOf(name) === wanted);
const unavailable = !program && `requires clang-format ${wanted}; clang-format is ${versionOf('clang-format') ?? 'missing'}`;

/** Resolves with the output of clang-format: nothing if all files are formatted. */
function complaints(files) {
  return new Promise((resolve) => {
    execFile(program, ['--dry-run', '--Werror', ...files], { cwd: root, maxBuffer: 64 << 20 }, (error, _stdout, stderr) =>
      resolve(error ? stderr || String(error) : ''),
    );
  });
}

test('every C++ file is formatted', { skip: untracked || unavailable }, async () => {
  const files = trackedFiles('*.cpp', '*.hpp');
  assert.ok(files.length > 100, `only ${files.length} files`);
  const jobs = availableParallelism();
  const shares = Array.from({ length: jobs }, (_, job) => files.filter((_, i) => i % jobs === job));
  const output = (await Promise.all(shares.map(complaints))).join('');
  const places = [...output.matchAll(/^(\S+?:\d+):\d+: error: /gm)].map(([, place]) => place);
  const lines = [...new Set(places)].slice(0, 20).join('\n');
  assert.ok(!output, `not formatted; run ${program} -i on these files:\n${lines || output}`);
});
