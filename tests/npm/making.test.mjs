// What makes packages of described types, and what it says to those who hold it wrongly. That it makes what it should is
// shown by vectors.test.mjs, and by tests/packaging.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install, root } from './package.mjs';

const limit = { timeout: 60_000 };
const { twinsocket } = install();
const folder = mkdtempSync(join(tmpdir(), 'twinsocket-making-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const member = (name, kind, more) => ({ name, doc: '', type: { kind }, ...more });
const struct = (name, ...members) => ({ name, doc: '', members, enumerators: [], type: null });

function make(types, { client = twinsocket, name = 'made', ...others } = {}) {
  const out = mkdtempSync(join(folder, 'out-'));
  writeFileSync(join(out, 'types.json'), JSON.stringify(types));
  const options = { types: join(out, 'types.json'), client, out, name, version: '1.0.0', ...others };
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'wasm/npm/make_package.mjs'), ...words], {
    encoding: 'utf8',
  });
  return { status, stderr, package: join(out, name.replace(/^@[^/]*\//, '')) };
}

describe('a package of types', limit, () => {
  test('says which types have names that TypeScript cannot have', () => {
    for (const [name, message] of [
      ['class', /a type called "class" cannot have that name in TypeScript: give it a name with TWINSOCKET_NAMES/],
      ['deep blue', /a type called "deep blue" cannot/],
      ['', /a type called "" cannot/],
      ['$', /a type called "\$" cannot/],
      ['string', /a type called "string" cannot/],
    ]) {
      const { status, stderr } = make([struct(name)]);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^made: /);
    }
    assert.match(make([struct('A'), struct('A')]).stderr, /two types are called A: give it a name/);
  });

  test('says so when there is no client', () => {
    const { status, stderr } = make([struct('A')], { client: folder });
    assert.equal(status, 1);
    assert.match(stderr, /is not the folder of the npm package twinsocket: it has no dist\/browser\.js/);
  });

  test('may have names that the client has too, members of any name, and types that contain each other', async () => {
    const made = make(
      [
        struct(
          'list',
          member('a-b', 'string', { doc: 'Ends */ here.' }),
          member("it's", 'int8'),
          member('constructor', 'boolean'),
        ),
        struct('Message', {
          ...member('next', 'optional'),
          type: { kind: 'optional', of: [{ kind: 'struct', name: 'Reply' }] },
        }),
        struct('Reply', { ...member('to', 'list'), type: { kind: 'list', of: [{ kind: 'struct', name: 'Message' }] } }),
      ],
      { name: '@some/made' },
    );
    assert.equal(made.stderr, '');
    const { Message, Reply, json, list } = await import(pathToFileURL(join(made.package, 'dist/node.js')));
    assert.deepEqual(json(list).decode('{"a-b":"x","it\'s":5}'), { 'a-b': 'x', "it's": 5, constructor: false });
    assert.deepEqual(json(Message).decode('{"next":{"to":[{}]}}'), { next: { to: [{}] } });
    assert.ok(Reply.is({ to: [{ next: { to: [] } }] }));
    const types = readFileSync(join(made.package, 'dist/messages.d.ts'), 'utf8');
    assert.match(types, /\/\*\* Ends \*\\\/ here\. \*\/\n {2}'a-b': string;\n {2}'it\\'s': number;/);
    assert.equal(JSON.parse(readFileSync(join(made.package, 'package.json'), 'utf8')).license, 'UNLICENSED');
  });
});

describe('the CMake function', limit, () => {
  const cmake = (call) => {
    const project = mkdtempSync(join(folder, 'cmake-'));
    writeFileSync(
      join(project, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.22)\nproject(x NONE)\ninclude(${join(root, 'wasm/npm/twinsocket-npm.cmake')})\n${call}\n`,
    );
    mkdirSync(join(project, 'build'));
    return spawnSync('cmake', ['-S', project, '-B', join(project, 'build')], { encoding: 'utf8' }).stderr.replace(
      /\s+/g,
      ' ',
    );
  };

  test('says what it wants', () => {
    for (const [call, message] of [
      ['twinsocket_add_npm_package(NAME a TYPES b)', /wants HEADERS/],
      ['twinsocket_add_npm_package(NAME a HEADERS a.hpp)', /wants TYPES/],
      [
        'twinsocket_add_npm_package(NAME A HEADERS a.hpp TYPES b)',
        /'A' cannot be the name of an npm package: lower-case letters/,
      ],
      [
        'twinsocket_add_npm_package(NAME a HEADERS a.hpp TYPES b VERSION 1.2)',
        /'1\.2' cannot be the VERSION of an npm package/,
      ],
      ['twinsocket_add_npm_package(NAME a HEADERS a.hpp TYPES b)', /'' cannot be the VERSION/],
      ['twinsocket_add_npm_package(a HEADERS a.hpp TYPES b)', /has no argument a/],
    ])
      assert.match(cmake(call), message, call);
  });
});
