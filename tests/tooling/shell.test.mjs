import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { root, trackedFiles, untracked } from './tracked.mjs';

const isMissing = spawnSync('shellcheck', ['--version']).error && 'requires shellcheck';

test('shellcheck reports no findings in the shell scripts', { skip: untracked || isMissing }, () => {
  const files = trackedFiles('*.sh', '.ci/run');
  for (const script of ['run.sh', '.ci/run']) assert.ok(files.includes(script), `${script} is not tracked`);
  const { status, stdout, stderr } = spawnSync('shellcheck', ['--format=gcc', '--', ...files], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `\n${stdout}${stderr}`);
});
