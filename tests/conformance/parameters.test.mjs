// permessage-deflate with every combination of parameters (RFC 7692 section 7.1), and messages of many sizes. The test
// uses exactly the negotiated windows and context takeover, so an endpoint that refers back further fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, serve } from '../interop/programs.mjs';
import { close, fragments, ping, rsv1 } from './frames.mjs';
import { openClient, startServer } from './opening.mjs';
import { startClient, startEchoServer } from './programs.mjs';

const takeovers = [false, true];
const windows = [8, 9, 10, 11, 12, 13, 14, 15];

function prose(size) {
  const parts = [];
  for (let i = 0, length = 0; length < size; i += 1, length += 24) parts.push(`{"id":${(i * 7919) % 1009},"name":"a sensor"}, `);
  return parts.join('').slice(0, size);
}
const mebibyte = 1 << 20;
const all = Buffer.from(Uint8Array.from({ length: mebibyte }, (_, i) => Math.imul(i, 2654435761) >>> 13));
const noise = (size) => all.subarray(0, size);

/** Sends a message compressed, in fragments of this many compressed bytes, and expects its echo. */
async function echo(peer, message, fragmentSize = Infinity) {
  const isText = typeof message === 'string';
  const [first, ...rest] = fragments(isText ? 'text' : 'binary', peer.compress(message), fragmentSize);
  const frames = [{ ...first, rsv: rsv1 }, ...rest];
  if (rest.length) frames.splice(1, 0, ping('between'));
  await peer.send(frames);
  if (rest.length) assert.deepEqual(await peer.next(), { pong: Buffer.from('between') });
  const { compressed, ...back } = await peer.next();
  assert.deepEqual(back, isText ? { text: message } : { binary: message });
  return compressed;
}

async function echoAll(peer, messages) {
  for (const message of messages) await echo(peer, message);
  await echo(peer, messages.at(-1), 100);
}

async function closePeer(peer, role) {
  await peer.send([close(1000)]);
  const { close: code } = await peer.next();
  assert.equal(code, 1000);
  if (role === 'client') peer.end();
  assert.deepEqual(await peer.next(), { end: true });
  peer.end();
}

const few = [prose(300), prose(300), noise(600), prose(3000)];
const bits = (name, value) => (value === undefined ? [] : [value === '' ? name : `${name}=${value}`]);
const extension = (...parts) => ['permessage-deflate', ...parts].join('; ');
const offers = takeovers.flatMap((server) =>
  takeovers.flatMap((client) =>
    [undefined, ...windows].flatMap((serverBits) =>
      [undefined, '', ...windows].map((clientBits) => ({ server, client, serverBits, clientBits })),
    ),
  ),
);
const asOffer = ({ server, client, serverBits, clientBits }) =>
  extension(
    ...(server ? ['server_no_context_takeover'] : []),
    ...(client ? ['client_no_context_takeover'] : []),
    ...bits('server_max_window_bits', serverBits),
    ...bits('client_max_window_bits', clientBits),
  );

/** The parameters that must be negotiated for this offer if the server itself has this preference. */
function expectedParameters({ server, client, serverBits, clientBits }, preference) {
  const ours = Math.min(serverBits ?? 15, preference.serverBits ?? 15);
  const theirs = clientBits === undefined ? 15 : Math.min(clientBits || 15, preference.clientBits ?? 15);
  return {
    ...(server || preference.noContextTakeover ? { server_no_context_takeover: true } : {}),
    ...(client || preference.noContextTakeover ? { client_no_context_takeover: true } : {}),
    ...(serverBits !== undefined || ours < 15 ? { server_max_window_bits: ours } : {}),
    ...(theirs < 15 ? { client_max_window_bits: theirs } : {}),
  };
}

for (const [name, start, preference] of [
  ['twinsocket serve', (t) => serve(t, '--compression', 'on'), { noContextTakeover: true }],
  ['a server with context takeover', (t) => startEchoServer(t, 'keep'), {}],
  ['a server with small windows', (t) => startEchoServer(t, 'keep', 'server_bits=10', 'client_bits=9'), { serverBits: 10, clientBits: 9 }],
]) {
  const tested = preference.serverBits ? offers.filter((_, i) => i % 7 === 0) : offers;
  test(`${name} negotiates each of ${tested.length} offers, and echoes compressed messages`, limit, async (t) => {
    const server = await start(t);
    for (const offer of tested) {
      const peer = await openClient(t, server.http, { extensions: asOffer(offer) });
      assert.deepEqual(peer.negotiated, expectedParameters(offer, preference), asOffer(offer));
      await echoAll(peer, few);
      await closePeer(peer, 'server');
    }
  });
}

