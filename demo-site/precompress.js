import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/**
 * Writes FILE.br and FILE.gz beside each text and wasm file of a folder that they make smaller. `twinsocket serve` and other
 * servers send them to browsers that accept them.
 */
export function precompress(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/\.(html|js|css|svg|wasm)$/.test(name)) continue;
    const path = join(folder, name);
    const bytes = readFileSync(path);
    for (const [end, compressed] of [
      ['br', brotliCompressSync(bytes)],
      ['gz', gzipSync(bytes, { level: 9 })],
    ])
      if (compressed.length < bytes.length) writeFileSync(`${path}.${end}`, compressed);
  }
}
