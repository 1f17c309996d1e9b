import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Why the tests of tracked files cannot run, or false. A source archive has no list of files. */
export const untracked = !existsSync(join(root, '.git')) && 'not a git checkout';

/** The files that git tracks, relative to the root. `patterns` are git's, for example '*.cpp' for every folder. */
export function trackedFiles(...patterns) {
  const list = execFileSync('git', ['-C', root, 'ls-files', '-z', '--', ...patterns], { encoding: 'utf8' });
  return list.split('\0').filter((file) => file && existsSync(join(root, file)));
}
