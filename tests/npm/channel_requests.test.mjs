// What a client of channels does for its requests, without a connection. Each test plays the server.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChannelMachine, Client, channel, failure, live, member } from './machine.mjs';

describe('a request', () => {
  test('gets its response', () => {
    const client = new Client();
    const one = client.request({ PresenceRequest: { channel } });
    const { id } = client.sent();
    assert.equal(id, one.id);
    client.machine.onMessage({ Response: { id: id + 1, value: { PresenceResponse: { members: [] } } } });
    assert.equal(one.value, undefined);
    const value = { PresenceResponse: { members: [member] } };
    client.machine.onMessage({ Response: { id, value } });
    assert.equal(one.value, value);
  });

  test('fails with the reason of the server', () => {
    for (const [code, expected] of [['not_allowed', 'cancelled'], ['too_fast', 'queue_full'], ['unavailable', 'timed_out'], ['over_limit', 'invalid_argument']]) {
      const client = new Client();
      const one = client.request({ PresenceRequest: { channel } });
      client.machine.onMessage({ Response: { id: one.id, value: failure(code) } });
      assert.equal(one.error.code, expected);
      assert.equal(one.error.message, `it is ${code}`);
    }
  });

  test('to publish is repeated on a new connection, with the same number and the same key', () => {
    const client = new Client();
    client.request({ PublishRequest: { channel, text: 'a', key: '' } });
    client.request({ PublishRequest: { channel, text: 'b', key: '' } });
    const first = structuredClone(client.machine.takeOutput());
    assert.deepEqual(first.map(({ request }) => request.PublishRequest.key), ['me-1', 'me-2']);
    client.machine.onMessage({ Response: { id: first[0].id, value: { PublishResponse: {} } } });
    client.reconnect();
    assert.deepEqual(client.sent(), first[1]);
  });

  test('made without a connection keeps its key on the first one', () => {
    const machine = new ChannelMachine(10, 10, 'you-');
    for (const text of ['a', 'b']) machine.request({ PublishRequest: { channel, text, key: '' } }, {});
    machine.onConnected();
    assert.deepEqual(machine.takeOutput().map(({ request }) => request.PublishRequest.key), ['you-1', 'you-2']);
  });

  test('that is forgotten is not repeated, and makes room for another', () => {
    const client = new Client({ maxRequests: 1 });
    const one = client.request({ PresenceRequest: { channel } });
    const second = client.request({ PresenceRequest: { channel } });
    assert.equal(second.id, 0);
    assert.equal(second.error.code, 'queue_full');
    assert.equal(second.error.message, '1 requests wait for their responses');
    client.machine.forget(one.id);
    client.reconnect();
    client.sentNothing();
    assert.equal(client.request({ PresenceRequest: { channel } }).error, undefined);
  });

  test('that could not be sent fails, and a subscription is tried again later', () => {
    const client = new Client();
    const room = client.machine.subscribe(channel);
    const one = client.request({ PresenceRequest: { channel } });
    const why = Object.assign(new Error('full'), { code: 'queue_full' });
    for (const { id } of client.machine.takeOutput()) client.machine.refuse(id, why);
    client.machine.refuse(99, why);
    assert.equal(one.error, why);
    assert.deepEqual(client.machine.takePostponed(), [room]);
    client.machine.retry(room);
    const wrong = Object.assign(new Error('not a position'), { code: 'type_mismatch' });
    client.machine.refuse(client.sent().id, wrong);
    assert.deepEqual(client.machine.takePostponed(), []);
    assert.equal(room.error, wrong);
  });
});

test('the end of a client is that of its subscriptions and requests, and of all later ones', () => {
  const { client, machine, room } = live();
  const one = client.request({ PresenceRequest: { channel } });
  const why = new Error('the end');
  machine.end(why);
  machine.end(new Error('another'));
  assert.equal(room.error, why);
  assert.equal(one.error, why);
  assert.equal(client.request({ PresenceRequest: { channel } }).error, why);
  assert.equal(machine.subscribe(channel).error, why);
  machine.onConnected();
  client.sentNothing();
});
