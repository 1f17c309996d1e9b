// No known misspelling is in a tracked text file. codespell has a list of misspellings, not of words, so names pass.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { root, trackedFiles, untracked } from './tracked.mjs';

const allowed = [
  'te', // the header field TE
  'hel', // tests cut "Hello"
  'ecret', // in the password "s:ecret"
  'fo', // RFC 4648 encodes it
  'nd', // the escape "\nd"
  'alle', // German
  'tru', // tests cut "true"
  'caf', // tests cut "café"
  'nmae', // a mistake that must not compile
  ...['importin', 'listin', 'foundin'], // names of functions: importIn()
];
// Corpora and vectors are arbitrary bytes; locks are generated.
const skipped = [':!:*package-lock.json', ':!:tests/vectors', ':!:tests/fuzz/found'];

const isMissing = spawnSync('codespell', ['--version']).error && 'requires codespell';

test('no word is misspelled', { skip: untracked || isMissing }, () => {
  const files = trackedFiles(':/', ...skipped);
  assert.ok(files.length > 500, `only ${files.length} files`);
  const { status, stdout, stderr } = spawnSync('codespell', ['-L', allowed.join(), '--', ...files], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  assert.equal(status, 0, `\n${stdout}${stderr}`);
});
