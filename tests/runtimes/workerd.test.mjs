// The npm package in a Cloudflare Worker. workerd compiles no WebAssembly from bytes: its bundles get twinsocket/js.

import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { expected } from './conversation.js';
import { createApplication, startEchoServer } from './programs.mjs';
import { bundleWorker, startWorkerd } from './workerd.mjs';

const limit = { timeout: 120_000 };

/** A worker that holds the conversation when it is asked, and answers with what became of it. */
const workerOf = (entry, { imports = '', first = '' } = {}) => `${imports}
import * as twinsocket from '${entry}';
import { converse } from './conversation.js';
export default {
  async fetch(request) {
    try {
      ${first}
      return Response.json(await converse(twinsocket, new URL(request.url).searchParams.get('url')));
    } catch (error) {
      return Response.json({ code: error.code, message: String(error.message) });
    }
  },
};
`;

describe('workerd', limit, () => {
  let server;
  before(async () => {
    server = await startEchoServer();
  }, limit);
  after(() => server?.stop());

  /** What the worker answers to each of some requests. */
  async function answers(t, worker, { files = [], requests = 1 } = {}) {
    const folder = createApplication();
    writeFileSync(join(folder, 'worker.js'), worker);
    for (const file of files) cpSync(join(folder, 'node_modules/twinsocket/dist', file), join(folder, file));
    await bundleWorker(folder);
    const running = await startWorkerd(folder, ...files.map((file) => `(name = "${file}", wasm = embed "${file}")`));
    t.after(() => running.stop());
    const address = `${running.address}?url=${encodeURIComponent(server.ws)}`;
    const all = [];
    for (let i = 0; i < requests; ++i) all.push(await (await fetch(address)).json());
    return all;
  }

  test('holds the conversation in each request, with the code that the condition workerd selects', async (t) => {
    assert.deepEqual(await answers(t, workerOf('twinsocket'), { requests: 3 }), [expected, expected, expected]);
  });

  test('holds it with WebAssembly, if the worker imports the modules and passes them to init()', async (t) => {
    const files = ['twinsocket.wasm', 'twinsocket_xml.wasm'];
    const imports = files.map((file, i) => `import module${i} from './${file}';`).join('\n');
    const first = 'await twinsocket.init(module0); await twinsocket.initXml(module1);';
    assert.deepEqual(await answers(t, workerOf('twinsocket/inline', { imports, first }), { files }), [expected]);
  });

  test('does not compile the modules of twinsocket/inline, and the error says so', async (t) => {
    const [{ code, message }] = await answers(t, workerOf('twinsocket/inline'));
    assert.equal(code, 'unsupported');
    assert.match(message, /^the WebAssembly module could not be loaded: .*disallowed/);
  });
});
