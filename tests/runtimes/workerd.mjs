// A Cloudflare Worker that is a bundle as wrangler makes it, in workerd on this machine.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../npm/package.mjs';
import { workerd } from './programs.mjs';

const { build } = createRequire(join(root, 'wasm/package.json'))('esbuild');

/** Bundles worker.js of a folder. Modules of WebAssembly are imported, not included. */
export async function bundleWorker(folder) {
  await build({
    absWorkingDir: folder,
    entryPoints: ['worker.js'],
    outfile: join(folder, 'bundle.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['*.wasm'],
    logLevel: 'error',
  });
}

const config = (modules) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [${modules}],
      compatibilityDate = "2026-11-01",
      globalOutbound = "network",
    )),
    (name = "network", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/** Starts workerd with the bundle of a folder and further modules, as lines of its configuration. Resolves with its address. */
export async function startWorkerd(folder, ...more) {
  writeFileSync(join(folder, 'config.capnp'), config(['(name = "bundle.js", esModule = embed "bundle.js")', ...more].join(', ')));
  const child = spawn(workerd, ['serve', 'config.capnp', '--control-fd=3'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const exited = once(child, 'exit');
  const port = new Promise((resolve) => {
    createInterface({ input: child.stdio[3] }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'listen') resolve(event.port);
    });
  });
  const failed = exited.then(() => {
    throw new Error(`workerd ended: ${errors}`);
  });
  failed.catch(() => {});
  return {
    address: `http://127.0.0.1:${await Promise.race([port, failed])}/`,
    async stop() {
      child.kill();
      await exited;
    },
  };
}
