// What a client of channels does, without a connection. Each test plays the server.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChannelMachine } from './machine.mjs';

const channel = 'chat:tea';
const position = (offset, epoch = 'e1') => ({ offset: BigInt(offset), epoch });
const publication = (offset, text = String(offset)) => ({ offset: BigInt(offset), text, time: 0n });
const published = (offset, epoch = 'e1') => ({ Published: { channel, epoch, publication: publication(offset) } });
const member = { client: 'c1', user: 'ada', info: '' };
const failure = (code) => ({ Failure: { code, reason: `it is ${code}` } });

/** A response to a SubscribeRequest: the position, and the offsets of the publications. */
function subscribed(at, offsets = [], recovery = 'none') {
  return { SubscribeResponse: { recovery, position: at, publications: offsets.map((offset) => publication(offset)) } };
}

/** A machine with a connection, and what has become of it. */
class Client {
  constructor({ queue = 10, maxRequests = 10 } = {}) {
    this.machine = new ChannelMachine(queue, maxRequests);
    this.machine.setKeyPrefix('me-');
    this.machine.onConnected();
  }
  /** The only message to send. */
  sent() {
    const all = this.machine.takeOutput();
    assert.equal(all.length, 1, JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
    return all[0];
  }
  sentNothing() {
    assert.deepEqual(this.machine.takeOutput(), []);
  }
  /** The `since` of the only message to send, a SubscribeRequest, which is answered if there is a response. */
  answer(value) {
    const { id, request } = this.sent();
    assert.deepEqual(Object.keys(request), ['SubscribeRequest']);
    if (value) this.machine.onMessage({ Response: { id, value } });
    return request.SubscribeRequest.since;
  }
  /** A request, as { id, value, error }. */
  request(request) {
    const made = {};
    made.id = this.machine.request(request, { resolve: (value) => (made.value = value), reject: (error) => (made.error = error) });
    return made;
  }
  reconnect() {
    this.machine.onDisconnected();
    this.machine.onConnected();
  }
}

/** All events that are queued, as texts. */
function taken(machine, one) {
  const all = [];
  for (let event = machine.take(one); event; event = machine.take(one))
    all.push(event.kind === 'encoded' ? event.publication.text : event.kind === 'gap' ? `gap: ${event.why}` : event.kind);
  return all;
}

/** A client with a live subscription at a position, or in a channel without a history. */
function live(at, options = {}) {
  const client = new Client(options);
  const room = client.machine.subscribe(channel);
  assert.equal(client.answer(subscribed(at)), undefined);
  return { client, machine: client.machine, room };
}

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
    const machine = new ChannelMachine(10, 10);
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

  test('waits for another response if the server has mistaken the request', () => {
    const client = new Client();
    const room = client.machine.subscribe(channel);
    client.answer({ PresenceResponse: { members: [] } });
    assert.equal(room.phase, 'subscribing');
    client.reconnect();
    client.answer(subscribed(position(0)));
    assert.equal(room.phase, 'live');
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

  test('made without a connection gets its key on the first one', () => {
    const machine = new ChannelMachine(10, 10);
    machine.request({ PublishRequest: { channel, text: 'a', key: '' } }, {});
    machine.setKeyPrefix('you-');
    machine.onConnected();
    assert.equal(machine.takeOutput()[0].request.PublishRequest.key, 'you-1');
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
