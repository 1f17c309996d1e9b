// The client of channels with servers that lose connections, are late, or do not keep to the protocol.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadWithChannels, mainEntry } from './package.mjs';
import { listen, rejectionOf } from './peer.mjs';

const { TwinsocketError, channels } = await loadWithChannels();
const limit = { timeout: 60_000 };
const channel = 'chat:tea';
const welcome = { ConnectResponse: { client: 'me', user: 'ada' } };
const subscribed = { SubscribeResponse: { recovery: 'none', publications: [] } };

/**
 * A server of the protocol in JSON. `respond` is called with the name of each request, its members, the socket and the number, and
 * returns the value of the response, text to send instead, or nothing. By default everything succeeds.
 */
async function serve(t, respond = () => {}) {
  const usual = { ConnectRequest: welcome, SubscribeRequest: subscribed, PresenceRequest: { PresenceResponse: { members: [] } } };
  const requests = [];
  const peer = await listen((socket) => {
    socket.on('message', (data) => {
      const { id, request } = JSON.parse(data);
      const [[name, members]] = Object.entries(request);
      requests.push([name, members]);
      const value = respond(name, members, socket, id) ?? usual[name];
      if (value) socket.send(typeof value === 'string' ? value : JSON.stringify({ Response: { id, value } }));
    });
  });
  t.after(() => peer.stop());
  const open = (options) => {
    const client = channels(peer.url, { initialDelay: 1, maxDelay: 1, ...options });
    t.after(() => client.close());
    return client;
  };
  return { open, requests, url: peer.url };
}

