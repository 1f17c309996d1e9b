// Reconnecting clients whose server is killed and restarted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { example, limit, ChildProgram, serve } from './programs.mjs';

const herdProgram = process.env.TWINSOCKET_HERD ?? fileURLToPath(new URL('../../build/release/herd', import.meta.url));

/** The output of the herd so far, as { at, client, what }. */
const parseEvents = (herd) =>
  herd.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => /^(\d+) (\d+) (.*)$/.exec(line))
    .map(([, at, client, what]) => ({ at: Number(at), client: Number(client), what }));

/** Waits until this many clients have printed a matching line, from line `from` on. */
async function all(herd, count, pattern, from = 0) {
  for (;;) {
    const lines = parseEvents(herd).slice(from);
    const matching = lines.filter(({ what }) => pattern.test(what));
    if (new Set(matching.map(({ client }) => client)).size === count) return matching;
    await herd.prints(new RegExp(`^(?:.*\n){${lines.length + from + 1}}`));
  }
}

/** The largest number of times within one window. */
function maxWithin(window, times) {
  const within = (from) => times.filter((at) => at >= from && at < from + window).length;
  return Math.max(...times.map(within));
}

test('200 clients of a killed server reconnect spread over time, resubscribe, and count dropped messages', limit, async (t) => {
  const clients = 200;
  const longest = 2000;
  const first = await serve(t);
  const herd = new ChildProgram(t, herdProgram, [`${first.ws}/echo`, String(clients), String(longest)]);
  await all(herd, clients, /^open/);

  first.kill('SIGKILL');
  await first.ended;
  await all(herd, clients, /^waiting/);
  herd.type('now\n');
  const before = parseEvents(herd).length;
  await serve(t, '--port', new URL(first.http).port);
  const opened = await all(herd, clients, /^open/, before);

  // Delays are drawn uniformly from 0 to `longest`, and drawn again while the server is not back. So the attempts of
  // one client are a renewal process of that distribution, whose density is at most e / longest. Of all attempts at
  // most N * e * w / longest are expected in a window of w. Six standard deviations above that do not occur in
  // practice.
  const attempts = parseEvents(herd).slice(before).filter(({ what }) => /^connecting/.test(what));
  const window = longest / 8;
  const expected = (clients * Math.E * window) / longest;
  const most = maxWithin(window, attempts.map(({ at }) => at));
  assert.ok(most <= expected + 6 * Math.sqrt(expected), `${most} attempts within ${window} ms`);
  const times = opened.map(({ at }) => at).sort((a, b) => a - b);
  assert.ok(times[clients * 0.75] - times[clients * 0.25] > longest / 8, 'half of them come back in an eighth of the time');

  for (const { what } of opened) assert.equal(what, 'open dropped 2');
  await all(herd, clients, /^heard m5/, before);
  const lines = parseEvents(herd).slice(before);
  for (let client = 0; client < clients; client += 1) {
    const events = lines.filter((line) => line.client === client && /^(subscribed|heard)/.test(line.what)).map(({ what }) => what);
    assert.deepEqual(events, [`subscribed subscribe ${client}`, 'heard m3', 'heard m4', 'heard m5']);
  }
});

test('reconnecting_client prints its status and continues after a restart of the server', limit, async (t) => {
  const first = await serve(t);
  const client = new ChildProgram(t, example('reconnecting_client'), [`${first.ws}/echo`]);
  await client.prints(/^Welcomed with: hello\nopen\n(.*\n)*Received: number 1$/m);
  first.kill('SIGKILL');
  await client.prints(/^waiting, next attempt in \d+ ms: .*1006/m);
  await serve(t, '--port', new URL(first.http).port);
  await client.prints(/^waiting(.*\n)+Welcomed with: hello\nopen\n(.*\n)*Received: number [2-9]/m);
  client.kill('SIGINT');
  assert.equal(await client.ended, 0);
  assert.match(client.stdout, /^Closed: 1000 $/m);
});
