// The ways to use the native library in a C++ project. Each is a project of its own in native/.
//
// The installed library comes from the build that runs this test. Projects that compile the library themselves use the
// compiler settings of that build, from a folder beside it, so that ccache has all results. The folders are kept for the
// next run.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { build, built, cached, configure, folderOf, fromSource, root, run } from './building.mjs';

const projects = join(root, 'tests/packaging/native');
const prefix = folderOf('prefix');
const version = /"([^"]+)"/.exec(readFileSync(join(root, 'sdk/include/twinsocket/version.hpp'), 'utf8'))[1];
const limit = { timeout: 500_000 };
const suiteLimit = { timeout: 1_200_000 }; // of several tests, one after the other

const installed = [`-DCMAKE_PREFIX_PATH=${prefix}`, '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS_DEBUG=-O0'];
const codecsOutput = `${version} <Person><Name>Jan</Name><Emails>jan@example.com</Emails></Person> {"Name":"Jan","Emails":["jan@example.com"]}\n`;
const documentOutput = `{"a":{"text":"x"},"b":[1,-2,2.5,true,null,7]}
the document does not match the described type: a[0]: the member "b" occurs twice at byte 13
`;
const hasClang = spawnSync('clang++', ['--version']).status === 0;
const sanitized = cached('TWINSOCKET_SANITIZE') ? 'a sanitizer has to be linked into the program' : false;
const conversationOutput = 'echo: hello\n';

async function check(folder) {
  assert.equal(await run(join(folder, 'codecs'), []), codecsOutput);
  assert.equal(await run(join(folder, 'conversation'), [], { timeout: 20_000 }), conversationOutput);
}

function headersBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

