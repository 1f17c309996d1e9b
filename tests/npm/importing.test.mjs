// What an import of the package does: nothing. `sideEffects` in package.json promises that to bundlers for all files but the
// script of a worker, and frameworks that render on a server import everything in an environment with few globals.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { install } from './package.mjs';

const { folder, twinsocket } = install();
/** A script, which is not imported for what it exports. */
const workerScript = 'shared-worker.js';
const entries = readdirSync(join(twinsocket, 'dist')).filter((name) => name.endsWith('.js') && name !== workerScript);
/** Files that are no entries, and need nothing: what packages of messages import, and the modules compiled to JavaScript. */
const others = ['check-helpers.js', 'twinsocket.wasm.js', 'twinsocket_xml.wasm.js'];
const limit = { timeout: 60_000 };

/**
 * Runs in another process: imports a module, and prints the globals that it reads and writes meanwhile. The context has the
 * objects of ECMAScript, which are frozen. `bare`: it has nothing else. `full`: the globals of Node and those of pages are there.
 */
const script = `
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import vm from 'node:vm';

const [entry, kind] = process.argv.slice(1);
const platform = ['console', 'WebAssembly'];
const language = vm.runInNewContext('Object.getOwnPropertyNames(globalThis)').filter((name) => !platform.includes(name));
const page = ['addEventListener', 'document', 'location', 'navigator', 'self', 'window', 'WebSocket'];
const others = new Set([...platform, ...page, ...Object.getOwnPropertyNames(globalThis)].filter((name) => !language.includes(name)));
const accesses = new Set();
const sandbox = {};
if (kind === 'full')
  for (const name of others) {
    const get = () => (accesses.add('reads ' + name), globalThis[name]);
    Object.defineProperty(sandbox, name, { get, set: () => void accesses.add('writes ' + name), configurable: true });
  }
const context = vm.createContext(sandbox);
const freeze = (names) => {
  for (const name of names) {
    const value = globalThis[name];
    if (typeof value !== 'function') continue;
    Object.freeze(value);
    if (value.prototype) Object.freeze(value.prototype);
  }
};
vm.runInContext('(' + freeze + ')(' + JSON.stringify(language) + ')', context);
const before = Object.getOwnPropertyNames(sandbox);

const modules = new Map();
function moduleOf(specifier, from) {
  const path = specifier.startsWith('node:') ? specifier : join(from, specifier);
  if (!modules.has(path)) modules.set(path, load(path));
  return modules.get(path);
}
async function load(path) {
  if (!path.startsWith('node:')) return new vm.SourceTextModule(readFileSync(path, 'utf8'), { context, identifier: path });
  const real = await import(path);
  const names = Object.keys(real);
  const fill = function () {
    for (const name of names) this.setExport(name, real[name]);
  };
  return new vm.SyntheticModule(names, fill, { context });
}
const module = await moduleOf(entry, '');
await module.link((specifier, { identifier }) => moduleOf(specifier, dirname(identifier)));
await module.evaluate();
for (const name of Object.getOwnPropertyNames(sandbox)) if (!before.includes(name)) accesses.add('writes ' + name);
console.log(JSON.stringify({ accesses: [...accesses], exported: Object.keys(module.namespace).length }));
`;

/** The reads and writes of an import, and the number of exported names. */
function importIn(kind, path) {
  const words = ['--experimental-vm-modules', '--no-warnings', '--input-type=module', '--eval', script, path, kind];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

describe('the import of', limit, () => {
  for (const entry of entries) {
    test(`${entry} needs only ECMAScript, reads EventTarget at most, and changes nothing`, () => {
      const path = join(twinsocket, 'dist', entry);
      assert.deepEqual(importIn('bare', path).accesses, []);
      const { accesses, exported } = importIn('full', path);
      assert.deepEqual(accesses, others.includes(entry) ? [] : ['reads EventTarget']);
      assert.ok(exported > 0);
    });
  }

  test('a module that has an effect is noticed', () => {
    const path = join(folder, 'effects.js');
    for (const [code, found] of [
      ['globalThis.document?.title', 'reads document'],
      ['console.log', 'reads console'],
      ['globalThis.fetch = 1', 'writes fetch'],
    ]) {
      writeFileSync(path, `${code};\nexport const a = 1;\n`);
      assert.deepEqual(importIn('full', path), { accesses: [found], exported: 1 });
    }
    writeFileSync(path, 'globalThis.ours = 1;\nexport const a = 1;\n');
    assert.deepEqual(importIn('bare', path).accesses, ['writes ours']);
    writeFileSync(path, 'Array.prototype.ours = 1;\n');
    assert.throws(() => importIn('bare', path), /not extensible/);
    writeFileSync(path, 'new TextEncoder();\n');
    assert.throws(() => importIn('bare', path), /TextEncoder is not defined/);
  });

  test('all files of package.json is covered', () => {
    const { exports, sideEffects } = JSON.parse(readFileSync(join(twinsocket, 'package.json'), 'utf8'));
    assert.deepEqual(sideEffects, [`./dist/${workerScript}`]);
    const targets = Object.values(exports).flatMap((target) => (typeof target === 'string' ? target : Object.values(target)));
    const files = targets.filter((file) => file.endsWith('.js')).map((file) => file.replace('./dist/', ''));
    assert.deepEqual([...new Set(files), ...others].sort(), [...entries, workerScript].sort());
  });
});
