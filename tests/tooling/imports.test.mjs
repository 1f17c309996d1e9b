// No file of the npm package imports itself through others: a file can be read, and tested, before those that use it.
// Imports of types count too.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from './tracked.mjs';

const importing = /^(?:import|export)\b[^;']*?from\s+'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/gm;

/** The files that a file imports. TypeScript names a file by its output: `x.js` is `x.ts`, unless `x.js` exists. */
function imported(file, text, files) {
  return [...text.matchAll(importing)]
    .map(([, from, later]) => join(dirname(file), from ?? later))
    .map((path) => (files.has(path) ? path : path.replace(/\.js$/, '.ts')))
    .filter((path) => files.has(path));
}

/** The first cycle of a graph as a list of its nodes, whose first is also the last; undefined if there is none. */
function findCycle(graph) {
  const done = new Set();
  const visit = (node, path) => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}

test('findCycle() finds an import cycle', () => {
  const graph = new Map([['a', ['b']], ['b', ['c', 'd']], ['c', []], ['d', ['b']]]);
  assert.deepEqual(findCycle(graph), ['b', 'd', 'b']);
  assert.equal(findCycle(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]])), undefined);
});

test('wasm/js has no import cycle', () => {
  const folder = join(root, 'wasm/js');
  const files = new Set(readdirSync(folder, { recursive: true }).filter((file) => /(?<!\.d)\.[jt]s$/.test(file)));
  const graph = new Map([...files].map((file) => [file, imported(file, readFileSync(join(folder, file), 'utf8'), files)]));
  const count = [...graph.values()].flat().length;
  assert.ok(files.size > 40 && count > 150, `only ${files.size} files with ${count} imports`);
  assert.equal(findCycle(graph)?.join(' -> '), undefined);
});
