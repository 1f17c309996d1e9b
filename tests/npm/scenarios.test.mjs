// Runs the scenarios of tests/vectors/reconnecting.txt on the TypeScript implementation, with a simulated WebSocket,
// page, clock and random numbers. tests/unit/connection/reconnect_scenarios_test.cpp runs them on the C++ one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { SimulatedEnvironment } from './simulated_environment.mjs';
import { load, root } from './package.mjs';

const world = new SimulatedEnvironment();
const { TwinsocketError, init, reconnecting } = await load();
await init();

const optionNames = {
  offline_queue_bytes: 'offlineQueueBytes',
  max_retry_after: 'maxRetryAfter',
  max_attempts: 'maxAttempts',
  timeout: 'timeout',
};
const settle = () => world.settle();

function textOf({ code, initiator, clean, reason }) {
  return `${code}/${initiator}/${clean ? 'clean' : 'unclean'}${reason && ` '${reason}'`}`;
}

function textOfStatus({ phase, failures, delay, dropped, error, close }) {
  let text = `status ${phase} failures=${failures}`;
  if (delay) text += ` delay=${delay}`;
  if (dropped.messages) text += ` dropped=${dropped.messages}/${dropped.bytes}`;
  if (error) text += ` error=${error.code}`;
  if (close) text += ` close=${textOf(close)}`;
  return text;
}

/** One client, its server, and the recorded events of both. */
class Scenario {
  told = { statuses: [], results: [], seen: [], received: [], ended: [] };
  options = {};
  url = 'ws://host/';

  async play(command) {
    for (const lines of Object.values(this.told)) lines.length = 0;
    const [verb, ...words] = command.split(' ');
    await this[verb](...words);
    await settle();
    return Object.values(this.told).flat();
  }

  async end() {
    this.socket?.abort();
    world.reset();
    await settle();
  }

  with(name, value) {
    if (name === 'url') this.url = value;
    else if (name === 'on_connected') this.options.onConnected = this.makeOnConnected(value);
    else if (name === 'send_queue_bytes') this.options.limits = { sendQueueBytes: Number(value) };
    else if (name === 'stop_on') this.options.stopOn = [Number(value)];
    else if (name === 'reconnect_on') this.options.reconnectOn = [Number(value)];
    else this.options[optionNames[name]] = Number(value);
  }

  makeOnConnected(does) {
    return async (fresh) => {
      if (does === 'hangs') return void (await fresh.receive());
      if (does !== 'token') throw new TwinsocketError(does, 'not prepared');
      await fresh.send('token');
      await fresh.receive();
    };
  }

  start() {
    world.onServerEvent = (what) => this.told.seen.push(what);
    this.socket = reconnecting(this.url, { ...this.options, webSocket: world.socketClass() });
    void this.follow(this.socket);
    void this.receive(this.socket);
    this.socket.closed.then((info) => this.told.ended.push(`closed ${textOf(info)}`));
  }
  async follow(socket) {
    for await (const status of socket.statuses()) this.told.statuses.push(textOfStatus(status));
  }
  async receive(socket) {
    try {
      for (;;) this.told.received.push(`received ${await socket.receive()}`);
    } catch ({ code }) {
      this.told.received.push(`receive: ${code}`);
    }
  }

  accepts() {
    world.mode = 'accepts';
  }
  hangs() {
    world.mode = 'hangs';
  }
  refuses(status) {
    world.mode = 'refuses';
    world.status = status;
  }
  cut() {
    world.connections.at(-1).end(1006, '');
  }
  server_sends(text) {
    world.connections.at(-1).onmessage({ data: text });
  }
  server_closes(code, ...reason) {
    world.connections.at(-1).end(Number(code), reason.join(' '));
  }
  advance(milliseconds) {
    return world.advance(Number(milliseconds));
  }

  send(text, overflowPolicy, key) {
    const tell = (outcome) => this.told.results.push(`${text}: ${outcome}`);
    this.socket.send(text, key ? { key } : { overflowPolicy }).then(tell, ({ code }) => tell(code));
  }
  try(text, overflowPolicy) {
    this.told.results.push(`${text}: ${this.socket.trySend(text, { overflowPolicy })}`);
  }
  counters() {
    const { messagesReceived, bytesReceived, messagesSent, bytesSent, dropped } = this.socket.counters;
    const text = `received ${messagesReceived}/${bytesReceived}, sent ${messagesSent}/${bytesSent}, dropped ${dropped}`;
    this.told.results.push(text);
  }
  buffered() {
    this.told.results.push(String(this.socket.bufferedAmount));
  }
  close(code, ...reason) {
    void this.socket.close(Number(code), reason.join(' '));
  }
  abort() {
    this.socket.abort();
  }
  retry() {
    this.socket.retryNow();
  }

  online() {
    world.setOnline(true);
  }
  offline() {
    world.setOnline(false);
  }
  visible() {
    world.setVisible(true);
  }
  hidden() {
    world.setVisible(false);
  }
}

const [, ...scenarios] = readFileSync(join(root, 'tests/vectors/reconnecting.txt'), 'utf8').split(/^== /m);

describe('reconnecting: the scenarios of tests/vectors/reconnecting.txt', { timeout: 60_000 }, () => {
  for (const scenario of scenarios) {
    const [name, ...lines] = scenario.trimEnd().split('\n');
    test(name, async () => {
      const playing = new Scenario();
      const told = [];
      try {
        for (const line of lines.filter((line) => line.startsWith('> ')))
          told.push(line, ...(await playing.play(line.slice(2))).map((one) => `  ${one}`));
      } finally {
        await playing.end();
      }
      assert.equal(told.join('\n'), lines.join('\n'));
    });
  }
});
