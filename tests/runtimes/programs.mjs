// The runtimes of package.json, and an application for them: a folder with the npm package installed from its archive.

import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from '../browser/servers.mjs';
import { install } from '../npm/package.mjs';

const inModules = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));

export const nodes = [18, 20, 22, 24].map((version) => ({ version, program: inModules(`node-${version}/bin/node`) }));
export const bun = inModules('@oven/bun-linux-x64/bin/bun');
export const deno = inModules('@deno/linux-x64-glibc/deno');
export const workerd = inModules('@cloudflare/workerd-linux-64/bin/workerd');
export const hermes = inModules('hermes-engine-cli/linux64-bin/hermes');

/** A module that holds the conversation at the URL of its first argument, and prints the result. */
const scriptOf = (entry) => `import * as twinsocket from '${entry}';
import { converse } from './conversation.js';
console.log(JSON.stringify(await converse(twinsocket, process.argv[2])));
`;

/** Creates an application in which `entry` is imported. `ws`: the package ws is installed, too. Returns its folder. */
export function createApplication({ entry = 'twinsocket', ws = false } = {}) {
  const { folder } = install({ ws });
  cpSync(fileURLToPath(new URL('conversation.js', import.meta.url)), join(folder, 'conversation.js'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "dependencies": {"twinsocket": "*"}}');
  writeFileSync(join(folder, 'main.js'), scriptOf(entry));
  return folder;
}

/** Starts `twinsocket serve`, whose files are not used. */
export const startEchoServer = () => startServer('--site', install().folder);

/** Runs a program in a folder. Resolves with its standard output. Rejects with all output if it fails. */
export async function run(folder, program, ...words) {
  try {
    const { stdout } = await promisify(execFile)(program, words, { cwd: folder, timeout: 60_000 });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${words.join(' ')}: ${error.message}\n${error.stdout}\n${error.stderr}`);
  }
}
