// The compressed files of the built site, and what `twinsocket serve` makes of them.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { site, startServer } from '../browser/servers.mjs';

const decompress = { br: brotliDecompressSync, gz: gunzipSync };
const files = readdirSync(site, { recursive: true }).filter((name) => /\.(html|js|css|wasm)$/.test(name));

test('each text and wasm file of the site has a smaller .br and .gz with the same content', () => {
  assert.ok(files.some((name) => name.endsWith('.html')) && files.some((name) => /demo_server.*\.wasm$/.test(name)));
  for (const name of files) {
    const bytes = readFileSync(join(site, name));
    for (const [end, read] of Object.entries(decompress)) {
      const compressed = readFileSync(join(site, `${name}.${end}`));
      assert.ok(compressed.length < bytes.length, `${name}.${end}`);
      assert.ok(read(compressed).equals(bytes), `${name}.${end}`);
    }
  }
});

test('the server sends them to clients that accept them, with ETags of their own', { timeout: 30_000 }, async () => {
  const server = await startServer();
  try {
    const wasm = files.find((name) => /demo_server.*\.wasm$/.test(name));
    assert.ok(existsSync(join(site, wasm)));
    const ask = (encoding) =>
      new Promise((resolve, reject) => {
        get(`${server.http}/${wasm}`, { headers: { 'accept-encoding': encoding } }, (response) => {
          response.resume();
          resolve(response.headers);
        }).on('error', reject);
      });
    const tags = new Set();
    for (const [accepted, sent] of [['gzip, deflate, br', 'br'], ['gzip', 'gzip'], ['identity', undefined]]) {
      const headers = await ask(accepted);
      assert.equal(headers['content-encoding'], sent);
      assert.equal(headers['content-type'], 'application/wasm');
      assert.match(headers.vary, /Accept-Encoding/i);
      tags.add(headers.etag);
    }
    assert.equal(tags.size, 3);
  } finally {
    await server.stop();
  }
});