test('the server skips an invalid offer and accepts the next one', limit, async (t) => {
  const server = await serve(t, '--compression', 'on');
  const wrong = [
    'server_max_window_bits', 'server_max_window_bits=7', 'server_max_window_bits=16', 'server_max_window_bits=08',
    'client_max_window_bits=7', 'client_max_window_bits=16', 'client_max_window_bits=x', 'server_no_context_takeover=1', 'client_no_context_takeover=true',
    'server_no_context_takeover; server_no_context_takeover', 'client_max_window_bits; client_max_window_bits=10', 'unknown', 'unknown=1',
  ].map((parameters) => extension(parameters));
  for (const offer of [...wrong, 'permessage-bzip2', 'x-webkit-deflate-frame']) {
    const without = await openClient(t, server.http, { extensions: offer });
    assert.equal(without.negotiated, undefined, offer);
    await closePeer(without, 'server');
    const second = await openClient(t, server.http, { extensions: `${offer}, permessage-deflate; server_max_window_bits=9` });
    assert.equal(second.negotiated?.server_max_window_bits, 9, offer);
    await echoAll(second, few);
    await closePeer(second, 'server');
  }
});

const answers = takeovers.flatMap((server) =>
  takeovers.flatMap((client) =>
    [undefined, ...windows].flatMap((serverBits) =>
      [undefined, ...windows].map((clientBits) => ({ server, client, serverBits, clientBits })),
    ),
  ),
);

test(`the client accepts each of ${answers.length} responses, and echoes compressed messages`, limit, async (t) => {
  const server = await startServer(t);
  const client = startClient(t, server.url, answers.length, 'compression');
  for (const answer of answers) {
    const peer = await server.next((offer) => {
      assert.equal(offer, 'permessage-deflate; client_max_window_bits');
      return asOffer(answer);
    });
    await echoAll(peer, few);
    await closePeer(peer, 'client');
  }
  assert.equal(await client.ended, 0);
});

test('the client offers its configured parameters and complies with them', limit, async (t) => {
  for (const [options, offer] of [
    [['server_bits=9', 'client_bits=8'], 'server_max_window_bits=9; client_max_window_bits=8'],
    [['server_bits=8', 'client_bits=10'], 'server_max_window_bits=8; client_max_window_bits=10'],
    [['server_alone'], 'server_no_context_takeover; client_max_window_bits'],
    [['client_alone'], 'client_no_context_takeover; client_max_window_bits'],
  ]) {
    const server = await startServer(t);
    const client = startClient(t, server.url, 1, 'compression', ...options);
    const peer = await server.next((offered) => {
      assert.equal(offered, extension(offer));
      return offered.replace(/client_max_window_bits$/, 'client_max_window_bits=15');
    });
    await echoAll(peer, few);
    await closePeer(peer, 'client');
    assert.equal(await client.ended, 0);
  }
});

test('the client fails the connection on an invalid Sec-WebSocket-Extensions response', limit, async (t) => {
  const wrong = [
    'permessage-bzip2', extension('unknown'), extension('server_no_context_takeover=1'), extension('client_no_context_takeover; client_no_context_takeover'),
    extension('server_max_window_bits'), extension('server_max_window_bits=7'), extension('server_max_window_bits=16'), extension('server_max_window_bits=012'),
    extension('client_max_window_bits'), extension('client_max_window_bits=7'), extension('client_max_window_bits=16'), extension('client_max_window_bits=9x'),
    `${extension()}, ${extension()}`, `${extension()}, foo`,
  ];
  const server = await startServer(t);
  const client = startClient(t, server.url, wrong.length, 'compression');
  for (const [i, answer] of wrong.entries()) {
    const socket = await server.answer(answer);
    assert.equal((await socket.everything()).length, 0, `${answer}: nothing is to be sent`);
    const { code, error } = await client.outcome(i);
    assert.equal(code, 0);
    assert.match(error, /extension|permessage-deflate/);
  }
});

const sizes = [16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072, mebibyte];
const pieces = [Infinity, 256, 4096];
const kinds = { text: prose, binary: noise };

for (const [name, negotiated] of [
  ['with context takeover', ''],
  ['without context takeover', '; server_no_context_takeover; client_no_context_takeover'],
  ['with the smallest windows', '; server_max_window_bits=8; client_max_window_bits=8'],
]) {
  for (const [kind, make] of Object.entries(kinds)) {
    test(`compressed ${kind} messages of 16 B to 1 MiB are echoed ${name}, whole and in fragments`, limit, async (t) => {
      const echoServer = await startEchoServer(t, 'keep');
      const server = await startServer(t);
      const client = startClient(t, server.url, 1, 'compression');
      const peers = [await openClient(t, echoServer.http, { extensions: `permessage-deflate${negotiated}` }), await server.next(() => `permessage-deflate${negotiated}`)];
      for (const peer of peers) {
        for (const size of sizes) {
          for (const piece of pieces) {
            const compressed = await echo(peer, make(size), size / piece > 1024 ? 65536 : piece);
            if (kind === 'text' && size >= 1024) assert(compressed < size / 2, `${size} bytes took ${compressed}`);
          }
        }
      }
      await closePeer(peers[0], 'server');
      await closePeer(peers[1], 'client');
      assert.equal(await client.ended, 0);
    });
  }
}
