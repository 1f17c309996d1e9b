// What a client of channels does for its subscriptions, without a connection. Each test plays the server.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChannelMachine, Client, channel, failure, live, member, position, publication, published, subscribed, taken } from './machine.mjs';

describe('a subscription', () => {
  test('is requested, and gets what is published and who comes and goes', () => {
    const { machine, room } = live(position(0));
    machine.onMessage(published(1));
    machine.onMessage({ Joined: { channel, member } });
    machine.onMessage({ Left: { channel, member } });
    machine.onMessage({ Left: { channel: 'chat:other', member } });
    assert.deepEqual(room.last, position(1));
    assert.deepEqual(taken(machine, room), ['1', 'joined', 'left']);
  });

  test('without a history gets everything, and has no position', () => {
    const { machine, room, client } = live();
    for (let i = 0; i < 2; ++i) machine.onMessage({ Published: { channel, epoch: '', publication: publication(0, 'live') } });
    assert.equal(room.last, undefined);
    assert.deepEqual(taken(machine, room), ['live', 'live']);
    client.reconnect();
    client.answer(subscribed(undefined));
    assert.deepEqual(taken(machine, room), ['gap: no_history']);
  });

  test('made without a connection is requested on the next one, before all other requests', () => {
    const machine = new ChannelMachine(10, 10, 'me-');
    machine.request({ PresenceRequest: { channel } }, {});
    machine.subscribe(channel, position(7));
    assert.deepEqual(machine.takeOutput(), []);
    machine.onConnected();
    assert.deepEqual(
      machine.takeOutput().map(({ request }) => request),
      [{ SubscribeRequest: { channel, since: position(7) } }, { PresenceRequest: { channel } }],
    );
  });

  test('keeps what is pushed before the response, and drops what is in the response', () => {
    const client = new Client();
    const room = client.machine.subscribe(channel);
    for (const offset of [5, 6, 7]) client.machine.onMessage(published(offset));
    assert.deepEqual(taken(client.machine, room), []);
    client.answer(subscribed(position(6)));
    assert.deepEqual(taken(client.machine, room), ['7']);
    assert.deepEqual(room.last, position(7));
    client.machine.onMessage(published(7));
    assert.deepEqual(taken(client.machine, room), []);
  });

  test('holds no more of what is pushed early than of events, and fetches the rest', () => {
    const client = new Client({ queue: 2 });
    const room = client.machine.subscribe(channel);
    for (const offset of [1, 2, 3]) client.machine.onMessage(published(offset));
    client.answer(subscribed(position(0)));
    assert.deepEqual(taken(client.machine, room), ['1', '2']);
    client.machine.onMessage(published(4));
    assert.deepEqual(client.answer(subscribed(position(4), [3, 4], 'complete')), position(2));
    assert.deepEqual(taken(client.machine, room), ['3', '4']);
  });

  test('asks for what follows its last publication if one is missing', () => {
    const { client, machine, room } = live(position(3));
    machine.onMessage(published(5));
    assert.deepEqual(client.answer(), position(3));
    assert.deepEqual(taken(machine, room), []);
  });

  test('asks again if the epoch is another, and tells the gap', () => {
    const { client, machine, room } = live(position(3));
    machine.onMessage(published(4, 'e2'));
    assert.deepEqual(client.answer(subscribed(position(4, 'e2'), [3, 4], 'epoch_changed')), position(3));
    assert.deepEqual(taken(machine, room), ['gap: epoch_changed', '3', '4']);
    machine.onMessage(published(5, 'e2'));
    assert.deepEqual(taken(machine, room), ['5']);
  });

  test('continues after a reconnect where it was, with a gap only if publications are missing', () => {
    const { client, machine, room } = live(position(3));
    client.reconnect();
    assert.deepEqual(client.answer(subscribed(position(5), [4, 5], 'complete')), position(3));
    client.reconnect();
    assert.deepEqual(client.answer(subscribed(position(9), [8, 9], 'trimmed')), position(5));
    assert.deepEqual(taken(machine, room), ['4', '5', 'gap: trimmed', '8', '9']);
  });

  test('ignores what belongs to the connection before', () => {
    const { client, machine, room } = live(position(3));
    machine.onDisconnected();
    machine.onMessage(published(4));
    machine.onConnected();
    const { id } = client.sent();
    client.reconnect();
    machine.onMessage({ Response: { id, value: subscribed(position(9)) } });
    assert.deepEqual(room.last, position(3));
    client.answer(subscribed(position(3), [], 'complete'));
    assert.deepEqual(taken(machine, room), []);
  });

  test('that is full drops events, and fetches them once it is empty', () => {
    const { client, machine, room } = live(position(0), { queue: 2 });
    for (const offset of [1, 2, 3, 4]) machine.onMessage(published(offset));
    assert.deepEqual(room.last, position(2));
    machine.take(room);
    client.sentNothing();
    machine.take(room);
    assert.deepEqual(client.answer(subscribed(position(4), [3, 4], 'complete')), position(2));
    assert.deepEqual(taken(machine, room), ['3', '4']);
  });

  test('that is full is not requested on a new connection until it is empty', () => {
    const { client, machine, room } = live(position(0), { queue: 1 });
    for (const offset of [1, 2]) machine.onMessage(published(offset));
    client.reconnect();
    client.sentNothing();
    machine.onMessage({ Unsubscribed: { channel, reason: '', retry: true } });
    client.sentNothing();
    machine.take(room);
    assert.deepEqual(client.answer(), position(1));
  });

  test('whose response does not fit keeps its position before what was dropped', () => {
    const client = new Client({ queue: 2 });
    const room = client.machine.subscribe(channel, position(1));
    client.answer(subscribed(position(5), [2, 3, 4, 5], 'complete'));
    assert.deepEqual(taken(client.machine, room), ['2', '3']);
    assert.deepEqual(client.answer(subscribed(position(5), [4, 5], 'complete')), position(3));
    assert.deepEqual(taken(client.machine, room), ['4', '5']);
  });

  test('asks again if the server says so, and ends if it does not', () => {
    const { client, machine, room } = live(position(3));
    machine.onMessage({ Unsubscribed: { channel, reason: '', retry: true } });
    assert.deepEqual(client.answer(subscribed(position(4), [4], 'complete')), position(3));
    machine.onMessage({ Unsubscribed: { channel, reason: 'you are banned', retry: false } });
    assert.deepEqual(taken(machine, room), ['4']);
    assert.equal(room.error.code, 'cancelled');
    assert.equal(room.error.message, 'you are banned');
    machine.unsubscribe(room);
    client.sentNothing();
  });

  test('is tried again later if the failure is temporary', () => {
    for (const code of ['too_fast', 'unavailable']) {
      const client = new Client();
      const room = client.machine.subscribe(channel);
      client.machine.onMessage(published(1));
      client.answer(failure(code));
      client.sentNothing();
      assert.deepEqual(client.machine.takePostponed(), [room]);
      assert.deepEqual(client.machine.takePostponed(), []);
      client.machine.retry(room);
      client.answer(subscribed(position(1)));
      client.machine.retry(room);
      client.sentNothing();
      assert.deepEqual(taken(client.machine, room), []);
    }
  });

  test('ends if the server refuses it', () => {
    const codes = { bad_request: 'invalid_argument', unknown_channel: 'invalid_argument', over_limit: 'invalid_argument', not_allowed: 'cancelled' };
    for (const [code, expected] of Object.entries(codes)) {
      const client = new Client();
      const room = client.machine.subscribe(channel);
      client.answer(failure(code));
      assert.equal(room.phase, 'ended');
      assert.equal(room.error.code, expected);
      assert.equal(room.error.message, `it is ${code}`);
      client.reconnect();
      client.sentNothing();
    }
  });

  test('ends if the server has answered another request', () => {
    const client = new Client();
    const room = client.machine.subscribe(channel);
    client.machine.onMessage(published(1));
    client.answer({ PresenceResponse: { members: [] } });
    assert.equal(room.phase, 'ended');
    assert.equal(room.error.code, 'protocol_violation');
    assert.equal(room.error.message, 'the server has answered with PresenceResponse');
    assert.deepEqual(taken(client.machine, room), []);
    client.reconnect();
    client.sentNothing();
  });

  test('compares offsets of 64 bits exactly', () => {
    const least = -(2n ** 63n);
    const most = 2n ** 63n - 1n;
    const { client, machine, room } = live(position(most - 2n));
    machine.onMessage(published(most - 1n));
    machine.onMessage(published(most));
    machine.onMessage(published(most));
    machine.onMessage(published(least));
    assert.deepEqual(room.last, position(most));
    client.sentNothing();
    assert.deepEqual(taken(machine, room), [most - 1n, most, least].map(String));

    const low = live(position(least));
    low.machine.onMessage(published(most));
    assert.deepEqual(low.client.answer(), position(least));
  });

  test('is the only one of its channel, until it was closed', () => {
    const { client, machine, room } = live();
    const second = machine.subscribe(channel);
    assert.equal(second.error.code, 'invalid_argument');
    assert.equal(second.error.message, 'there is a subscription to "chat:tea" already');
    machine.unsubscribe(second);
    client.sentNothing();
    machine.onMessage(published(1));
    machine.unsubscribe(room);
    assert.deepEqual(client.sent().request, { UnsubscribeRequest: { channel } });
    machine.onMessage(published(2));
    assert.deepEqual(taken(machine, room), ['1']);
    assert.equal(room.error.code, 'closed');
    assert.equal(machine.subscribe(channel).phase, 'subscribing');
  });

  test('that the server does not know is closed without a message', () => {
    const client = new Client();
    client.machine.onDisconnected();
    client.machine.unsubscribe(client.machine.subscribe(channel));
    client.machine.onConnected();
    client.sentNothing();
  });

  test('tells when there is something to take', () => {
    const { machine, room } = live();
    let calls = 0;
    room.changed = () => ++calls;
    machine.onMessage(published(1));
    assert.equal(calls, 1);
    machine.unsubscribe(room);
    assert.equal(calls, 2);
  });
});

