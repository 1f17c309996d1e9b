// TypeScript and JavaScript are formatted and without findings of Biome, as .biome.jsonc says. Every finding counts, even
// of the level "info".
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './tracked.mjs';

const biome = join(root, 'tests/node_modules/@biomejs/biome/bin/biome');

test('Biome reports no findings in TypeScript and JavaScript', () => {
  assert.ok(existsSync(biome), 'Biome is missing: npm ci --prefix tests');
  const options = ['check', '--max-diagnostics=none', '--reporter=json'];
  const { stdout, stderr } = spawnSync(process.execPath, [biome, ...options], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  assert.match(stdout, /^\{/, `Biome printed no report:\n${stderr}`);
  const { summary, diagnostics } = JSON.parse(stdout);
  const lines = diagnostics.map(({ category, location, message }) =>
    category === 'format'
      ? `${location.path}: not formatted; run tests/node_modules/.bin/biome format --write`
      : `${location?.path}:${location?.start?.line}: ${category}: ${message}`,
  );
  assert.ok(!lines.length, lines.join('\n'));
  assert.ok(summary.unchanged > 200, `only ${summary.unchanged} files`);
});
