// The measured servers. Each is a process of its own that runs until the end; an idle one uses no CPU.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wsEcho = fileURLToPath(new URL('peers/ws_echo.mjs', import.meta.url));

/** Pins a command to one CPU if there are two and the system supports it, so that server and load do not share one. */
export function pinToCpu(cpu, command) {
  pinToCpu.works ??= [0, 1].every((one) => spawnSync('taskset', ['-c', String(one), 'true']).status === 0);
  return pinToCpu.works ? ['taskset', '-c', String(cpu), ...command] : command;
}

/** Ours is first: all others are compared with it. Servers without a program here are left out. */
export function serversIn({ programs, twinsocket }) {
  return [
    { name: 'twinsocket', command: [twinsocket, 'serve', '--port', '0', '--threads', '1', '--sensors', 'simulated'], echo: true },
    { name: 'topics', command: [join(programs, 'topics_server')], broadcast: true },
    { name: 'Beast', command: [join(programs, 'beast_echo')], echo: true },
    { name: 'websocketpp', command: [join(programs, 'websocketpp_echo')], echo: true },
    { name: 'gorilla', command: [join(programs, 'peers_gorilla')], echo: true, broadcast: true },
    { name: 'ws', command: [process.execPath, wsEcho], echo: true, broadcast: true },
  ].filter(({ command }) => existsSync(command[0]));
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** The servers that support TLS, with the files of a certificate and its key. Ours is first. */
export function secureServersIn(options, { cert, key }) {
  return serversIn(options)
    .filter(({ name }) => ['twinsocket', 'Beast', 'gorilla', 'ws'].includes(name))
    .map(({ name, command }) => {
      const files = name === 'twinsocket' ? ['--tls-cert', cert, '--tls-key', key] : [cert, key];
      return { name, command: [...command, ...files], secure: true };
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
    child.once('exit', (code, signal) => reject(new Error(`${server.name} ended with ${code ?? signal}: ${printed}`)));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      // Our server prints its address, the others print only a port.
      const port = /^(?:serving on https?:\/\/127\.0\.0\.1:)?(\d+)\/?$/m.exec(printed)?.[1];
      if (port) resolve({ ...server, port, pid: child.pid, stop });
    });
  });
}
