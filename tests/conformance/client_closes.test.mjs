// The client closes first (RFC 6455 section 7.1.2): its close frame, the server's possible reactions, and the reported
// result.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit } from '../interop/programs.mjs';
import { binary, close, frame, ping, text } from './frames.mjs';
import { startServer } from './opening.mjs';
import { startClient } from './programs.mjs';

/** Makes the client close. Resolves with its close frame and the result that it reports. */
async function closed(t, order, thenServer) {
  const server = await startServer(t);
  const client = startClient(t, server.url, 1);
  const peer = await server.next();
  await peer.send([text(`please close ${order}`)]);
  const sent = await peer.next();
  await thenServer(peer);
  const { error, ...reported } = await client.outcome(0);
  assert.equal(await client.ended, 0);
  return { sent, reported };
}

async function answer(peer, code, reason) {
  await peer.send([close(code, reason)]);
  peer.end();
  assert.deepEqual(await peer.next(), { end: true });
}

for (const [code, reason] of [[1000, ''], [1001, 'leaving'], [3000, 'x'.repeat(123)], [4999, 'Gr\u00fc\u00dfe']]) {
  test(`the client reports its own close code ${code} and reason, whatever the server answers`, limit, async (t) => {
    for (const [back, why] of [[code, reason], [1000, 'as you like'], [undefined, '']]) {
      const { sent, reported } = await closed(t, `${code} ${reason}`, (peer) => answer(peer, back, why));
      assert.deepEqual(sent, { close: code, reason });
      assert.deepEqual(reported, { code, reason, clean: true, initiator: 'local' });
    }
  });
}

test('the client sends 1011 instead of an invalid code, and truncates a long reason', limit, async (t) => {
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000]) {
    const { sent } = await closed(t, `${code} why`, (peer) => answer(peer, 1000));
    assert.deepEqual(sent, { close: 1011, reason: 'why' });
  }
  const { sent } = await closed(t, `1000 ${'\u00fc'.repeat(100)}`, (peer) => answer(peer, 1000));
  assert.equal(sent.reason, '\u00fc'.repeat(61));
});

test('the client sends nothing after its close frame, whatever it receives', limit, async (t) => {
  const { reported } = await closed(t, '1000 done', async (peer) => {
    await peer.send([ping('late'), text('late'), binary('late'), ping('later')]);
    await answer(peer, 1000);
  });
  assert.deepEqual(reported, { code: 1000, reason: 'done', clean: true, initiator: 'local' });
});

test('the client waits for the server to end the TCP stream first', limit, async (t) => {
  await closed(t, '1000 done', async (peer) => {
    await peer.send([close(1000)]);
    // Waits for one round trip of the event loop and the network: the client has received the close frame and still
    // runs.
    let ended = false;
    peer.socket.once('end', () => { ended = true; });
    for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
    assert.equal(ended, false);
    peer.end();
    assert.deepEqual(await peer.next(), { end: true });
  });
});

test('the client reports 1006 if the server ends the stream without a close frame', limit, async (t) => {
  const { reported } = await closed(t, '1000 done', async (peer) => {
    peer.end();
    assert.deepEqual(await peer.next(), { end: true });
  });
  assert.deepEqual(reported, { code: 1006, reason: '', clean: false, initiator: 'local' });
});

test('the client reports 1002 if the server sends an invalid frame while closing', limit, async (t) => {
  for (const wrong of [frame(3), close(1005), ping('', { masked: true })]) {
    const { reported } = await closed(t, '1000 done', async (peer) => {
      await peer.send([wrong]);
      assert.deepEqual(await peer.next(), { end: true });
      peer.end();
    });
    assert.deepEqual({ code: reported.code, clean: reported.clean }, { code: 1002, clean: false });
  }
});