describe('what only subscribers may do', () => {
  /** A client that has asked for a subscription that the server cannot make, and has published meanwhile. */
  function waiting() {
    const client = new Client();
    const { machine } = client;
    const room = machine.subscribe(channel);
    const subscribing = client.sent();
    const publishing = client.request({ PublishRequest: { channel, text: 'hello', key: '' } });
    assert.equal(client.sent().id, publishing.id);
    machine.onMessage({ Response: { id: subscribing.id, value: failure('unavailable') } });
    machine.onMessage({ Response: { id: publishing.id, value: failure('not_allowed') } });
    client.sentNothing();
    assert.equal(publishing.error, undefined);
    return { client, machine, room, publishing };
  }

  test('waits for a subscription that the server cannot make yet', () => {
    const { client, machine, room, publishing } = waiting();
    machine.retry(room);
    client.answer(subscribed(position(0)));
    const again = client.sent();
    assert.equal(again.id, publishing.id);
    assert.equal(again.request.PublishRequest.key, 'me-1');
    machine.onMessage({ Response: { id: again.id, value: { PublishResponse: {} } } });
    assert.deepEqual(publishing.value, { PublishResponse: {} });
  });

  test('is repeated on the next connection', () => {
    const { client, machine, publishing } = waiting();
    client.reconnect();
    assert.deepEqual(machine.takeOutput().map(({ id }) => id).includes(publishing.id), true);
  });

  test('is refused once the subscription has ended, and by a server that has made it', () => {
    const { client, machine, room, publishing } = waiting();
    machine.unsubscribe(room);
    assert.equal(client.sent().id, publishing.id);
    machine.onMessage({ Response: { id: publishing.id, value: failure('not_allowed') } });
    assert.equal(publishing.error.code, 'cancelled');
    const there = live(position(0));
    const refused = there.client.request({ PresenceRequest: { channel } });
    there.machine.onMessage({ Response: { id: refused.id, value: failure('not_allowed') } });
    assert.equal(refused.error.code, 'cancelled');
  });

  test('does not wait for a subscription whose queue is full', () => {
    const { client, machine } = live(position(0), { queue: 1 });
    for (const offset of [1, 2]) machine.onMessage(published(offset));
    client.reconnect();
    const asked = client.request({ PresenceRequest: { channel } });
    machine.onMessage({ Response: { id: asked.id, value: failure('not_allowed') } });
    assert.equal(asked.error.code, 'cancelled');
  });
});

