// The container installs what the program needs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const program = process.env.TWINSOCKET_BIN ?? fileURLToPath(new URL('build/bin/twinsocket', root));
const containerfile = readFileSync(new URL('demo-site/Containerfile', root), 'utf8');
const installed = /install -y --no-install-recommends \\\n([\s\S]*?)\n {2}&&/.exec(containerfile)[1].split(/[\s\\]+/).filter(Boolean);

const isBookworm = existsSync('/etc/os-release') && /VERSION_CODENAME=bookworm/.test(readFileSync('/etc/os-release', 'utf8'));

/** The packages of the libraries that the program itself names. */
function neededPackages() {
  const libraries = [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/=> (\/\S+)/g)].map(([, path]) => path);
  const direct = execFileSync('readelf', ['-d', program], { encoding: 'utf8' });
  const named = [...direct.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
  assert(named.length > 5, direct);
  const paths = libraries.filter((path) => named.includes(path.split('/').at(-1)));
  const owner = (path) => execFileSync('dpkg', ['-S', `*${path.replace(/^\/(usr\/)?/, '/')}`], { encoding: 'utf8' }).split(':')[0];
  return [...new Set(paths.map(owner))];
}

test('the container has the libraries of the program, and no others', { skip: !isBookworm && 'not Debian 12' }, () => {
  const base = ['libc6', 'libgcc-s1'];
  const needed = neededPackages().filter((name) => !base.includes(name));
  assert.deepEqual(installed.filter((name) => name !== 'ca-certificates').sort(), needed.sort());
});
