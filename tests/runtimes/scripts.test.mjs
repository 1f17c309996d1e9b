// The npm package in runtimes that run scripts: versions of Node, Bun and Deno.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { expected } from './conversation.js';
import { bun, createApplication, deno, nodes, run, startEchoServer } from './programs.mjs';

const limit = { timeout: 120_000 };
let server;
before(async () => {
  server = await startEchoServer();
}, limit);
after(() => server?.stop());

const converses = async (folder, ...command) =>
  assert.deepEqual(JSON.parse(await run(folder, ...command, 'main.js', server.ws)), expected);

for (const { version, program } of nodes) {
  const ws = version < 22;
  describe(`Node ${version}`, limit, () => {
    test(`holds the conversation with ${ws ? 'the package ws' : 'its own WebSocket'}`, async () => {
      assert.match(await run('.', program, '--version'), new RegExp(`^v${version}\\.`));
      await converses(createApplication({ ws }), program);
    });

    if (ws)
      test('without ws, the error says what to install', async () => {
        await assert.rejects(run(createApplication(), program, 'main.js', server.ws), /this version of Node has no WebSocket: .*npm install ws/);
      });
    else
      test('holds the conversation with twinsocket/js', () => converses(createApplication({ entry: 'twinsocket/js' }), program));

    test(version === 18 ? 'has no require() of the package, and its error says so' : 'has require() of the package', async () => {
      const folder = createApplication({ ws });
      const script = "const { connect } = require('twinsocket');\nconsole.log(typeof connect);\n";
      writeFileSync(join(folder, 'main.cjs'), script);
      const ran = run(folder, program, 'main.cjs');
      if (version === 18) await assert.rejects(ran, /ERR_REQUIRE_ESM[\s\S]*dynamic import\(\)/);
      else assert.equal(await ran, 'function\n');
    });
  });
}

describe('Bun', limit, () => {
  test('holds the conversation', () => converses(createApplication(), bun));
  test('holds the conversation with twinsocket/js', () => converses(createApplication({ entry: 'twinsocket/js' }), bun));
  test('makes one executable file of a program', async () => {
    const folder = createApplication();
    await run(folder, bun, 'build', '--compile', 'main.js', '--outfile', 'program');
    assert.deepEqual(JSON.parse(await run('/', join(folder, 'program'), server.ws)), expected);
  });
});

describe('Deno', limit, () => {
  // With no permission but that of the connection: the package reads no file.
  const command = () => [deno, 'run', '--no-prompt', '--node-modules-dir=manual', `--allow-net=${new URL(server.http).host}`];
  test('holds the conversation, and needs only the permission of the network', () => converses(createApplication(), ...command()));
  test('holds the conversation with twinsocket/js', () => converses(createApplication({ entry: 'twinsocket/js' }), ...command()));
});
