// The generator of packages for described types: its errors on wrong use. Its output is tested by vectors.test.mjs and
// by tests/packaging.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

describe('a generated package', limit, () => {
  test('reports type names that TypeScript does not allow', () => {
    for (const [name, message] of [
      ['class', /a type cannot be called "class" in TypeScript: give it another name with TWINSOCKET_NAMES/],
      ['deep blue', /a type cannot be called "deep blue"/],
      ['', /a type cannot be called ""/],
      ['$', /a type cannot be called "\$"/],
      ['string', /a type cannot be called "string"/],
    ]) {
      const { status, stderr } = make([struct(name)]);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^made: /);
    }
    assert.match(make([struct('A'), struct('A')]).stderr, /two types are called A: give one another name/);
  });

  test('reports a missing client', () => {
    const { status, stderr } = make([struct('A')], { client: folder });
    assert.equal(status, 1);
    assert.match(stderr, /is not the folder of the npm package twinsocket: it has no dist\/browser\.js/);
  });

  test('has all entries of the client', () => {
    const { status, package: made } = make([struct('A')]);
    assert.equal(status, 0);
    const { exports } = JSON.parse(readFileSync(join(made, 'package.json'), 'utf8'));
    assert.deepEqual(Object.keys(exports), Object.keys(JSON.parse(readFileSync(join(twinsocket, 'package.json'), 'utf8')).exports));
    const files = Object.values(exports).flatMap((target) => (typeof target === 'string' ? target : Object.values(target)));
    assert.ok(files.includes('./dist/node.js') && files.includes('./dist/client/channels-node.js'), String(files));
    for (const file of files) assert.ok(existsSync(join(made, file)), file);
  });

  test('supports type names of client exports, members of any name, and recursive types', async () => {
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

  test('has checks without eval, for recursive types up to 256 levels, and leaves what is rare to the description', async () => {
    const of = (kind, ...inner) => ({ type: { kind, of: inner } });
    const made = make(
      [
        struct('Tree', member('name', 'string'), { ...member('branches'), ...of('list', { kind: 'struct', name: 'Tree' }) }),
        struct('Forest', { ...member('trees'), ...of('map', { kind: 'struct', name: 'Tree' }) }),
        struct('Leaf', member('number', 'number'), member('big', 'int64'), { ...member('text', 'boolean'), as_string: true }),
        struct('Numbered', member('a', 'int8'), member('7', 'int8')),
        struct('Deep', { ...member('next'), ...of('optional', { kind: 'struct', name: 'Deep' }) }, { ...member('leaf'), type: { kind: 'struct', name: 'Leaf' } }),
      ],
      { name: 'checked' },
    );
    assert.equal(made.stderr, '');
    const code = readFileSync(join(made.package, 'dist/checks.js'), 'utf8');
    assert.doesNotMatch(code, /\beval\b|Function\(/);
    const { Deep, Forest, Leaf, Numbered, Tree, json } = await import(pathToFileURL(join(made.package, 'dist/node.js')));
    assert.deepEqual(Object.keys(Tree.checks), ['is', 'parse', 'read', 'write']);
    for (const { checks } of [Leaf, Deep, Forest]) assert.deepEqual(Object.keys(checks), ['is', 'parse', 'read', 'write']);
    // Names that JavaScript enumerates first are written by the description.
    assert.deepEqual(Object.keys(Numbered.checks), ['is', 'parse', 'read']);
    assert.equal(json(Numbered).encode({ a: 1, 7: 2 }), '{"a":1,"7":2}');

    // Each tree is an object with an array: 128 of them are 256 levels.
    const tree = (count) => (count === 1 ? { name: '', branches: [] } : { name: '', branches: [tree(count - 1)] });
    const tooDeep = { name: 'TwinsocketError', code: 'too_deep' };
    assert.ok(Tree.is(tree(128)) && !Tree.is(tree(129)));
    assert.deepEqual(Tree.parse(tree(128)), tree(128));
    const document = JSON.stringify(tree(128));
    assert.deepEqual(json(Tree).decode(document), tree(128));
    assert.equal(json(Tree).encode(tree(128)), document);
    for (const action of [Tree.check, Tree.parse, json(Tree).encode]) assert.throws(() => action(tree(129)), tooDeep);
    assert.throws(() => json(Tree).decode(JSON.stringify(tree(129))), tooDeep);
    // The levels around a recursive type, and within, count.
    assert.ok(Forest.is({ trees: { a: tree(127) } }) && !Forest.is({ trees: { a: tree(128) } }));
    const leaf = { number: 0, big: 0n, text: false };
    const deep = (count) => (count === 1 ? { leaf } : { next: deep(count - 1), leaf });
    assert.ok(Deep.is(deep(255)) && !Deep.is(deep(256)));
    assert.throws(() => Deep.check(deep(256)), { message: `${'next.'.repeat(255)}leaf: nested deeper than 256 levels` });

    // Members that are not described: ignored, unless they are too deep.
    const other = (depth) => `{"name":"a","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    assert.deepEqual(json(Tree).decode(other(255)), { name: 'a', branches: [] });
    assert.throws(() => json(Tree).decode(other(256)), tooDeep);
    for (const document of ['['.repeat(4_000_000), `{"trees":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`, '{"trees":'.repeat(400_000)])
      assert.throws(() => json(Forest).decode(document), tooDeep);
    const wide = { trees: Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`t${i}`, tree(2)])) };
    assert.deepEqual(json(Forest).decode(JSON.stringify(wide)), wide);
    assert.throws(() => json(Tree, { disallowUnknown: true }).decode(other(1)), /the member "x" is not known/);

    assert.deepEqual(json(Leaf).decode('{"number":1,"big":5,"text":"true","x":2}'), { number: 1, big: 5n, text: true });
    assert.throws(() => json(Leaf).decode('{"text":true}'), /^TwinsocketError: text: expected a boolean in a string, found a boolean$/);

    // What JSON.stringify writes in another way.
    for (const [value, expected] of [
      [{ number: -0, big: 0n, text: true }, '{"number":-0,"big":0,"text":"true"}'],
      [{ number: 1e21, big: 2n ** 63n - 1n, text: false }, '{"number":1e+21,"big":9223372036854775807,"text":"false"}'],
    ])
      assert.equal(json(Leaf).encode(value), expected);
    assert.throws(() => json(Leaf).encode({ ...leaf, number: NaN }), /^TwinsocketError: number: JSON has no NaN$/);
    assert.throws(() => json(Tree).encode({ name: '\ud800', branches: [] }), /^TwinsocketError: name: .* has half a surrogate pair$/);
    assert.equal(json(Tree).encode({ name: '\\ud800', branches: [] }), '{"name":"\\\\ud800","branches":[]}');
    assert.throws(() => json(Tree).decode('{"name":"\\ud800"}'), /^TwinsocketError: name: .* has half a surrogate pair$/);
    assert.equal(json(Tree).decode('{"name":"\\ud83d\\ude00"}').name, '\u{1f600}');
    const keys = Object.fromEntries(['b', '10', 'a', '9', '__proto__'].map((key) => [key, { name: key, branches: [] }]));
    const own = JSON.parse(JSON.stringify({ trees: keys }));
    assert.equal(json(Forest).encode(own), json(Forest).encode(Forest.parse(own)));
    assert.match(json(Forest).encode(own), /"10".*"9".*"a".*"b"/);
  });

  test('passes strict tsc and has a valid README with unusual names and comments', () => {
    const text = 'One | two.\nThree */ four `five`, \u2028 "six".';
    const types = [
      { ...struct('Nothing'), doc: text },
      {
        ...struct('Kind'),
        doc: text,
        enumerators: ["it's", 'a|b', 'caf\u00e9', '\\'].map((name) => ({ name, doc: text, zero: false })),
      },
      struct(
        'Record',
        member('\u00fcber', 'string', { doc: text, default_value: JSON.stringify("*/ it's \\\n\u2028") }),
        { ...member('7', 'map'), type: { kind: 'map', of: [{ kind: 'struct', name: 'Nothing' }] } },
        { ...member('maybe', 'optional'), type: { kind: 'optional', of: [{ kind: 'enum', name: 'Kind' }] } },
        { ...member('maps', 'list'), type: { kind: 'list', of: [{ kind: 'map', of: [{ kind: 'bytes' }] }] } },
      ),
    ];
    const made = make(types, { name: 'odd' });
    assert.equal(made.stderr, '');
    assert.match(make([struct('Uint8Array')]).stderr, /cannot be called "Uint8Array"/);
    const rows = readFileSync(join(made.package, 'README.md'), 'utf8').split('\n').filter((line) => line.startsWith('| '));
    assert.equal(rows.length, 1 + types.length);
    for (const row of rows) assert.equal(row.replaceAll('\\|', '').split('|').length, 4, row);

    writeFileSync(
      join(made.package, 'use.ts'),
      `import { type Infer, Kind, Nothing, Record, json } from 'odd';
const record: Record = { '\u00fcber': '', 7: { a: {} }, maps: [{ b: new Uint8Array(1) }] };
const same: Infer<typeof Record> = json(Record).decode(json(Record).encode(record));
export const kind: Kind = same.maybe ?? "it's";
export const nothing: Nothing | undefined = record[7]['a'];
// @ts-expect-error it may be absent
export const absent: Kind = same.maybe;
export const really = Kind.is(kind) && Nothing.is(nothing);
`,
    );
    const options = '--noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext'.split(' ');
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'wasm/node_modules/typescript/bin/tsc'), ...options, 'use.ts'],
      { cwd: made.package, encoding: 'utf8' },
    );
    assert.equal(stdout, '');
    assert.equal(status, 0);
  });

  test('replaces an older version of itself, and refuses to replace any other folder', () => {
    const out = mkdtempSync(join(folder, 'taken-'));
    const kept = join(out, 'made/sources.cpp');
    mkdirSync(join(out, 'made'));
    assert.match(make([struct('A', member('__proto__', 'string'))], { out }).stderr, /a member cannot be called __proto__/);
    assert.equal(make([struct('A')], { out }).stderr, '');
    assert.equal(make([struct('B')], { out }).stderr, '');
    rmSync(join(out, 'made'), { recursive: true });
    mkdirSync(join(out, 'made'));
    writeFileSync(kept, 'int main() {}');
    const { status, stderr } = make([struct('A')], { out });
    assert.equal(status, 1);
    assert.match(stderr, /made exists and is not this package: use another OUTPUT_DIRECTORY/);
    assert.equal(readFileSync(kept, 'utf8'), 'int main() {}');
  });
});

test('every module of the generator is installed, and a change of it makes the packages again', () => {
  const modules = new Set();
  const visit = (name) => {
    if (modules.has(name)) return;
    modules.add(name);
    for (const [, other] of readFileSync(join(root, 'wasm/npm', name), 'utf8').matchAll(/^import .* from '\.\/(.*)';$/gm)) visit(other);
  };
  visit('make_package.mjs');
  assert.ok(modules.size > 3);
  const listIn = (file, start) => {
    const [, list] = new RegExp(`${start} ([^)]*)\\)`).exec(readFileSync(join(root, file), 'utf8'));
    return list.split(/\s+/);
  };
  const installed = listIn('sdk/cmake/install.cmake', 'set\\(npm_tools').filter((name) => name.endsWith('.mjs'));
  assert.deepEqual(installed.sort(), [...modules].sort());
  const depended = listIn('wasm/npm/twinsocket-npm.cmake', 'set\\(tools').map((name) => `${name}.mjs`);
  assert.deepEqual(depended.sort(), [...modules].sort());
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

  test('reports missing and invalid arguments', () => {
    for (const [call, message] of [
      ['twinsocket_add_npm_package(NAME a TYPES b)', /requires HEADERS/],
      ['twinsocket_add_npm_package(NAME a HEADERS a.hpp)', /requires TYPES/],
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
