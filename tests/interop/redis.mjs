// A Redis server of a test, and a link to it that can be cut.

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './nginx.mjs';
import { ChildProgram } from './programs.mjs';

/** The path of redis-server or valkey-server, or TWINSOCKET_TEST_REDIS; undefined if none is there. */
export const redisProgram = [
  process.env.TWINSOCKET_TEST_REDIS ?? '',
  ...['redis-server', 'valkey-server'].flatMap((name) =>
    [...process.env.PATH.split(':'), '/usr/bin', '/usr/local/bin'].map((folder) => join(folder, name)),
  ),
].find((file) => existsSync(file));

export const persistent = ['--appendonly', 'yes', '--appendfsync', 'always'];

/** Resolves with a server that is ready. Its restart() has the data that it has written, if it is persistent. */
export async function startRedis(t, ...options) {
  const folder = await mkdtemp(join(tmpdir(), 'twinsocket-redis-'));
  const port = await freePort();
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...options];
  const redis = { url: `redis://127.0.0.1:${port}`, port };
  redis.restart = async () => {
    redis.process = new ChildProgram(t, redisProgram, words);
    await redis.process.prints(/Ready to accept connections/);
  };
  redis.kill = (signal) => redis.process.kill(signal);
  redis.end = () => {
    redis.process.kill('SIGKILL');
    return redis.process.ended;
  };
  await redis.restart();
  // Hooks run in the order in which they are added: the server is killed before.
  t.after(() => redis.end().finally(() => rm(folder, { recursive: true })));
  return redis;
}

/** A proxy on the way to a port. cut() stops forwarding without a word, mend() closes what was cut. */
export async function startLink(t, port) {
  const pairs = new Set();
  let whole = true;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const pair = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]]) {
      from.on('data', (bytes) => whole && to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => {
        pairs.delete(pair);
        // What a cut link would have carried is not seen on the other side.
        if (whole) to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of [...pairs].flat()) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${server.address().port}`,
    cut() {
      whole = false;
    },
    mend() {
      for (const socket of [...pairs].flat()) socket.destroy();
      whole = true;
    },
  };
}
