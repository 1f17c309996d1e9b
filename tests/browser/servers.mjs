// The real server, and a static web server without WebSocket. Both listen on a free port of the loopback interface.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const site = join(root, 'build/demo-site');
export const screenshots = join(root, 'build/screenshots');

/** The Content-Security-Policy that the server sends with every file. The static server sends it too. */
export const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src *; base-uri 'none'; frame-ancestors 'self'";

const startTime = 20_000;

/** Starts `twinsocket serve`, by default on a free port. Resolves when it has printed its address. */
export async function startServer(...options) {
  const port = options.includes('--port') ? [] : ['--port', '0'];
  const files = options.includes('--site') ? [] : ['--site', site];
  const program = process.env.TWINSOCKET_BIN ?? join(root, 'build/bin/twinsocket');
  const child = spawn(
    program,
    ['serve', ...port, ...files, '--sensors', 'simulated', '--interval', '200ms', ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const address = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /https?:\/\/[^\s/]+:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
  });
  const ended = exited.then((code) => {
    throw new Error(`${program} serve ended with ${code}: ${errors}`);
  });
  ended.catch(() => {});
  const startSignal = AbortSignal.timeout(startTime);
  const tooLate = once(startSignal, 'abort').then(() => {
    throw new Error(`${program} serve printed no address in ${startTime} ms: ${errors}`);
  });
  tooLate.catch(() => {});
  try {
    const http = await Promise.race([address, ended, tooLate]);
    return {
      http,
      ws: http.replace(/^http/, 'ws'),
      /** Shuts the server down. Resolves with its exit code. */
      async stop() {
        child.kill('SIGTERM');
        return exited;
      },
      /** Kills the server without a closing handshake. */
      async kill() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
};

/** A web server for static files below a prefix, like ordinary web hosting. It responds to an upgrade with 404. */
export async function startStaticHost({ prefix = '/', security = policy } = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    const file = join(site, normalize(`/${path.slice(prefix.length) || 'index.html'}`));
    const type = types[extname(file)];
    if (!path.startsWith(prefix) || !type || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': type, 'content-security-policy': security });
    createReadStream(file).pipe(response);
  });
  const refusal = 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
  server.on('upgrade', (_, socket) => socket.end(refusal));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    http: origin + prefix.replace(/\/$/, ''),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
