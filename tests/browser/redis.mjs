// A Redis server without persistence, on a free port of the loopback interface.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

const programs = ['redis-server', 'valkey-server'].flatMap((name) => ['/usr/bin', '/usr/local/bin'].map((folder) => `${folder}/${name}`));

/** The path of the program. Undefined if it is not installed. */
export const redisProgram = programs.find((path) => existsSync(path));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the server. Resolves with its URL and a function that ends it. */
export async function startRedis() {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const child = spawn(redisProgram, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const ready = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => /Ready to accept connections/.test(line) && resolve());
  });
  const tooEarly = exited.then(([code]) => {
    throw new Error(`${redisProgram} ended with ${code}`);
  });
  tooEarly.catch(() => {});
  await Promise.race([ready, tooEarly]);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop() {
      child.kill('SIGKILL');
      return exited;
    },
  };
}
