// The examples of wasm/examples as a user has them: a folder with the packages that the example asks for. The npm package is
// installed from its archive. The other packages are those of this folder.

import { execFile, spawn } from 'node:child_process';
import { on } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { install, root } from '../npm/package.mjs';

const modules = fileURLToPath(new URL('node_modules', import.meta.url));

/** All packages that a package.json asks for, with their versions. */
export function packagesOf(folder) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { ...dependencies, ...devDependencies };
}

export const sourceOf = (name) => join(root, 'wasm/examples', name);

/** Copies an example to a new folder, which is removed when the process ends. Resolves with the folder. */
export function copyExample(name) {
  const { folder } = install({ ws: false });
  cpSync(sourceOf(name), folder, { recursive: true, filter: (path) => !/[/\\](node_modules|dist)$/.test(path) });
  for (const dependency of Object.keys(packagesOf(folder))) {
    if (dependency === 'twinsocket') continue;
    const link = join(folder, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, dependency), link);
  }
  return folder;
}

const environmentWith = (more) => ({ ...process.env, ...more, PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter) });

/** Runs a program in a folder, with the tools of this folder's packages. Rejects with all output if it fails. */
export async function run(folder, command, args, environment = {}) {
  const env = environmentWith(environment);
  try {
    return (await promisify(execFile)(command, args, { cwd: folder, env, maxBuffer: 64 << 20, timeout: 120_000 })).stdout;
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} in ${folder}: ${error.message}\n${error.stdout}\n${error.stderr}`);
  }
}

/** Starts a server in a folder, with the same tools. Resolves with its `url` and `stop()` once it has printed an address. */
export async function start(folder, command, args) {
  const child = spawn(command, args, { cwd: folder, env: environmentWith(), stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  const signal = AbortSignal.timeout(60_000);
  for await (const [text] of on(child.stdout.setEncoding('utf8'), 'data', { signal, close: ['end'] })) {
    printed += text;
    const found = /https?:\/\/[^\s/]+:\d+/.exec(printed);
    if (found) return { url: `${found[0]}/`, stop: () => child.kill() };
  }
  throw new Error(`${command} printed no address: ${printed}`);
}
