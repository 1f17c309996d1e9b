// Recovery in every order: two clients, two servers and a broker as state machines. Each schedule is a sequence of random
// steps that deliver, lose, restart and forget. What a client is told must be true: between two gaps it receives every
// publication once and in order. The same as tests/unit/native/channels/schedules_test.cpp. TWINSOCKET_SCHEDULES sets how many
// schedules are tried.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelMachine } from './machine.mjs';
import { numbers } from './numbers.mjs';

const count = Number(process.env.TWINSOCKET_SCHEDULES ?? 5000);
const history = 4;
const channel = 'chat:tea';


/** What the broker keeps of the channel. */
class Broker {
  epoch = 1;
  last = 0n;
  kept = [];

  publish(text) {
    this.kept.push({ offset: ++this.last, text, time: 0n });
    if (this.kept.length > history) this.kept.shift();
    return { offset: this.last, epoch: this.position.epoch };
  }
  /** The data are lost, as when the broker restarts without them. */
  forget() {
    Object.assign(this, { epoch: this.epoch + 1, last: 0n, kept: [] });
  }
  get position() {
    return { offset: this.last, epoch: `run-${this.epoch}` };
  }
  /** The response to a SubscribeRequest. */
  subscribe(since) {
    const { position } = this;
    if (!since) return { recovery: 'none', position, publications: [] };
    if (since.epoch !== position.epoch || since.offset > this.last) return { recovery: 'epoch_changed', position, publications: [...this.kept] };
    const isComplete = since.offset === this.last || (this.kept.length > 0 && this.kept[0].offset <= since.offset + 1n);
    return { recovery: isComplete ? 'complete' : 'trimmed', position, publications: this.kept.filter(({ offset }) => offset > since.offset) };
  }
}

/** A connection between a client and a server. What is on its way arrives in order, or is lost with it. */
class Link {
  up = [];
  down = [];
  isSubscribed = false; // Known to the server.

  constructor(server) {
    this.server = server;
  }
}

class Client {
  machine = new ChannelMachine(3, 10, 'key-');
  subscription = this.machine.subscribe(channel);
  link;
  last = 0; // Number of the last publication that the application has received.
  gap = true; // It was told that publications are missing, or has received none yet.
  received = 0;
  gaps = 0;
}

class World {
  broker = new Broker();
  toServers = [[], []];
  clients = [new Client(), new Client()];
  published = 0;

  constructor(seed) {
    this.draw = numbers(seed);
  }

  run() {
    for (let i = 0; i < 120; ++i) this.step();
    this.settle();
  }

  step() {
    const one = this.clients[this.draw(2)];
    const server = this.draw(2);
    const kind = this.draw(24);
    if (kind === 0) this.cut(one);
    else if (kind === 1) this.restart(server);
    else if (kind === 2) this.draw(4) === 0 && this.forget();
    else if (kind === 3) {
      if (this.draw(2) === 0) this.loseBroker(server);
      else this.toServers[server].shift(); // Lost, and nobody notices but the clients.
    } else if (kind < 8) this.publish();
    else if (kind < 11) this.connect(one, server);
    else if (kind < 14) this.passOn(server);
    else if (kind < 17) this.serve(one);
    else if (kind < 21) this.receive(one);
    else this.take(one);
  }

  /** Until nothing moves. What is published then reaches both clients. */
  settle() {
    this.deliverAll();
    this.publish();
    this.deliverAll();
    for (const one of this.clients) assert.equal(one.last, this.published);
  }
  deliverAll() {
    for (let rounds = 0; rounds < 100; ++rounds) {
      for (const one of this.clients) {
        this.connect(one, this.draw(2));
        this.serve(one);
        this.receive(one);
        this.take(one);
      }
      for (const server of [0, 1]) this.passOn(server);
    }
  }

  /** The broker has the publication. It is on its way to the servers. */
  publish() {
    const text = String(++this.published);
    const { offset, epoch } = this.broker.publish(text);
    for (const queue of this.toServers) queue.push({ Published: { channel, epoch, publication: { offset, text, time: 0n } } });
  }
  passOn(server) {
    const what = this.toServers[server].shift();
    if (what) for (const { link } of this.subscribersOf(server)) link.down.push(what);
  }
  subscribersOf(server) {
    return this.clients.filter(({ link }) => link?.server === server && link.isSubscribed);
  }

  /** The broker's data is lost, as when it restarts without them. Its servers notice. */
  forget() {
    this.broker.forget();
    for (const server of [0, 1]) this.loseBroker(server);
  }
  loseBroker(server) {
    this.toServers[server] = [];
    for (const { link } of this.subscribersOf(server)) link.down.push({ Unsubscribed: { channel, reason: '', retry: true } });
  }
  restart(server) {
    this.toServers[server] = [];
    for (const one of this.clients) if (one.link?.server === server) this.cut(one);
  }
  cut(one) {
    if (!one.link) return;
    one.link = undefined;
    one.machine.onDisconnected();
  }
  connect(one, server) {
    if (one.link) return;
    one.link = new Link(server);
    one.machine.onConnected();
    this.send(one);
  }
  send(one) {
    one.link?.up.push(...one.machine.takeOutput());
    for (const again of one.machine.takePostponed()) one.machine.retry(again);
  }

  /** What a server does with a SubscribeRequest: publications are pushed from then on, and may overtake the response. */
  serve(one) {
    const asked = one.link?.up.shift();
    if (!asked) return;
    const { since } = asked.request.SubscribeRequest;
    one.link.isSubscribed = true;
    if (this.draw(3) === 0) this.passOn(one.link.server);
    const value = { SubscribeResponse: this.broker.subscribe(since) };
    if (this.draw(3) === 0) this.passOn(one.link.server);
    one.link.down.push({ Response: { id: asked.id, value } });
  }
  receive(one) {
    const message = one.link?.down.shift();
    if (!message) return;
    one.machine.onMessage(message);
    this.send(one);
  }
  /** The application takes an event. */
  take(one) {
    const event = one.machine.take(one.subscription);
    if (!event) return;
    this.send(one);
    if (event.kind === 'gap') {
      one.gap = true;
      ++one.gaps;
      return;
    }
    const number = Number(event.publication.text);
    assert.ok(one.gap ? number > one.last : number === one.last + 1, `${number} after ${one.last}${one.gap ? ', with a gap' : ''}`);
    one.last = number;
    one.gap = false;
    ++one.received;
  }
}

test('in no order of delivery, loss and restart is a publication lost, doubled or reordered without a gap', { timeout: 300_000 }, () => {
  let received = 0;
  let gaps = 0;
  for (let seed = 1; seed <= count; ++seed) {
    const world = new World(seed);
    try {
      world.run();
    } catch (error) {
      error.message = `schedule ${seed}: ${error.message}`;
      throw error;
    }
    for (const one of world.clients) {
      received += one.received;
      gaps += one.gaps;
    }
  }
  assert.ok(received > 5 * count, `${received} received`);
  assert.ok(gaps > count / 4, `${gaps} gaps`);
});
