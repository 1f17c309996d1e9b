// A new format is one file: a writer and a parser over the shapes. bencode.ts is one, and nothing in the package knows it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from './package.mjs';
import { thrownError } from './thrown_error.mjs';

const limit = { timeout: 300_000 };
const need = createRequire(join(root, 'wasm/package.json'));
const format = join(root, 'tests/npm/bencode.ts');
const folder = mkdtempSync(join(tmpdir(), 'twinsocket-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function bundle() {
  const outfile = join(folder, 'bundle.mjs');
  const contents = `export * from ${JSON.stringify(format)};\nexport * from ${JSON.stringify(join(root, 'wasm/js/core.ts'))};`;
  await need('esbuild').build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
  });
  return import(pathToFileURL(outfile));
}

test('a custom format in one file encodes, decodes and refuses like the built-in ones', limit, async () => {
  const { bencode, bytes, int64, json, list, map, number, oneOf, optional, string, struct, uint8, boolean } = await bundle();
  const inner = struct('Inner', { On: boolean(), Data: bytes() });
  const type = struct('Outer', {
    Name: string(),
    Numbers: list(number()),
    Ages: map(uint8()),
    Big: int64(),
    Missing: optional(string()),
    Either: oneOf({ Inner: inner, Text: string() }),
  });
  const value = {
    Name: 'J\u00e4n',
    Numbers: [1.5, -0.25],
    Ages: { a: 1, b: 255 },
    Big: 12n,
    Either: { Inner: { On: true, Data: new Uint8Array([1, 2, 3]) } },
  };
  const codec = bencode(type);
  const document = codec.encode(value);
  assert.equal(
    document,
    'd4:Name3:J\u00e4n7:Numberslr1.5;r-0.25;e4:Agesd1:ai1e1:bi255ee3:Bigi12e7:Missingn6:Eitherd5:Innerd2:Ont4:Data4:AQIDeee',
  );
  assert.deepEqual(codec.decode(document), value);
  assert.deepEqual(json(type).decode(json(type).encode(value)), value);

  const refused = thrownError(() => codec.decode(document.replace('i255e', 'i256e')));
  assert.equal(refused.code, 'type_mismatch');
  assert.match(refused.message, /^Ages\["b"\]: expected an integer from 0 to 255, found 256$/);
  assert.equal(thrownError(() => codec.encode({ ...value, Name: 1 })).code, 'type_mismatch');
  assert.equal(thrownError(() => bencode(type, { disallowUnknown: true }).decode('d5:Othern1:ni1ee')).code, 'type_mismatch');
});

test('a custom format passes tsc', limit, () => {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = { rootDir: root, noEmit: true, emitDeclarationOnly: false, declaration: false };
  const files = [format, join(root, 'wasm/js/ambient.d.ts')];
  writeFileSync(config, JSON.stringify({ extends: join(root, 'wasm/tsconfig.json'), compilerOptions, files, include: [] }));
  execFileSync(process.execPath, [need.resolve('typescript/bin/tsc'), '-p', config], { encoding: 'utf8', stdio: 'pipe' });
});
