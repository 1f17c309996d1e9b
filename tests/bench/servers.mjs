// The measured servers. Each is a process of its own that runs until the end; an idle one uses no CPU.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Bun's program in its npm package for this system and CPU. It does not need the scripts that npm runs on installation. */
function bunProgram() {
  const folder = here('peers/bun/node_modules/@oven/');
  const name = existsSync(folder) && readdirSync(folder).find((one) => existsSync(join(folder, one, 'bin/bun')));
  return name ? join(folder, name, 'bin/bun') : join(folder, 'bun');
}

/** Pins a command to one CPU if there are two and the system supports it, so that server and load do not share one. */
export function pinToCpu(cpu, command) {
  pinToCpu.works ??= [0, 1].every((one) => spawnSync('taskset', ['-c', String(one), 'true']).status === 0);
  return pinToCpu.works ? ['taskset', '-c', String(cpu), ...command] : command;
}

/**
 * Ours is first: all others are compared with it. `from` is the package that a server requires. A server whose program does
 * not exist has `absent`, the reason.
 */
export function serversIn({ programs, twinsocket }) {
  const program = (name) => join(programs, name);
  const list = [
    { name: 'twinsocket', command: [twinsocket, 'serve', '--port', '0', '--threads', '1', '--sensors', 'simulated'], echo: true },
    { name: 'topics', command: [program('topics_server')], broadcast: true },
    { name: 'Beast', from: 'libboost-dev', command: [program('beast_echo')], echo: true },
    { name: 'websocketpp', from: 'libwebsocketpp-dev and Boost before 1.87', command: [program('websocketpp_echo')], echo: true },
    { name: 'libwebsockets', from: 'libwebsockets-dev', command: [program('lws_echo')], forMany: ['many'], echo: true },
    { name: 'gorilla', from: 'golang-github-gorilla-websocket-dev', command: [program('peers_gorilla')], echo: true, broadcast: true },
    { name: 'Bun', from: 'npm ci --prefix tests/bench/peers/bun', command: [bunProgram(), here('peers/bun/server.mjs')], echo: true, broadcast: true },
    { name: 'ws', command: [process.execPath, here('peers/ws_echo.mjs')], echo: true, broadcast: true },
  ];
  return list.map((server) => (existsSync(server.command[0]) ? server : { ...server, absent: `it requires ${server.from}` }));
}

/** The servers that compress, with context takeover or without. Ours is first. */
export function compressingServersIn({ programs }, compression) {
  const program = (name) => join(programs, name);
  const list = [
    { name: 'twinsocket', command: [program('compressing_server')] },
    { name: 'Beast', from: 'libboost-dev', command: [program('beast_echo')] },
    { name: 'ws', command: [process.execPath, here('peers/ws_echo.mjs')] },
  ];
  return list.map((server) => ({ ...server, command: [...server.command, compression] }));
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** The servers that support TLS, with the files of a certificate and its key. Ours is first. */
export function secureServersIn(options, { cert, key }) {
  return serversIn(options)
    .filter(({ name }) => !['topics', 'websocketpp'].includes(name))
    .map(({ name, command, absent }) => {
      const files = name === 'twinsocket' ? ['--tls-cert', cert, '--tls-key', key] : [cert, key];
      return { name, command: [...command, ...files], absent, secure: true };
    });
}

/** Creates a certificate for this machine in a folder. Returns null if openssl is not installed. */
export function makeCertificate(folder) {
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder, name));
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const made = spawnSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert]);
  return made.status === 0 ? { cert, key } : null;
}

/** Starts a server. Resolves when it listens. It ends with this process. */
export function start(server) {
  const [file, ...words] = pinToCpu(0, server.command);
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, GOMAXPROCS: '1' } });
  running.add(child);
  const stop = () => running.delete(child) && child.kill('SIGKILL');
  return new Promise((resolve, reject) => {
    let printed = '';
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal}: ${printed}`)));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      // Our server prints its address, the others print only a port.
      const port = /^(?:serving on https?:\/\/127\.0\.0\.1:)?(\d+)\/?$/m.exec(printed)?.[1];
      if (port) resolve({ ...server, port, pid: child.pid, stop });
    });
  });
}

/** Starts all servers that are installed. A peer that cannot run here, on an old CPU for example, becomes an absent one. */
export async function startAll(servers) {
  const started = [];
  for (const server of servers) {
    const running = server.absent ? server : await start(server).catch((error) => ({ ...server, absent: error.message }));
    if (running.absent && !running.from) throw new Error(`${server.name} does not start: ${running.absent}`);
    started.push(running);
  }
  return started;
}
