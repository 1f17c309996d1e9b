// Runs all cases against our client. The peer is a raw server. The result that the client reports is checked too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit } from '../interop/programs.mjs';
import { groups } from './cases/index.mjs';
import { startServer } from './opening.mjs';
import { startClient } from './programs.mjs';
import { chunkingsOf, appliesTo, runCase } from './run_case.mjs';

const extensions = {
  off: () => undefined,
  // The same response as our own server's.
  on: () => 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
};

for (const compression of ['off', 'on']) {
  const compressed = compression === 'on';
  for (const group of groups) {
    const cases = group.cases.filter((each) => appliesTo(each, 'client', compressed));
    if (!cases.length) continue;
    test(`the client with compression ${compression}: ${group.name} (${group.section})`, limit, async (t) => {
      const server = await startServer(t);
      const connections = cases.reduce((sum, one) => sum + chunkingsOf(one).length, 0);
      const client = startClient(t, server.url, connections, ...(compressed ? ['compression'] : []));
      for (const one of cases) {
        await t.test(one.rule, async (u) => {
          for (const delivery of chunkingsOf(one)) {
            const peer = await server.next(extensions[compression]);
            u.after(() => peer.destroy());
            const { code, clean, initiator } = await runCase(peer, 'client', one, delivery);
            const reported = await client.outcome(peer.number);
            assert.deepEqual({ code: reported.code, clean: reported.clean, initiator: reported.initiator }, { code, clean, initiator });
          }
        });
      }
      assert.equal(await client.ended, 0);
    });
  }
}
