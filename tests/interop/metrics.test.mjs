// /metrics and the log, as an operator of the server sees them.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { open, refusal } from './client.mjs';
import { parsePrometheusText } from './prometheus_text.mjs';
import { limit, program, ChildProgram, run, serve } from './programs.mjs';

async function scrape(server) {
  const answer = await fetch(`${server.http}/metrics`);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  return parsePrometheusText(await answer.text());
}

test('/metrics is valid Prometheus text with connection, message and process metrics', limit, async (t) => {
  const server = await serve(t, '--threads', '2');
  const client = await open(t, `${server.ws}/echo`);
  client.send('hello');
  await client.next();
  assert.equal(await refusal(`${server.ws}/echo`, [], { origin: 'https://elsewhere.example' }), 403);
  const families = await scrape(server);
  const value = (name, labels = {}) =>
    families.get(name).samples.find((s) => Object.entries(labels).every(([key, text]) => s.labels[key] === text))?.value;
  assert.equal(value('twinsocket_websockets'), 1);
  assert.equal(value('twinsocket_threads'), 2);
  assert.equal(value('twinsocket_message_bytes_total', { direction: 'received' }), 5);
  assert.equal(value('twinsocket_message_bytes_total', { direction: 'sent' }), 5);
  assert.equal(value('twinsocket_handshake_failures_total', { reason: 'origin' }), 1);
  assert.equal(value('twinsocket_http_responses_total', { code: '403' }), 1);
  assert.equal(families.get('twinsocket_round_trip_seconds').type, 'histogram');
  assert.ok(value('process_resident_memory_bytes') > 1e6);
  assert.ok(value('process_open_fds') > 5);
  assert.ok(value('process_cpu_seconds_total') > 0);
  assert.ok(Math.abs(value('process_start_time_seconds') - Date.now() / 1000) < 3600);
});

test('native/README.md documents exactly the metrics of /metrics', limit, async (t) => {
  const readme = await readFile(new URL('../../native/README.md', import.meta.url), 'utf8');
  const families = await scrape(await serve(t));
  const own = [...families.keys()].filter((name) => name.startsWith('twinsocket_'));
  for (const name of own) assert.match(readme, new RegExp(`\`${name}\``));
  for (const [, name] of readme.matchAll(/`(twinsocket_[a-z_]+)`/g)) assert.ok(own.includes(name), `there is no ${name}`);
});

test('serve raises its limit of open files to the hard limit', { ...limit, skip: process.platform !== 'linux' }, async (t) => {
  const words = ['-c', 'ulimit -Sn 64 && exec "$0" serve --port 0 --sensors simulated', program];
  const server = new ChildProgram(t, 'bash', words);
  await server.prints(/^serving on/m);
  const [, soft, hard] = /^Max open files +(\d+) +(\d+)/m.exec(await readFile(`/proc/${server.pid}/limits`, 'utf8'));
  assert.equal(soft, hard);
});

const line = /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=(\w+) event=("[^"]*"|\S+)(?: [a-z]+=(?:"(?:[^"\\]|\\.)*"|[^ "=]+))*$/;

test('the log is empty by default, and --log debug writes events as key=value lines', limit, async (t) => {
  const quiet = await serve(t);
  await refusal(`${quiet.ws}/echo?"=%0A`, [], { origin: 'https://elsewhere.example' });
  quiet.kill('SIGTERM');
  assert.equal(await quiet.ended, 0);
  assert.equal(quiet.stderr, '');

  const server = await serve(t, '--log', 'debug');
  await refusal(`${server.ws}/echo?x="=y`, [], { origin: 'https://elsewhere.example' });
  await (await open(t, `${server.ws}/echo`)).close(1000);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
  const lines = server.stderr.trimEnd().split('\n');
  for (const one of lines) assert.match(one, line);
  const events = lines.map((one) => line.exec(one).slice(1, 3).join(' '));
  for (const wanted of ['info listening', 'info "upgrade refused"', 'debug "websocket opened"', 'info stopping', 'info stopped'])
    assert.ok(events.includes(wanted), `${wanted} is not in ${events}`);
  const refused = lines.find((one) => one.includes('upgrade refused'));
  assert.match(refused, / detail="403 [^\n]+" client=127\.0\.0\.1:\d+ target=/);
});

test('--log refuses an unknown level with exit code 2', limit, async (t) => {
  const { code, stderr } = await run(t, program, ['serve', '--log', 'loud']);
  assert.equal(code, 2);
  assert.match(stderr, /"loud" is neither error, warning, info nor debug/);
});