describe('a server that does not keep to the protocol', () => {
  test('cannot make a client pass on a publication twice', () => {
    const client = new Client();
    const room = client.machine.subscribe(channel, position(2));
    client.answer(subscribed(position(4), [1, 3, 3, 2, 4], 'complete'));
    assert.deepEqual(taken(client.machine, room), ['3', '4']);
  });

  test('is not believed that it continues where it does not', () => {
    for (const at of [position(5, 'e2'), position(1), undefined]) {
      const client = new Client();
      const room = client.machine.subscribe(channel, position(2));
      client.answer(subscribed(at, [], 'complete'));
      assert.deepEqual(taken(client.machine, room), ['gap: epoch_changed']);
      assert.deepEqual(room.last, at);
    }
  });

  test('ends a subscription before its response, however much came before', () => {
    const client = new Client({ queue: 2 });
    const room = client.machine.subscribe(channel);
    for (const offset of [1, 2, 3]) client.machine.onMessage(published(offset));
    client.machine.onMessage({ Unsubscribed: { channel, reason: 'gone', retry: false } });
    client.answer(subscribed(position(0)));
    assert.equal(room.error.code, 'cancelled');
  });
});

test('a request of a subscription that has ended concerns no later one of the same channel, and takes no place', () => {
  const client = new Client({ maxRequests: 2 });
  const { machine } = client;
  machine.unsubscribe(machine.subscribe(channel));
  const room = machine.subscribe(channel);
  const [first, , second] = machine.takeOutput();
  for (const code of ['message_too_big', 'queue_full']) machine.refuse(first.id, Object.assign(new Error(code), { code }));
  assert.deepEqual(machine.takePostponed(), []);
  machine.onMessage({ Response: { id: second.id, value: subscribed(position(0)) } });
  machine.onMessage(published(1));
  assert.deepEqual(taken(machine, room), ['1']);
  for (let i = 0; i < 10; ++i) machine.unsubscribe(machine.subscribe('chat:other'));
  assert.notEqual(client.request({ PresenceRequest: { channel } }).id, 0);
});

test('a publication keeps a key that the application gives it', () => {
  const { client } = live(position(0));
  client.request({ PublishRequest: { channel, text: 'hello', key: 'mine' } });
  assert.equal(client.sent().request.PublishRequest.key, 'mine');
});
