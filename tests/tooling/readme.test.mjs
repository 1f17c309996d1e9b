// Code in the README files is code that is compiled and tested: each block below a file name must equal that file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

function blocksOf(readme) {
  const text = readFileSync(join(root, readme), 'utf8');
  return [...text.matchAll(/^`([^`\n]+\.(?:cpp|js|ts|txt))`[^\n]*\n\n```\w+\n(.*?)^```$/gms)].map(([, file, code]) => ({ file, code }));
}

test('code blocks of README.md equal the files that they name', () => {
  const blocks = blocksOf('README.md');
  assert.equal(blocks.length, 4);
  for (const { file, code } of blocks) assert.equal(code, readFileSync(join(root, file), 'utf8'), file);
});
