// Runs CMake and the programs that it builds, for tests of packages. Uses the compiler settings of the build that runs
// the tests, so that ccache has all results.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const built = process.env.TWINSOCKET_BUILD ?? join(root, 'build/release');
/** A folder beside the build, which is kept for the next run. */
export const folderOf = (name) => join(dirname(built), `packaging-${name}`);

/** Resolves with a command's output. Rejects with all of it if the command fails. */
export async function run(command, args, options = {}) {
  try {
    const { stdout } = await promisify(execFile)(command, args, { maxBuffer: 64 << 20, ...options });
    return stdout;
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`);
  }
}

/** A value of the build's CMake cache; '' if it is not set. */
export const cached = (name) =>
  new RegExp(`^${name}:\\w+=(.*)$`, 'm').exec(readFileSync(join(built, 'CMakeCache.txt'), 'utf8'))?.[1] ?? '';

/** Configures a project, or one of those in native/, in a build folder. Resolves with CMake's output. */
export async function configure(project, folder, ...settings) {
  const source = resolve(root, 'tests/packaging/native', project);
  const compiler = ['CMAKE_CXX_COMPILER', 'CMAKE_CXX_FLAGS'].map((name) => `-D${name}=${cached(name)}`);
  const launcher = cached('CCACHE').startsWith('/') ? [`-DCMAKE_CXX_COMPILER_LAUNCHER=${cached('CCACHE')}`] : [];
  return run('cmake', ['-G', 'Ninja', '-S', source, '-B', folder, ...compiler, ...launcher, ...settings]);
}
export const build = (folder, ...targets) =>
  run('cmake', ['--build', folder, '--parallel', '2', '--target', ...targets]);

/** The settings of projects that compile the library themselves. */
export const fromSource = [
  `-DTWINSOCKET_SOURCE=${root}`,
  `-DCMAKE_BUILD_TYPE=${cached('CMAKE_BUILD_TYPE')}`,
  `-DTWINSOCKET_WERROR=${cached('TWINSOCKET_WERROR')}`,
  `-DTWINSOCKET_SANITIZE=${cached('TWINSOCKET_SANITIZE')}`,
];