describe('the package of cmake --install', suiteLimit, () => {
  before(async () => {
    rmSync(prefix, { recursive: true, force: true });
    await run('cmake', ['--install', built, '--prefix', prefix]);
  }, limit);

  test('is found by find_package with the components sdk and native', limit, async () => {
    const folder = folderOf('find_package');
    await configure('find_package', folder, ...installed);
    await build(folder, 'all');
    await check(folder);
  });

  test('needs no OpenSSL, zlib or threads for component sdk, and reports unavailable components', limit, async () => {
    const folder = folderOf('find_sdk');
    const output = await configure('find_sdk', folder, ...installed);
    assert.match(output, /-- native: 0, .*Threads could not be found/);
    assert.match(output, /-- browser: 0, twinsocket is installed without component "browser"; possible components are sdk and native, or with Emscripten sdk and wasm/);
    assert.match(output, /-- 99: 0/);
    await build(folder, 'all');
    assert.equal(await run(join(folder, 'codecs'), []), codecsOutput);
  });

  test('is found by pkg-config at any prefix', limit, async () => {
    const env = { ...process.env, PKG_CONFIG_PATH: join(prefix, 'lib/pkgconfig') };
    const compiler = cached('CMAKE_CXX_COMPILER');
    for (const [name, source, expected] of [
      ['twinsocket-sdk', 'codecs', codecsOutput],
      ['twinsocket-native', 'conversation', conversationOutput],
    ]) {
      assert.equal(await run('pkg-config', ['--modversion', name], { env }), `${version}\n`);
      const flags = (await run('pkg-config', ['--cflags', '--libs', name], { env })).trim().split(/\s+/);
      const program = join(folderOf('find_package'), `${source}-by-pkg-config`);
      await run(compiler, ['-std=c++20', '-O0', join(projects, `${source}.cpp`), '-o', program, ...flags]);
      assert.equal(await run(program, [], { timeout: 20_000 }), expected);
    }
  });

  test('has exactly the headers of sdk/include and native/include', () => {
    const expected = ['sdk/include', 'native/include'].flatMap((folder) => headersBelow(join(root, folder)));
    assert.deepEqual(headersBelow(join(prefix, 'include')), expected.sort());
  });

  test('has no detail header that no public header includes', () => {
    const needed = new Set();
    const visit = (header) => {
      if (needed.has(header)) return;
      needed.add(header);
      const text = readFileSync(join(prefix, 'include', header), 'utf8');
      for (const [, other] of text.matchAll(/^ *#include "([^" ]+)"/gm)) visit(other);
    };
    const headers = headersBelow(join(prefix, 'include'));
    headers.filter((header) => !header.includes('/detail/')).forEach(visit);
    assert.deepEqual([...needed].sort(), headers);
  });

  test('compiles each header on its own without a warning', limit, async () => {
    const folder = folderOf('headers');
    await configure('headers', folder, ...installed, `-DTWINSOCKET_HEADERS=${join(prefix, 'include')}`);
    await build(folder, 'headers', 'used');
  });

  test('compiles without a warning with clang', { ...limit, skip: hasClang ? false : 'no clang++' }, async () => {
    const folder = folderOf('headers-clang');
    await configure('headers', folder, ...installed, `-DTWINSOCKET_HEADERS=${join(prefix, 'include')}`,
      '-DCMAKE_CXX_COMPILER=clang++', '-DTWINSOCKET_TOGETHER=ON');
    await build(folder, 'headers', 'used');
  });

  test('serves programs in C++23', limit, async () => {
    const folder = folderOf('headers-c++23');
    const standard = ['-DCMAKE_CXX_STANDARD=23', '-DCMAKE_CXX_STANDARD_REQUIRED=ON'];
    await configure('headers', folder, ...installed, `-DTWINSOCKET_HEADERS=${join(prefix, 'include')}`, '-DTWINSOCKET_TOGETHER=ON', ...standard);
    await build(folder, 'headers', 'used');
    const user = folderOf('find_package-c++23');
    await configure('find_package', user, ...installed, ...standard);
    await build(user, 'all');
    await check(user);
  });

  test('can be linked into a shared library', { ...limit, skip: sanitized }, async () => {
    const folder = folderOf('shared_library');
    await configure('shared_library', folder, ...installed);
    await build(folder, 'all');
    const output = await run(join(folder, 'load'), [join(folder, 'plugin.so')], { timeout: 20_000 });
    assert.equal(output, 'talked\n');
  });

  test('works with each configuration of nlohmann_json', limit, async () => {
    const folder = folderOf('nlohmann_settings');
    await configure('nlohmann_settings', folder, ...installed);
    await build(folder, 'all');
    for (const program of ['usual', 'diagnostics', 'explicit', 'noexcept', 'all_of_them'])
      assert.equal(await run(join(folder, program), []), documentOutput, program);
  });

  test('has a program that prints its version', async () => {
    assert.match(await run(join(prefix, 'bin/twinsocket'), ['--version']), new RegExp(`\\b${version.replaceAll('.', '\\.')}\\b`));
  });
});

describe('shared libraries', { ...suiteLimit, skip: sanitized }, () => {
  const folder = folderOf('shared');
  const shared = join(folder, 'prefix');

  test('are built and installed with BUILD_SHARED_LIBS, with the version in their sonames', limit, async () => {
    await configure('../../..', folder, ...fromSource, '-DBUILD_SHARED_LIBS=ON', '-DTWINSOCKET_PROGRAM=OFF');
    await build(folder, 'all');
    rmSync(shared, { recursive: true, force: true });
    await run('cmake', ['--install', folder, '--prefix', shared]);
    const names = ['sdk', 'native'].map((component) => `libtwinsocket_${component}.so`);
    const expected = ['cmake', 'pkgconfig', ...names, ...names.map((name) => `${name}.${version}`)];
    assert.deepEqual(readdirSync(join(shared, 'lib')).sort(), expected.sort());
    for (const name of names) {
      const dynamic = await run('readelf', ['--dynamic', '--wide', join(shared, 'lib', name)]);
      assert.match(dynamic, new RegExp(`Library soname: \\[${name}\\.${version}\\]`));
      const exported = (await run('nm', ['--dynamic', '--demangle', '--defined-only', join(shared, 'lib', name)])).trim().split('\n');
      assert.ok(exported.some((symbol) => /T twinsocket::/.test(symbol)));
      assert.deepEqual(exported.filter((symbol) => !/twinsocket::|boost::/.test(symbol)), []);
    }
  });

  test('are found by find_package and load each other from their own folder', limit, async () => {
    const user = folderOf('find_package-shared');
    await configure('find_package', user, ...installed, `-DCMAKE_PREFIX_PATH=${shared}`);
    await build(user, 'all');
    await check(user);
    const dynamic = await run('readelf', ['--dynamic', '--wide', join(user, 'conversation')]);
    assert.match(dynamic, new RegExp(`Shared library: \\[libtwinsocket_native\\.so\\.${version}\\]`));
  });

  test('are found by pkg-config', limit, async () => {
    const env = { ...process.env, PKG_CONFIG_PATH: join(shared, 'lib/pkgconfig'), LD_LIBRARY_PATH: join(shared, 'lib') };
    const flags = (await run('pkg-config', ['--cflags', '--libs', 'twinsocket-native'], { env })).trim().split(/\s+/);
    const program = join(folder, 'conversation-by-pkg-config');
    const source = join(projects, 'conversation.cpp');
    await run(cached('CMAKE_CXX_COMPILER'), ['-std=c++20', '-O0', source, '-o', program, ...flags]);
    assert.equal(await run(program, [], { timeout: 20_000, env }), conversationOutput);
  });

  test('are refused together with the tests, which look into static ones', limit, async () => {
    const settings = ['-DBUILD_SHARED_LIBS=ON', '-DTWINSOCKET_TESTS=ON'];
    await assert.rejects(configure('../../..', folderOf('shared-tests'), ...settings), /The tests require static libraries/);
  });
});

describe('the recipes for package managers', suiteLimit, () => {
  test('state the version of the library', () => {
    const port = JSON.parse(readFileSync(join(root, 'native/packaging/vcpkg/twinsocket/vcpkg.json'), 'utf8'));
    assert.equal(port.version, version);
  });

  test('leave it to the package manager whether the libraries are shared', () => {
    const recipe = readFileSync(join(root, 'native/packaging/conan/conanfile.py'), 'utf8');
    assert.match(recipe, /package_type = "library"/);
    assert.match(recipe, /"shared": \[True, False\]/);
    const port = readFileSync(join(root, 'native/packaging/vcpkg/twinsocket/portfile.cmake'), 'utf8');
    assert.doesNotMatch(port, /BUILD_SHARED_LIBS|vcpkg_check_linkage/);
  });

  test('export for Conan all sources that the build needs', limit, async () => {
    const recipe = readFileSync(join(root, 'native/packaging/conan/conanfile.py'), 'utf8');
    const [, patterns] = /for pattern in \(([^)]+)\)/.exec(recipe);
    const exported = folderOf('exported');
    rmSync(exported, { recursive: true, force: true });
    for (const [, name] of patterns.matchAll(/"([^"*]+?)\/?\*?"/g))
      if (existsSync(join(root, name))) cpSync(join(root, name), join(exported, name), { recursive: true });
    const settings = ['-DTWINSOCKET_TESTS=OFF', '-DTWINSOCKET_PROGRAM=OFF'];
    await configure(exported, join(exported, 'made'), ...settings);
    // The recipe takes the CMake function for npm packages from here.
    await run('cmake', ['--install', join(exported, 'made'), '--prefix', join(exported, 'prefix'), '--component', 'npm']);
    assert.ok(existsSync(join(exported, 'prefix/lib/cmake/twinsocket/npm/twinsocket-npm.cmake')));
  });

  test('can build the SDK alone, whose package has no component native', limit, async () => {
    const folder = folderOf('codecs-alone');
    const options = ['NATIVE', 'TESTS', 'PROGRAM'].map((part) => `-DTWINSOCKET_${part}=OFF`);
    await configure('../../..', folder, ...fromSource, ...options);
    await build(folder, 'all');
    const alone = join(folder, 'prefix');
    await run('cmake', ['--install', folder, '--prefix', alone]);
    assert.deepEqual(readdirSync(join(alone, 'lib')).sort(), ['cmake', 'libtwinsocket_sdk.a', 'pkgconfig']);
    assert.ok(!existsSync(join(alone, 'include/twinsocket/native')));
    const user = folderOf('find_sdk-alone');
    const output = await configure('find_sdk', user, ...installed, `-DCMAKE_PREFIX_PATH=${alone}`);
    assert.match(output, /-- native: 0, twinsocket is installed without component "native"/);
    await build(user, 'all');
    assert.equal(await run(join(user, 'codecs'), []), codecsOutput);
  });
});

describe('the sources', suiteLimit, () => {
  for (const method of ['add_subdirectory', 'fetch_content'])
    test(`can be added to a project by ${method}, without their install rules and tests`, limit, async () => {
      const folder = folderOf(method);
      await configure(method, folder, ...fromSource);
      await build(folder, 'codecs', 'conversation');
      await check(folder);
      const nothing = join(folder, 'prefix');
      await run('cmake', ['--install', folder, '--prefix', nothing]);
      assert.ok(!existsSync(nothing));
      assert.match(await run('ctest', ['--test-dir', folder, '--show-only'], {}), /Total Tests: 0/);
    });
});
