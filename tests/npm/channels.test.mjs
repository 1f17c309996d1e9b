// The client of channels with a server in C++: native/examples/channels_server.cpp.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadWithChannels, root } from './package.mjs';
import { rejectionOf } from './peer.mjs';

const { TwinsocketError, channels, json, string, struct, xml } = await loadWithChannels();
const limit = { timeout: 60_000 };
const quick = { initialDelay: 20, maxDelay: 20 };
const program = process.env.TWINSOCKET_BIN ?? join(root, 'build/bin/twinsocket');

/** Starts the server. Resolves with its URL, its port, and a function that kills it. */
async function startServer(port = 0) {
  const child = spawn(join(dirname(program), 'examples/channels_server'), [String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const [, url, used] = /(ws:\S+:(\d+)\/channels)/.exec(line);
  const closed = once(child, 'close');
  const kill = () => {
    child.kill('SIGKILL');
    return closed;
  };
  return { url, port: Number(used), kill };
}

let server;
before(async () => {
  server = await startServer();
}, limit);
after(() => server?.kill());

/** A client that is closed when the test ends. */
function open(t, options = {}, url = server.url) {
  const client = channels(url, { ...quick, token: () => 'ada', ...options });
  t.after(() => client.close());
  return client;
}

/** The next event as a text, without those of members unless they are asked for. */
async function next(room, kinds = ['publication', 'gap']) {
  for (;;) {
    const event = await room.next({ timeout: 30_000 });
    if (!kinds.includes(event.kind)) continue;
    if (event.kind === 'publication') return event.value;
    return event.kind === 'gap' ? `gap: ${event.why}` : `${event.kind}: ${event.member.user}`;
  }
}

async function reach(client, phase) {
  while (client.status.phase !== phase) await once(client, 'status');
}

describe('channels', limit, () => {
  for (const codec of ['json', 'cbor'])
    test(`publish texts and bytes, and receive them, in ${codec}`, async (t) => {
      const client = open(t, { codec });
      const channel = `chat:${codec}`;
      const room = client.subscribe(channel);
      assert.equal(room.channel, channel);
      assert.equal(room.position, undefined);
      assert.deepEqual(await room.next(), { kind: 'joined', member: { ...client.identity, info: '' } });
      assert.equal(client.identity.user, 'ada');
      const first = await client.publish(channel, 'größer');
      const second = await client.publish(channel, new Uint8Array([0, 255]));
      assert.deepEqual([first.offset, second.offset], [1n, 2n]);
      const { time, ...received } = await room.next();
      assert.deepEqual(received, { kind: 'publication', value: 'größer', offset: 1n, publisher: { ...client.identity, info: '' } });
      assert.ok(Math.abs(Number(time) - Date.now()) < 600_000);
      assert.deepEqual(await next(room), new Uint8Array([0, 255]));
      assert.deepEqual(room.position, second);
      assert.deepEqual(await client.presence(channel), [{ ...client.identity, info: '' }]);

      const { position, publications } = await client.history(channel, { since: first });
      assert.deepEqual(position, second);
      assert.deepEqual(publications.map(({ value }) => value), [new Uint8Array([0, 255])]);
      assert.deepEqual((await client.history(channel, { limit: 1 })).publications.map(({ value }) => value), ['größer']);
    });

  test('have clients that see each other', async (t) => {
    const everything = ['publication', 'joined', 'left'];
    const ada = open(t);
    const bob = open(t, { token: async () => 'bob' });
    const seen = ada.subscribe('chat:two');
    assert.equal(await next(seen, everything), 'joined: ada');
    const bobs = bob.subscribe('chat:two');
    assert.equal(await next(seen, everything), 'joined: bob');
    await ada.publish('chat:two', 'hello');
    assert.equal(await next(bobs), 'hello');
    assert.equal(await next(seen, everything), 'hello');
    bobs.close();
    assert.equal(await next(seen, everything), 'left: bob');
    const later = bob.subscribe('chat:two', { since: { ...bobs.position, offset: 0n } });
    assert.equal(await next(later), 'hello');
  });

  test('are typed by a codec, and go on after what cannot be decoded', async (t) => {
    const client = open(t);
    const activity = struct('Activity', { user: string(), channel: string() });
    const news = client.subscribe('news:activity', { codec: json(activity) });
    const greeting = struct('Greeting', { text: string() });
    const room = client.subscribe('chat:typed', { codec: xml(greeting) });
    await client.publish('chat:typed', '<Greeting><text>hello</text></Greeting>');
    assert.deepEqual(await next(room), { text: 'hello' }); // It has loaded the module for XML.
    await client.publish('chat:typed', 'no XML');
    await client.publish('chat:typed', { text: 'bye' }, { codec: xml(greeting) });
    assert.equal((await rejectionOf(next(room))).code, 'malformed');
    assert.deepEqual(await next(room), { text: 'bye' });
    assert.deepEqual(await next(news), { user: 'ada', channel: 'chat:typed' });
    assert.equal((await rejectionOf(client.publish('chat:typed', { text: 1 }, { codec: json(greeting) }))).code, 'type_mismatch');
    assert.equal((await rejectionOf(client.publish('chat:typed', 1))).code, 'type_mismatch');
    assert.equal((await rejectionOf(client.history('chat:typed', { codec: xml(greeting) }))).code, 'malformed');
    const { publications } = await client.history('chat:typed', { limit: 1, codec: xml(greeting) });
    assert.deepEqual(publications[0].value, { text: 'hello' });
  });

  test('survive a server that is killed and restarted, with a gap', async (t) => {
    const first = await startServer();
    t.after(() => first.kill());
    const tokens = [];
    const token = () => {
      tokens.push('ada');
      return 'ada';
    };
    const client = open(t, { token }, first.url);
    const room = client.subscribe('chat:lobby');
    await client.publish('chat:lobby', 'one');
    assert.equal(await next(room), 'one');
    const { epoch } = room.position;
    const lost = reach(client, 'waiting');
    await first.kill();
    await lost;
    const sent = client.publish('chat:lobby', 'two');
    const again = await startServer(first.port);
    t.after(() => again.kill());
    assert.equal((await sent).offset, 1n);
    assert.equal(await next(room), 'gap: epoch_changed');
    assert.equal(await next(room), 'two');
    assert.notEqual(room.position.epoch, epoch);
    assert.ok(tokens.length > 1);
    assert.equal(client.status.phase, 'open');
  });

  test('end with what the server refuses', async (t) => {
    const client = open(t);
    const nowhere = client.subscribe('other:x');
    const refused = await rejectionOf(nowhere.next());
    assert.ok(refused instanceof TwinsocketError);
    assert.equal(refused.code, 'invalid_argument');
    assert.equal(refused.message, 'there is no channel "other:x"');
    assert.equal(await rejectionOf(nowhere[Symbol.asyncIterator]().next()), refused);
    client.subscribe('news:activity');
    assert.equal((await rejectionOf(client.subscribe('news:activity').next())).code, 'invalid_argument');
    assert.equal((await rejectionOf(client.publish('news:activity', 'hello'))).code, 'cancelled');
    assert.equal((await rejectionOf(client.presence('news:activity'))).code, 'cancelled');
  });

  test('end for good if the token is refused', async (t) => {
    const client = open(t, { token: () => '' });
    const room = client.subscribe('chat:lobby');
    const refused = await rejectionOf(room.next());
    assert.equal(refused.code, 'cancelled');
    assert.equal(refused.message, 'the token must be a name');
    assert.equal((await client.closed).code, 3500);
    assert.equal(client.status.phase, 'closed');
    assert.equal((await rejectionOf(client.publish('chat:lobby', 'hello'))).code, 'cancelled');
    assert.equal(client.identity, undefined);
  });

  test('end for good if there is no token', async (t) => {
    const why = new TwinsocketError('cancelled', 'nobody is logged in');
    const client = open(t, { token: () => Promise.reject(why) });
    assert.equal(await rejectionOf(client.subscribe('chat:lobby').next()), why);
    assert.equal((await rejectionOf(client.subscribe('chat:lobby').next())), why);
  });

  test('are tried again if the token cannot be had now', async (t) => {
    let failures = 2;
    const token = () => {
      if (failures-- > 0) throw new Error('try again');
      return 'ada';
    };
    const room = open(t, { token }).subscribe('chat:lobby');
    assert.equal((await room.next()).kind, 'joined');
  });

  test('are iterated until they are closed', async (t) => {
    const client = open(t);
    const rooms = ['chat:a', 'chat:b'].map((name) => client.subscribe(name));
    const ended = rooms.map(async (room) => {
      const kinds = [];
      for await (const { kind } of room) kinds.push(kind);
      return kinds;
    });
    await client.publish('chat:a', '1');
    assert.deepEqual((await client.history('chat:a')).publications.length, 1);
    rooms[0].close();
    rooms[0].close();
    assert.deepEqual(await ended[0], ['joined', 'publication']);
    assert.deepEqual(await client.close(), { code: 1000, reason: '', clean: true, initiator: 'local' });
    assert.deepEqual(await ended[1], ['joined']);
    assert.equal((await rejectionOf(rooms[1].next())).message, 'the client was closed');
    assert.equal((await rejectionOf(client.publish('chat:a', '1'))).code, 'closed');
    assert.equal((await rejectionOf(client.subscribe('chat:a').next())).code, 'closed');
  });

  test('have a next() that can be cancelled without a loss', async (t) => {
    const client = open(t);
    const room = client.subscribe('chat:waiting');
    await room.next();
    assert.equal((await rejectionOf(room.next({ timeout: 1 }))).code, 'timed_out');
    const stop = new AbortController();
    const cancelled = rejectionOf(room.next({ signal: stop.signal }));
    const both = [room.next(), room.next()];
    stop.abort();
    assert.equal((await cancelled).code, 'cancelled');
    await client.publish('chat:waiting', '1');
    await client.publish('chat:waiting', '2');
    assert.deepEqual((await Promise.all(both)).map(({ value }) => value), ['1', '2']);
  });

  test('that are read too slowly fetch the rest', async (t) => {
    const client = open(t, { queue: 2 });
    const room = client.subscribe('chat:slow');
    await room.next();
    for (const text of ['1', '2', '3', '4', '5']) await client.publish('chat:slow', text);
    const all = [];
    while (all.length < 5) all.push(await next(room));
    assert.deepEqual(all, ['1', '2', '3', '4', '5']);
  });
});
