// SECURITY.md names tests as "[file](path): title<br>...". Each file exists and contains a test of that title.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from './tracked.mjs';

const named = /\[[^\]]+\]\((?<path>[^)]*\.(?:cpp|mjs|js|ts|go|py))\): (?<title>.+)/;

/** The tests that a table of promises names: one or more in the last cell of a row. */
function testsIn(document) {
  const rows = readFileSync(join(root, document), 'utf8').matchAll(/^\|(?<cells>.*\]\([^)]*tests\/.*)\|$/gm);
  return [...rows].flatMap(({ groups }) => {
    const places = groups.cells.split(/ \| /).at(-1).trim();
    return places.split('<br>').map((place) => {
      const match = named.exec(place);
      assert.ok(match, `${document}: "${place}" is not [file](path): title`);
      const file = join(root, dirname(document), match.groups.path);
      return { file, title: match.groups.title.replaceAll('\\|', '|').trim() };
    });
  });
}

// A title in C++ may be cut into adjacent literals, and contains escapes.
const titlesOf = (source) =>
  source
    .replaceAll(/"\s*\n\s*"/g, '')
    .replaceAll(/\\(["'\\`])/g, '$1');

test('each promise of SECURITY.md names tests that exist', () => {
  const tests = testsIn('.github/SECURITY.md');
  assert.ok(tests.length > 80, `only ${tests.length} tests`);
  const absent = tests.filter(({ file, title }) => !titlesOf(readFileSync(file, 'utf8')).includes(title));
  assert.deepEqual(
    absent.map(({ file, title }) => `${file.slice(root.length + 1)}: ${title}`),
    [],
  );
});
