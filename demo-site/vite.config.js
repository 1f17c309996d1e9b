import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';
import { extractSamples } from './samples/extract.js';

const outDir = '../build/demo-site';

/** Writes FILE.br and FILE.gz beside each file that they make smaller. `twinsocket serve` and other servers send them. */
const precompress = {
  name: 'precompress',
  apply: 'build',
  closeBundle() {
    for (const name of readdirSync(outDir, { recursive: true })) {
      if (!/\.(html|js|css|svg|wasm)$/.test(name)) continue;
      const path = join(outDir, name);
      const bytes = readFileSync(path);
      for (const [end, compressed] of [
        ['br', brotliCompressSync(bytes)],
        ['gz', gzipSync(bytes, { level: 9 })],
      ])
        if (compressed.length < bytes.length) writeFileSync(`${path}.${end}`, compressed);
    }
  },
};

/** The module `virtual:samples`: the code that the page shows. */
const samples = {
  name: 'samples',
  resolveId: (id) => (id === 'virtual:samples' ? `\0${id}` : undefined),
  load: (id) => (id === '\0virtual:samples' ? `export default ${JSON.stringify(extractSamples())};` : undefined),
};

export default defineConfig({
  // Relative URLs, so that any host can serve the folder under any path.
  base: './',
  build: {
    outDir,
    emptyOutDir: true,
    // The server's Content-Security-Policy does not allow data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [precompress, samples],
  // The package is a linked folder outside of this one. Pre-bundling would lose its .wasm file.
  optimizeDeps: { exclude: ['demo-messages'] },
  server: { fs: { allow: ['.', '../build/npm', '../build/wasm'] } },
});
