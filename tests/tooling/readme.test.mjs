// Code in the README files is code that is compiled and tested: each block below a file name must equal that file.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

function blocksOf(readme) {
  const text = readFileSync(join(root, readme), 'utf8');
  return [...text.matchAll(/^`([^`\n]+\.(?:cpp|js|ts|txt))`[^\n]*\n\n```\w+\n(.*?)^```$/gms)].map(([, file, code]) => ({ file, code }));
}

test('the README shows files that exist, as they are', () => {
  const blocks = blocksOf('README.md');
  assert.equal(blocks.length, 4);
  for (const { file, code } of blocks) assert.equal(code, readFileSync(join(root, file), 'utf8'), file);
});

test('every local link of the README leads somewhere', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8').replace(/^```.*?^```$/gms, '');
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target);
  assert.ok(links.length > 5);
  for (const link of links) assert.ok(existsSync(join(root, link)), link);
});
