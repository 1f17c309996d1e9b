// The machine of a client of channels, from the sources: the package exports only what is made of it. And what its tests need to
// play the server.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './package.mjs';

const { build } = createRequire(join(root, 'wasm/package.json'))('esbuild');
const entryPoints = [join(root, 'wasm/js/channel-machine.ts')];
const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', target: 'es2022', write: false });

export const { ChannelMachine } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);

export const channel = 'chat:tea';
export const position = (offset, epoch = 'e1') => ({ offset: BigInt(offset), epoch });
export const publication = (offset, text = String(offset)) => ({ offset: BigInt(offset), text, time: 0n });
export const published = (offset, epoch = 'e1') => ({ Published: { channel, epoch, publication: publication(offset) } });
export const member = { client: 'c1', user: 'ada', info: '' };
export const failure = (code) => ({ Failure: { code, reason: `it is ${code}` } });

/** A response to a SubscribeRequest: the position, and the offsets of the publications. */
export function subscribed(at, offsets = [], recovery = 'none') {
  return { SubscribeResponse: { recovery, position: at, publications: offsets.map((offset) => publication(offset)) } };
}

/** A machine with a connection, and what has become of it. */
export class Client {
  constructor({ queue = 10, maxRequests = 10 } = {}) {
    this.machine = new ChannelMachine(queue, maxRequests, 'me-');
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
export function taken(machine, one) {
  const all = [];
  for (let event = machine.take(one); event; event = machine.take(one))
    all.push(event.kind === 'encoded' ? event.publication.text : event.kind === 'gap' ? `gap: ${event.why}` : event.kind);
  return all;
}

/** A client with a live subscription at a position, or in a channel without a history. */
export function live(at, options = {}) {
  const client = new Client(options);
  const room = client.machine.subscribe(channel);
  assert.equal(client.answer(subscribed(at)), undefined);
  return { client, machine: client.machine, room };
}
