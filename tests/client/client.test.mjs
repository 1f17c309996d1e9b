// Runs the conversation of this folder natively and as WebAssembly against a server of another library. Both must print
// the same.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../browser/servers.mjs';
import { echo, listen } from '../npm/peer.mjs';
import { expectedOutput } from './expected_output.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const limit = { timeout: 60_000 };

// Where the program finds the package ws under Node.
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
// Node's own WebSocket (from version 22) strips the byte order mark of a text.
const withoutItsOwn = globalThis.WebSocket ? ['--no-experimental-websocket'] : [];
const clients = [
  { name: 'native', command: [], file: process.env.TWINSOCKET_CLIENT ?? join(root, 'build/release/client') },
  {
    name: 'WebAssembly',
    command: [process.execPath, ...withoutItsOwn],
    file: process.env.TWINSOCKET_WASM_CLIENT ?? join(root, 'build/wasm/client.js'),
  },
];

function run({ command, file }, ...talk) {
  assert.ok(existsSync(file), `${file} is not built`);
  const [program, ...before] = [...command, file];
  const environment = { ...process.env, NODE_PATH: [modules, process.env.NODE_PATH].filter(Boolean).join(delimiter) };
  return new Promise((resolve) => {
    execFile(program, [...before, ...talk], { env: environment }, (error, stdout) => {
      resolve({ code: error ? error.code : 0, lines: stdout.trimEnd().split('\n') });
    });
  });
}

for (const client of clients) {
  describe(`the ${client.name} client`, limit, () => {
    let peer;
    let server;
    before(async () => {
      peer = await listen(echo, { handleProtocols: (names) => [...names].at(-1) });
      server = await startServer();
    });
    after(async () => {
      await peer?.stop();
      await server?.stop();
    });

    test("exchanges messages with a server of Node's ws", async () => {
      assert.deepEqual(await run(client, peer.url, 'chat', 'echo'), { code: 0, lines: expectedOutput('echo') });
    });

    test('exchanges messages with twinsocket serve', async () => {
      assert.deepEqual(await run(client, `${server.ws}/echo`), { code: 0, lines: expectedOutput('') });
    });

    test('reports an invalid URL and a refused connection', async () => {
      const wrong = await run(client, 'ftp://127.0.0.1/');
      assert.equal(wrong.code, 1);
      assert.match(wrong.lines[0], /^connect not a WebSocket URL: the scheme "ftp"/);
      const nobody = await run(client, 'ws://127.0.0.1:1/');
      assert.equal(nobody.code, 1);
      assert.match(nobody.lines[0], /^connect cannot connect to the host: .*127\.0\.0\.1:1/);
    });
  });
}