describe('a client of channels', limit, () => {
  test('offers its subprotocol, and repeats a publication with the same key until it has the response', async (t) => {
    let losses = 3;
    let connections = 0;
    const { open, requests } = await serve(t, (name, _, socket) => {
      if (name === 'ConnectRequest') return { ConnectResponse: { client: `c${++connections}` } };
      assert.match(socket.protocol, /^twinsocket\.channels\.json(\+heartbeat)?$/);
      if (losses-- > 0) return void socket.terminate();
      return { PublishResponse: { position: { offset: 1, epoch: 'e' } } };
    });
    const client = open();
    assert.deepEqual(await client.publish(channel, 'hello'), { offset: 1n, epoch: 'e' });
    await client.publish(channel, 'bye');
    assert.equal(client.identity.client, 'c4');
    const sent = requests.filter(([name]) => name === 'PublishRequest').map(([, members]) => members);
    const [key] = sent.map((one) => one.key);
    const hello = { channel, text: 'hello', key };
    assert.deepEqual(sent, [hello, hello, hello, hello, { channel, text: 'bye', key: key.replace(/1$/, '2') }]);
  });

  const onlyNode = { skip: mainEntry !== '.' && 'only the entry for Node needs no global crypto' };
  test('has keys of publications that nobody can guess, of at most 128 bytes', onlyNode, async (t) => {
    // Node has had no global crypto before version 19.
    const { crypto } = globalThis;
    delete globalThis.crypto;
    t.after(() => Object.assign(globalThis, { crypto }));
    const { open, requests } = await serve(t, (name) => (name === 'PublishRequest' ? { PublishResponse: {} } : undefined));
    for (const client of [open(), open()]) await client.publish(channel, '');
    const keys = requests.filter(([name]) => name === 'PublishRequest').map(([, { key }]) => key);
    // A random prefix of 128 bits or more: nothing that the server or another client tells.
    for (const key of keys) assert.match(key, /^[-0-9a-f]{64,110}-1$/);
    assert.notEqual(keys[0], keys[1]);
    // The last number that is counted exactly.
    assert.ok(keys[0].length - 1 + String(Number.MAX_SAFE_INTEGER).length <= 128);
  });

  test('sends what is wanted while a connection is prepared', async (t) => {
    let losses = 1;
    const { open, requests } = await serve(t, (name, _, socket) => {
      if (name === 'SubscribeRequest' && losses-- > 0) return void socket.terminate();
      return name === 'PublishRequest' ? { PublishResponse: {} } : undefined;
    });
    let ask;
    const asked = () => new Promise((resolve) => (ask = resolve));
    const firstAsked = asked();
    const client = open({ token: () => new Promise((supply) => ask(supply)) });
    const supplyFirst = await firstAsked;
    const first = client.subscribe('chat:first');
    const secondAsked = asked();
    supplyFirst('');
    const supplySecond = await secondAsked;
    // The connection was lost and there is another one, on which the server does not know the client yet.
    client.subscribe('chat:second');
    first.close();
    const published = client.publish('chat:second', 'hello');
    const members = client.presence('chat:second');
    supplySecond('');
    await Promise.all([published, members]);
    assert.deepEqual(
      requests.map(([name, { channel: of }]) => (of ? `${name} ${of}` : name)),
      ['ConnectRequest', 'SubscribeRequest chat:first', 'ConnectRequest', 'SubscribeRequest chat:second', 'PublishRequest chat:second', 'PresenceRequest chat:second'],
    );
  });

  test('has exact offsets, whatever their size', async (t) => {
    const at = (offset) => `"position":{"offset":${offset},"epoch":"e"}`;
    const response = (id, text) => `{"Response":{"id":${id},"value":{${text}}}}`;
    const { open } = await serve(t, (name, _, socket, id) => {
      if (name === 'SubscribeRequest') {
        socket.send(response(id, `"SubscribeResponse":{"recovery":"none",${at('9007199254740992')}}`));
        return '{"Published":{"channel":"chat:tea","epoch":"e","publication":{"offset":9007199254740993,"text":"a","time":0}}}';
      }
      return name === 'PublishRequest' ? response(id, `"PublishResponse":{${at('9223372036854775807')}}`) : undefined;
    });
    const client = open();
    const room = client.subscribe(channel);
    assert.equal((await room.next()).offset, 9007199254740993n);
    assert.deepEqual(room.position, { offset: 9007199254740993n, epoch: 'e' });
    assert.deepEqual(await client.publish(channel, ''), { offset: 9223372036854775807n, epoch: 'e' });
  });

  test('sends a publication once that was made while there was no connection', async (t) => {
    let isLost = false;
    const { open, requests } = await serve(t, (name, _, socket) => {
      if (name === 'PublishRequest') return { PublishResponse: {} };
      if (name === 'PresenceRequest' && !isLost) socket.terminate();
      isLost ||= name === 'PresenceRequest';
      return undefined;
    });
    const client = open();
    const lost = new Promise((resolve) => {
      client.addEventListener('status', () => client.status.phase === 'waiting' && resolve());
    });
    const members = client.presence(channel);
    await lost;
    const room = client.subscribe(channel);
    room.close();
    client.subscribe(channel);
    await client.publish(channel, 'hello');
    assert.deepEqual(await members, []);
    // Everything that was sent before has arrived before.
    await client.presence(channel);
    assert.deepEqual(
      requests.map(([name]) => name),
      ['ConnectRequest', 'PresenceRequest', 'ConnectRequest', 'SubscribeRequest', 'PresenceRequest', 'PublishRequest', 'PresenceRequest'],
    );
  });

  test('subscribes again after a second if the server cannot now', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let failures = 1;
    const { open, requests } = await serve(t, (name) =>
      name === 'SubscribeRequest' && failures-- > 0 ? { Failure: { code: 'unavailable', reason: 'wait' } } : undefined,
    );
    const client = open();
    client.subscribe(channel);
    // The response to the subscription comes first.
    await client.presence(channel);
    t.mock.timers.tick(999);
    await client.presence(channel);
    t.mock.timers.tick(1);
    await client.presence(channel);
    assert.deepEqual(
      requests.map(([name]) => name),
      ['ConnectRequest', 'SubscribeRequest', ...Array(2).fill('PresenceRequest'), 'SubscribeRequest', 'PresenceRequest'],
    );
  });

  test('connects again after a temporary failure, and ends after one for good', async (t) => {
    const failures = ['unavailable', 'too_fast', 'not_allowed'];
    const { open, requests } = await serve(t, () => ({ Failure: { code: failures[requests.length - 1], reason: 'no' } }));
    const client = open();
    const refused = await rejectionOf(client.subscribe(channel).next());
    assert.equal(refused.code, 'cancelled');
    assert.equal(refused.message, 'no');
    assert.equal(requests.length, 3);
    assert.equal(client.status.phase, 'closed');
  });

  test('has the close code of a server that refuses it, also if that comes later', async (t) => {
    const { open } = await serve(t, (_name, _members, socket, id) => {
      const refusal = { Response: { id, value: { Failure: { code: 'not_allowed', reason: 'no' } } } };
      // The close frame comes when the client has had the time to react to the response.
      socket.send(JSON.stringify(refusal), () => setImmediate(() => setImmediate(() => socket.close(3500, 'no'))));
      return ''; // The response is sent.
    });
    const client = open();
    assert.equal((await rejectionOf(client.subscribe(channel).next())).code, 'cancelled');
    assert.equal((await client.closed).code, 3500);
  });

  test('makes the next attempt at once if it is asked to', async (t) => {
    const failures = [{ Failure: { code: 'unavailable', reason: 'wait' } }];
    const { open } = await serve(t, (name) => (name === 'ConnectRequest' ? failures.pop() : undefined));
    const client = open({ initialDelay: 1e9, maxDelay: 1e9 });
    client.addEventListener('status', () => client.status.phase === 'waiting' && client.retryNow());
    assert.deepEqual(await client.presence(channel), []);
  });

  test('connects again if the first message is not the response', async (t) => {
    const wrong = ['{"Joined":{"channel":"chat:tea","member":{"client":"x"}}}', { PresenceResponse: { members: [] } }, 'nonsense'];
    const { open, requests } = await serve(t, (name) => (name === 'ConnectRequest' ? wrong[requests.length - 1] : undefined));
    const client = open();
    const failures = [];
    client.addEventListener('status', () => client.status.phase === 'waiting' && failures.push(client.status.error.code));
    await client.presence(channel);
    assert.deepEqual(failures, ['protocol_violation', 'protocol_violation', 'malformed']);
  });

  test('ends with 1007 after a message that is not of the protocol', async (t) => {
    const { open } = await serve(t, (name) => (name === 'SubscribeRequest' ? '{"Published":{}}' : undefined));
    const client = open();
    const room = client.subscribe(channel);
    assert.equal((await rejectionOf(room.next())).code, 'type_mismatch');
    assert.equal((await client.closed).code, 1007);
  });

  test('does not come back after a close code from 3500 on', async (t) => {
    const { open } = await serve(t, (name, _, socket) => (name === 'PresenceRequest' ? void socket.close(3501, 'banned') : undefined));
    const client = open({ stopOn: [3000] });
    const room = client.subscribe(channel);
    const why = await rejectionOf(client.presence(channel));
    assert.equal(why.code, 'cancelled');
    assert.equal(why.message, 'banned');
    assert.equal(why.closeInfo.code, 3501);
    assert.equal(await rejectionOf(room.next()), why);
  });

  test('fails requests that were mistaken', async (t) => {
    const { open } = await serve(t, (name) => (name === 'ConnectRequest' ? undefined : { UnsubscribeResponse: { channel } }));
    const client = open();
    for (const one of [client.publish(channel, ''), client.history(channel), client.presence(channel)])
      assert.equal((await rejectionOf(one)).message, 'the server has answered with UnsubscribeResponse');
  });

  test('limits requests, also while there is no connection, and their time', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    // Nothing listens on port 1.
    const client = channels('ws://127.0.0.1:1/', { initialDelay: 1e9, maxRequests: 1, requestTimeout: 20 });
    t.after(() => client.close());
    const first = rejectionOf(client.publish(channel, 'hello'));
    assert.equal((await rejectionOf(client.publish(channel, 'hello'))).code, 'queue_full');
    t.mock.timers.tick(20);
    assert.equal((await first).code, 'timed_out');
    const third = rejectionOf(client.publish(channel, 'hello'));
    await client.close();
    assert.equal((await third).code, 'closed');
  });

  test('fails a request that does not fit into the send queue', async (t) => {
    const { open } = await serve(t);
    const client = open({ limits: { sendQueueBytes: 200 } });
    const early = await rejectionOf(client.publish(channel, 'x'.repeat(200)));
    assert.equal(early.code, 'message_too_big');
    const later = await rejectionOf(client.publish(channel, 'x'.repeat(200)));
    assert.equal(later.code, 'queue_full');
    assert.deepEqual(await client.presence(channel), []);
  });

  test('ends a subscription that cannot be requested, and keeps the others', async (t) => {
    const { open } = await serve(t);
    const client = open();
    const early = client.subscribe(channel, { since: { offset: 1, epoch: 'e' } });
    assert.equal((await rejectionOf(early.next())).code, 'type_mismatch');
    const later = client.subscribe(channel, { since: { offset: 1n } });
    assert.equal((await rejectionOf(later.next())).code, 'type_mismatch');
    assert.deepEqual(await client.presence(channel), []);
  });

  test('rejects invalid options, and ends with an invalid URL', async () => {
    for (const options of [{ codec: 'xml' }, { queue: 0 }, { queue: -1 }, { maxRequests: Number.NaN }, { requestTimeout: 'a' }])
      assert.throws(
        () => channels('ws://127.0.0.1:1/', options),
        (error) => error instanceof TwinsocketError && error.code === 'invalid_argument',
      );
    assert.equal((await rejectionOf(channels('ftp://localhost').subscribe(channel).next())).code, 'invalid_url');
  });
});
