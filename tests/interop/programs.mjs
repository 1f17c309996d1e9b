// Runs the programs under test and the Python peers as child processes of a test.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
export const program = process.env.TWINSOCKET_BIN ?? join(root, 'build/bin/twinsocket');
export const example = (name) => join(dirname(program), 'examples', name);
// Debian's Python, for which the package websockets is installed, whatever comes first in PATH.
export const python = '/usr/bin/python3';
export const script = (name) => join(here, name);

/** Timeout of every test. */
export const limit = { timeout: 60_000 };

/** A running program. It is killed when the test ends. */
export class ChildProgram {
  stdout = '';
  stderr = '';
  #child;
  #changed = withResolvers();
  #over = false;

  constructor(t, file, args, options = {}) {
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    this.#child.stdin?.on('error', () => {}); // the program may have ended
    this.#child.stdout.setEncoding('utf8').on('data', (text) => this.#grow('stdout', text));
    this.#child.stderr.setEncoding('utf8').on('data', (text) => this.#grow('stderr', text));
    /** Resolves with the exit code, or the signal that ended the program, after all output was read. */
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => resolve(code ?? signal));
    });
    this.ended.catch(() => {}).finally(() => {
      this.#over = true;
      this.#wake();
    });
    t.after(() => {
      this.#child.kill('SIGKILL');
      return this.ended.catch(() => {});
    });
  }

  #grow(stream, text) {
    this[stream] += text;
    this.#wake();
  }

  #wake() {
    this.#changed.resolve();
    this.#changed = withResolvers();
  }

  /** Resolves when the program has printed more, or has ended. */
  async printed() {
    assert(!this.#over, `it ended; its output: ${this.stdout}${this.stderr}`);
    await this.#changed.promise;
  }

  /** Resolves with the match as soon as the output contains it. */
  async prints(pattern, stream = 'stdout') {
    for (;;) {
      const found = pattern.exec(this[stream]);
      if (found) return found;
      assert(!this.#over, `it ended and never printed ${pattern}; its output: ${this.stdout}${this.stderr}`);
      await this.#changed.promise;
    }
  }

  /** The standard output, to be read elsewhere. */
  get output() {
    return this.#child.stdout;
  }

  type(text) {
    this.#child.stdin.write(text);
  }

  endInput() {
    this.#child.stdin.end();
  }

  kill(signal) {
    this.#child.kill(signal);
  }

  get pid() {
    return this.#child.pid;
  }
}

function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** Runs a program until it ends. */
export async function run(t, file, args, { input = '', ...options } = {}) {
  const running = new ChildProgram(t, file, args, options);
  if (options.stdio === undefined) {
    running.type(input);
    running.endInput();
  }
  const code = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

/** Starts `twinsocket serve` on a free port, by default with simulated sensors. Resolves when it listens. */
export async function serve(t, ...options) {
  const missing = Object.entries({ '--port': '0', '--sensors': 'simulated', '--interval': '100ms' });
  const defaults = missing.filter(([name]) => !options.includes(name)).flat();
  if (!options.includes('--site')) defaults.push('--no-site');
  const server = new ChildProgram(t, program, ['serve', ...defaults, ...options]);
  const [, address] = await server.prints(/^serving on (https?:\S+)\/$/m);
  server.http = address;
  server.ws = address.replace('http', 'ws');
  return server;
}
