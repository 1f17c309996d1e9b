// Node's ws and Python's websockets in both roles: messages up to 16 MiB with and without compression, and closes from
// both sides.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startClient } from '../conformance/programs.mjs';
import { open } from './client.mjs';
import { limit, python, run, script, serve } from './programs.mjs';
import { servers } from './servers.mjs';

const sizes = [0, 1, 125, 126, 65535, 65536, 1 << 20, 16 << 20];

for (const compression of ['on', 'off']) {
  test(`the server echoes messages of 0 B to 16 MiB to a client of Node's ws, compression ${compression}`, limit, async (t) => {
    const server = await serve(t, '--compression', 'on');
    const client = await open(t, `${server.ws}/echo`, [], { perMessageDeflate: compression === 'on' && { threshold: 0 } });
    assert.equal(client.socket.extensions !== '', compression === 'on');
    for (const size of sizes) {
      const text = 'reading 45.5, '.repeat(size / 14 + 1).slice(0, size);
      for (const sent of [text, Buffer.from(text)]) {
        client.send(sent);
        const back = await client.next();
        assert(typeof sent === 'string' ? back === sent : back.equals(sent), `${size} bytes`);
        client.send(sent.slice(0, size / 2), { fin: false });
        client.send(sent.slice(size / 2), { fin: true });
        const whole = await client.next();
        assert(typeof sent === 'string' ? whole === sent : whole.equals(sent), `${size} bytes in fragments`);
      }
    }
    assert.deepEqual(await client.close(4001, 'enough'), { code: 4001, reason: 'enough' });
  });

  test(`the server echoes messages of 0 B to 16 MiB to a client of Python's websockets, compression ${compression}`, limit, async (t) => {
    const server = await serve(t, '--compression', 'on');
    const { code, stderr } = await run(t, python, [script('client.py'), 'sizes', `${server.ws}/echo`, compression]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
  });
}

const ends = [[1000, ''], [1001, 'leaving'], [3000, 'x'.repeat(123)], [4999, 'Gr\u00fc\u00dfe']];
for (const { name, start } of servers) {
  test(`the client reports the close code and reason of a server of ${name}`, limit, async (t) => {
    const server = await start(t);
    for (const [code, reason] of ends) {
      const client = startClient(t, `${server.url}/end?code=${code}&reason=${encodeURIComponent(reason)}`, 1);
      const { error, ...reported } = await client.outcome(0);
      assert.deepEqual(reported, { code, reason, clean: true, initiator: 'remote' }, error);
      await server.next();
      assert.equal((await server.next()).closed, code);
    }
  });

  test(`a server of ${name} receives the close code and reason of the client`, limit, async (t) => {
    const server = await start(t);
    for (const [code, reason] of ends) {
      const client = startClient(t, `${server.url}/ask?text=${encodeURIComponent(`please close ${code} ${reason}`)}`, 1);
      const { error, ...reported } = await client.outcome(0);
      assert.deepEqual(reported, { code, reason, clean: true, initiator: 'local' }, error);
      await server.next();
      assert.deepEqual(await server.next(), { closed: code, reason });
    }
  });
}
