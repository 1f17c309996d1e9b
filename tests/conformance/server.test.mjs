// Runs all cases against the program's server. The peer is a raw client.

import { test } from 'node:test';
import { limit, serve } from '../interop/programs.mjs';
import { groups } from './cases/index.mjs';
import { openClient } from './opening.mjs';
import { chunkingsOf, appliesTo, runCase } from './run_case.mjs';

for (const compression of ['off', 'on']) {
  const compressed = compression === 'on';
  for (const group of groups) {
    const cases = group.cases.filter((each) => appliesTo(each, 'server', compressed));
    if (!cases.length) continue;
    test(`the server with compression ${compression}: ${group.name} (${group.section})`, limit, async (t) => {
      const server = await serve(t, '--compression', compression);
      for (const one of cases) {
        await t.test(one.rule, async (u) => {
          for (const delivery of chunkingsOf(one)) {
            const peer = await openClient(u, server.http, { extensions: 'permessage-deflate; client_max_window_bits' });
            await runCase(peer, 'server', one, delivery);
          }
        });
      }
    });
  }
}
