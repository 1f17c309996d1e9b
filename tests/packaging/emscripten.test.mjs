// The library for C++ programs that are compiled with Emscripten: installed, found by another project, and with settings of the
// compiler that such projects have. The installed library is that of the preset wasm.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { expectedOutput } from '../client/expected_output.mjs';
import { echo, listen } from '../npm/peer.mjs';
import { built, configure, folderOf, root, run } from './building.mjs';

const limit = { timeout: 900_000 };
const skip = spawnSync('emcmake', ['--version']).error ? 'no Emscripten' : false;
const prefix = folderOf('emscripten-prefix');
const wasm = process.env.TWINSOCKET_WASM_BUILD ?? join(root, 'build/wasm');
/** Where the programs find the package ws. */
const modules = join(root, 'tests/node_modules');
const env = { ...process.env, NODE_PATH: [process.env.NODE_PATH ?? '/usr/share/nodejs', modules].join(delimiter) };

/** Configures the project find_wasm with Emscripten. */
async function configureForWasm(folder, ...settings) {
  const source = join(root, 'tests/packaging/native/find_wasm');
  const client = `-DCLIENT=${join(root, 'tests/client')}`;
  const words = ['cmake', '-G', 'Ninja', '-S', source, '-B', folder, client, '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS_DEBUG=-O0'];
  await run('emcmake', [...words, '-DCMAKE_CXX_COMPILER_LAUNCHER=ccache', ...settings], { env });
}
const buildForWasm = (folder, ...targets) => run('cmake', ['--build', folder, '--target', ...targets], { env });

describe('with Emscripten', { ...limit, skip }, () => {
  const user = folderOf('find_wasm');
  let peer;

  before(async () => {
    peer = await listen(echo, { handleProtocols: (names) => [...names].at(-1) });
    rmSync(prefix, { recursive: true, force: true });
    // Natively built libraries have the same prefix.
    await run('cmake', ['--install', built, '--prefix', prefix]);
    for (const component of ['sdk', 'wasm']) await run('cmake', ['--install', wasm, '--prefix', prefix, '--component', component]);
    await configureForWasm(user, `-DCMAKE_FIND_ROOT_PATH=${prefix}`);
  }, limit);
  after(() => peer?.stop());

  /** The program of tests/client holds its conversation. */
  async function converses(program) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, peer.url, 'chat', 'echo'], { env, timeout: 60_000 });
    assert.deepEqual(stdout.trimEnd().split('\n'), expectedOutput('echo'));
  }

  test('find_package finds what was installed beside a native twinsocket, and natively the other', limit, async () => {
    assert.ok(readdirSync(join(prefix, 'lib')).includes('libtwinsocket_native.a'));
    const foundIn = (folder) => /^twinsocket_DIR:PATH=(.*)$/m.exec(readFileSync(join(folder, 'CMakeCache.txt'), 'utf8'))[1];
    assert.equal(foundIn(user), join(prefix, 'lib/wasm32-emscripten/cmake/twinsocket'));
    const native = folderOf('find_package-beside');
    await configure('find_package', native, `-DCMAKE_PREFIX_PATH=${prefix}`);
    assert.equal(foundIn(native), join(prefix, 'lib/cmake/twinsocket'));
  });

  test('a program uses the codecs of the installed library', limit, async () => {
    await buildForWasm(user, 'codecs');
    assert.match(await run(process.execPath, [join(user, 'codecs.js')]), /<Person><Name>Jan<\/Name>/);
  });

  for (const [name, what] of [
    ['plain', ''],
    ['exceptions', ' with -fwasm-exceptions'],
    ['asyncify', ' with -sASYNCIFY'],
  ])
    test(`a client holds its conversation${what}`, limit, async () => {
      await buildForWasm(user, name);
      await converses(join(user, `${name}.js`));
    });

  test('a client that is compiled with -pthread, as the library, holds its conversation on one thread', limit, async () => {
    const folder = folderOf('wasm-pthread');
    await configureForWasm(folder, `-DTWINSOCKET_SOURCE=${root}`, '-DCMAKE_CXX_FLAGS=-pthread');
    await buildForWasm(folder, 'plain');
    await converses(join(folder, 'plain.js'));
  });
});
