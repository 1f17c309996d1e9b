// Two servers behind nginx that share channels through Redis, with many clients, while one of them fails: each client gets every
// publication once and in order, or is told that some are missing.
//
// TWINSOCKET_LOAD=large runs the large form: 1,000 clients on 50 channels, 200 publications in a second, failures of 20 s.

import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startNginxForTwo } from './nginx.mjs';
import { ChildProgram, serve } from './programs.mjs';
import { persistent, redisProgram, startLink, startRedis } from './redis.mjs';

const loadProgram =
  process.env.TWINSOCKET_CHANNEL_LOAD ?? fileURLToPath(new URL('../../build/release/channel_load', import.meta.url));
const large = process.env.TWINSOCKET_LOAD === 'large';

// `pause` is in addition to the events that a failure waits for.
const form = large
  ? { clients: 1000, channels: 50, channelsOfClient: 2, rate: 200, keepalive: 5000, pause: 20_000, seconds: 240, broker: '2s' }
  : { clients: 40, channels: 5, channelsOfClient: 3, rate: 50, keepalive: 500, pause: 0, seconds: 50, broker: '300ms' };
const subscriptions = form.clients * form.channelsOfClient;
const some = form.rate; // publications
const skip = !redisProgram && 'redis-server is not installed';
const limit = { timeout: (form.seconds + 10) * 1000, skip };

/** The program channel_load. */
class Load {
  state = { subscribed: 0, connected: 0, connects: 0, acknowledged: 0 };
  #watchers = new Set();
  #program;

  constructor(t, url) {
    const { clients, channels, channelsOfClient, rate, keepalive, seconds } = form;
    const words = [`${url}/channels`, ...[clients, channels, channelsOfClient, rate, keepalive, seconds].map(String)];
    this.#program = new ChildProgram(t, loadProgram, words);
    createInterface({ input: this.#program.output }).on('line', (line) => {
      Object.assign(this.state, JSON.parse(line));
      for (const check of [...this.#watchers]) check();
    });
    this.#program.ended.then(() => {
      this.over = true;
      for (const check of [...this.#watchers]) check();
    });
  }

  /** Resolves once this is true of the state. */
  until(condition) {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!condition(this.state) && !this.over) return;
        this.#watchers.delete(check);
        if (condition(this.state)) resolve();
        else reject(new Error(`channel_load has ended: ${JSON.stringify(this.state)} ${this.#program.stderr}`));
      };
      this.#watchers.add(check);
      check();
    });
  }
  async publishes(count) {
    const { acknowledged } = this.state;
    await this.until((now) => now.acknowledged >= acknowledged + count);
  }
  /** Clients have lost their connections and are back. */
  async reconnects(before) {
    await this.until((now) => now.connects > before.connects);
  }
  async finish() {
    this.#program.type('finish\n');
    await this.until((now) => now.result);
    return { ...this.state.result, refusals: this.#program.stderr };
  }
}

async function untilBrokerIs(health, ...servers) {
  for (const { http } of servers) {
    for (;;) {
      const answer = await (await fetch(`${http}/healthz`)).json();
      if (answer.broker === health) {
        assert.equal(answer.status, health === 'ok' ? 'ok' : 'degraded');
        break;
      }
      await wait(20); // there is no event
    }
  }
}

async function start(t, { redisOptions = [], serverOptions = [] } = {}) {
  const redis = await startRedis(t, ...redisOptions);
  const link = await startLink(t, redis.port);
  const common = ['--broker-timeout', form.broker, '--chat-history', '1000', '--reconnect-spread', '1', ...serverOptions];
  const startServer = (url, port = '0') => serve(t, '--broker', url, '--port', port, ...common);
  const servers = [await startServer(link.url), await startServer(redis.url)];
  const nginx = await startNginxForTwo(t, servers, form.clients);
  const load = new Load(t, nginx.ws);
  await load.until(({ subscribed }) => subscribed === subscriptions);
  await load.publishes(some);
  const restartFirst = () => startServer(link.url, new URL(servers[0].http).port);
  return { redis, link, servers, load, restartFirst };
}

