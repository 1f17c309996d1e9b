// nginx with the configuration that native/README.md recommends.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './programs.mjs';

const readme = await readFile(new URL('../../native/README.md', import.meta.url), 'utf8');
const [recommended, twoServers] = [...readme.matchAll(/```nginx\n(.*?)```/gs)].map(([, text]) => text);

/** For programs that do not support port 0. */
export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answers(url) {
  for (;;) {
    try {
      return await fetch(url);
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Starts nginx in a temporary folder. The configuration listens on 127.0.0.1:80, which is replaced. */
async function start(t, configuration, connections) {
  const folder = await mkdtemp(join(tmpdir(), 'twinsocket-nginx-'));
  const port = await freePort();
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  const site = configuration.replace('listen 127.0.0.1:80;', `listen 127.0.0.1:${port};`);
  const main = `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
    worker_rlimit_nofile ${connections + 100};
    events { worker_connections ${connections}; } http { access_log off; ${places.join(' ')} ${site} }`;
  await writeFile(join(folder, 'nginx.conf'), main);
  const words = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
  const nginx = new ChildProgram(t, '/usr/sbin/nginx', words);
  t.after(() => nginx.ended.finally(() => rm(folder, { recursive: true })));
  nginx.http = `http://127.0.0.1:${port}`;
  nginx.ws = `ws://127.0.0.1:${port}`;
  await Promise.race([
    answers(`${nginx.http}/healthz`),
    nginx.ended.then(() => assert.fail(`nginx ended: ${nginx.stderr}`)),
  ]);
  return nginx;
}

function replaced(text, from, to) {
  assert(text.includes(from), `native/README.md has no longer: ${from}`);
  return text.replace(from, to);
}

/** Starts nginx in front of a server. Resolves with its URLs. */
export function startNginx(t, server) {
  return start(t, replaced(recommended, '127.0.0.1:8080', new URL(server.http).host), 512);
}

/** Starts nginx in front of two servers, for many clients that have the same address. */
export function startNginxForTwo(t, servers, clients) {
  const [first, second] = servers.map(({ http }) => new URL(http).host);
  const upstream = replaced(replaced(twoServers, '127.0.0.1:8080', first), '127.0.0.1:8081', second);
  let site = recommended.replace(/upstream twinsocket \{.*?\n\}\n/s, () => upstream);
  assert(site.includes(upstream));
  site = replaced(site, 'limit_conn connections 100;', `limit_conn connections ${10 * clients};`);
  site = replaced(site, 'rate=50r/s', `rate=${10 * clients}r/s`);
  site = replaced(site, 'burst=100', `burst=${10 * clients}`);
  return start(t, site, 4 * clients + 512);
}
