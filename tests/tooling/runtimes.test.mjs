// The versions of the runtimes in wasm/README.md are those that tests/runtimes installs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the table of runtimes names each runtime with the version that is tested', () => {
  const { devDependencies } = JSON.parse(read('tests/runtimes/package.json'));
  const table = /\n## Runtimes\n([\s\S]*?)\n## /.exec(read('wasm/README.md'))[1];
  const runtimes = Object.entries(devDependencies).filter(([name]) => !name.includes('babel'));
  assert.ok(runtimes.length >= 8);
  for (const [name, version] of runtimes) assert.ok(table.includes(version.replace(/^.*@/, '')), `${name} ${version}`);
});