/** Lets the clients go on for a while and end. Checks that nothing was lost in silence. */
async function finish(t, load) {
  await load.publishes(some);
  const result = await load.finish();
  t.diagnostic(JSON.stringify({ connects: load.state.connects, ...result }));
  const { unfinished, missing, duplicates, reordered, not_acknowledged } = result;
  const none = { unfinished: 0, missing: 0, duplicates: 0, reordered: 0, not_acknowledged: 0 };
  assert.deepEqual({ unfinished, missing, duplicates, reordered, not_acknowledged }, none);
  return result;
}
async function finishWithoutGap(t, load) {
  const result = await finish(t, load);
  assert.deepEqual([result.gaps_epoch_changed, result.gaps_trimmed, result.gaps_no_history, result.told_lost], [0, 0, 0, 0]);
  assert.equal(result.repeated_after_gap, 0);
  assert.equal(result.received, result.acknowledged * (subscriptions / form.channels));
  return result;
}

test('kill -9 of a server loses nothing', limit, async (t) => {
  const { servers, load, restartFirst } = await start(t);
  const before = { ...load.state };
  servers[0].kill('SIGKILL');
  await servers[0].ended;
  await load.reconnects(before);
  await load.publishes(some);
  await wait(form.pause);
  await restartFirst();
  const result = await finishWithoutGap(t, load);
  assert.equal(result.repeated, 0);
});

test('kill -9 of Redis, started again without its data: clients are told', limit, async (t) => {
  const { redis, link, servers, load } = await start(t);
  // What is published now is acknowledged, and the clients of the first server never get it.
  link.cut();
  await untilBrokerIs('unavailable', servers[0]);
  await load.publishes(some);
  await redis.end();
  link.mend();
  await untilBrokerIs('unavailable', ...servers);
  await wait(form.pause);
  await redis.restart();
  await untilBrokerIs('ok', ...servers);
  const result = await finish(t, load);
  assert.equal(result.gaps_epoch_changed, subscriptions);
  assert.equal(result.gaps_trimmed + result.gaps_no_history, 0);
  assert(result.told_lost > 0);
});

test('kill -9 of Redis, started again with its data, loses nothing', limit, async (t) => {
  const { redis, servers, load } = await start(t, { redisOptions: persistent, serverOptions: ['--broker-keeps-data'] });
  await redis.end();
  await untilBrokerIs('unavailable', ...servers);
  await wait(form.pause);
  await redis.restart();
  await untilBrokerIs('ok', ...servers);
  await finishWithoutGap(t, load);
});

test('a server that stands still loses nothing', limit, async (t) => {
  const { servers, load } = await start(t);
  const before = { ...load.state };
  servers[0].kill('SIGSTOP');
  await load.reconnects(before);
  await load.publishes(some);
  await wait(form.pause);
  servers[0].kill('SIGCONT');
  await finishWithoutGap(t, load);
});

test('a Redis that stands still loses nothing', limit, async (t) => {
  const { redis, servers, load } = await start(t);
  redis.kill('SIGSTOP');
  await untilBrokerIs('unavailable', ...servers);
  await wait(form.pause);
  redis.kill('SIGCONT');
  await untilBrokerIs('ok', ...servers);
  await finishWithoutGap(t, load);
});

test('a cut link between a server and Redis loses nothing', limit, async (t) => {
  const { link, servers, load } = await start(t);
  link.cut();
  await untilBrokerIs('unavailable', servers[0]);
  await untilBrokerIs('ok', servers[1]);
  await load.publishes(some);
  await wait(form.pause);
  link.mend();
  await untilBrokerIs('ok', servers[0]);
  await finishWithoutGap(t, load);
});

test('a server that is stopped and started again loses nothing, and no publication fails', limit, async (t) => {
  const { servers, load, restartFirst } = await start(t);
  const before = { ...load.state };
  servers[0].kill('SIGTERM');
  assert.equal(await servers[0].ended, 0);
  await load.reconnects(before);
  await restartFirst();
  const result = await finishWithoutGap(t, load);
  assert.equal(result.repeated, 0);
});
