// The npm package as a user has it: unpacked from its archive into the node_modules of a temporary folder.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const built = process.env.TWINSOCKET_NPM ?? join(root, 'build/npm');
export const version = /"([^"]+)"/.exec(readFileSync(join(root, 'sdk/include/twinsocket/version.hpp'), 'utf8'))[1];

/** The entry that the tests import: that for Node, or the one that the variable names, such as ./js. */
export const mainEntry = process.env.TWINSOCKET_TEST_ENTRY ?? '.';

/** Node's own WebSocket. The tests remove it, so that they are the same with every version of Node. */
export const ownWebSocket = globalThis.WebSocket;
delete globalThis.WebSocket;
// Only the entry for Node finds the package `ws` itself.
if (mainEntry !== '.') globalThis.WebSocket = WebSocket;

const folders = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Creates a folder with the package installed, with or without `ws`. It is removed when the process ends. */
export function install({ ws = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'twinsocket-'));
  folders.push(folder);
  const modules = join(folder, 'node_modules');
  const twinsocket = join(modules, 'twinsocket');
  mkdirSync(twinsocket, { recursive: true });
  execFileSync('tar', ['-xzf', join(built, `twinsocket-${version}.tgz`), '-C', twinsocket, '--strip-components=1']);
  if (ws) symlinkSync(fileURLToPath(new URL('../node_modules/ws', import.meta.url)), join(modules, 'ws'));
  return { folder, twinsocket };
}

/** Returns what `import 'twinsocket'` exports in Node, or another entry that is tested. */
export async function load(options) {
  return importEntry(install(options).twinsocket, mainEntry);
}

/** Returns the same with what `import 'twinsocket/channels'` exports. */
export async function loadWithChannels(options) {
  const { twinsocket } = install(options);
  return { ...(await importEntry(twinsocket, mainEntry)), ...(await importEntry(twinsocket, `${mainEntry}/channels`)) };
}

function importEntry(twinsocket, entry) {
  const { exports } = JSON.parse(readFileSync(join(twinsocket, 'package.json'), 'utf8'));
  return import(pathToFileURL(join(twinsocket, exports[entry].node ?? exports[entry].default)));
}
