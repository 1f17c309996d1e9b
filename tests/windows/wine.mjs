// Runs the programs for Windows in Wine.

import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { ChildProgram } from '../interop/programs.mjs';

/** The folder of unit_tests.exe, with bin/twinsocket.exe and bin/examples/. */
const build = process.env.TWINSOCKET_WINDOWS;
export const program = join(build, 'bin/twinsocket.exe');
export const example = (name) => join(dirname(program), 'examples', `${name}.exe`);

// The folder of Wine's registry and drives is made by its first program, without asking for .NET and HTML.
const environment = {
  ...process.env,
  WINEPREFIX: process.env.WINEPREFIX ?? join(build, '../wine'),
  WINEDEBUG: '-all',
  WINEDLLOVERRIDES: 'mscoree,mshtml=',
};

/** Starts Wine once, which takes longer for the first time. */
export const startWine = () => execFileSync('wine', ['cmd', '/c', 'exit'], { env: environment, stdio: 'ignore' });

/** Starts a program in Wine. The signal SIGINT is its Ctrl-C. */
export const startInWine = (t, file, args) => new ChildProgram(t, 'wine', [file, ...args], { env: environment });

/** Runs a program in Wine until it ends. */
export async function runInWine(t, file, args, input = '') {
  const running = startInWine(t, file, args);
  running.type(input);
  running.endInput();
  const code = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

/** Starts `twinsocket serve` in Wine on a free port, with simulated sensors. Resolves when it listens. */
export async function serveInWine(t, ...options) {
  const site = options.includes('--site') ? [] : ['--no-site'];
  const sensors = options.includes('--sensors') ? [] : ['--sensors', 'simulated'];
  const server = startInWine(t, program, ['serve', '--port', '0', ...sensors, ...site, ...options]);
  const [, address] = await server.prints(/^serving on (https?:\S+)\/\r?$/m);
  server.http = address;
  server.ws = address.replace('http', 'ws');
  return server;
}
