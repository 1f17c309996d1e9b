// /channels: what is said in a room reaches its clients in either format, and those who come back.

import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ChannelClient } from './channel_client.mjs';
import { open } from './client.mjs';
import { limit, serve } from './programs.mjs';
import { redisProgram, startRedis } from './redis.mjs';

test('a room of /channels has its members, its history, and what was missed', limit, async (t) => {
  const url = (await serve(t, '--threads', '2')).ws;
  const ada = await ChannelClient.open(t, url, 'Ada');
  assert.equal(ada.greeting.ConnectResponse.user, 'Ada');
  const joined = await ada.subscribe('chat:tea');
  assert.equal(joined.SubscribeResponse.position.offset, 0);
  assert.equal((await ada.next()).Joined.member.user, 'Ada');

  const bob = await ChannelClient.open(t, url, 'Bob');
  await bob.subscribe('chat:tea');
  assert.equal((await ada.next()).Joined.member.user, 'Bob');
  const { position } = (await bob.ask({ PublishRequest: { channel: 'chat:tea', text: 'hello' } })).PublishResponse;
  const { epoch, publication } = (await ada.next()).Published;
  assert.deepEqual([publication.text, publication.publisher.user, publication.offset, epoch], ['hello', 'Bob', 1, position.epoch]);
  const { members } = (await ada.ask({ PresenceRequest: { channel: 'chat:tea' } })).PresenceResponse;
  assert.deepEqual(members.map(({ user }) => user).sort(), ['Ada', 'Bob']);

  await ada.socket.close(1000);
  assert.equal((await ChannelClient.open(t, url, 'Cat')).greeting.ConnectResponse.user, 'Cat');
  for (const text of ['one', 'two']) await bob.ask({ PublishRequest: { channel: 'chat:tea', text } });
  const back = await ChannelClient.open(t, url, 'Ada');
  const missed = (await back.subscribe('chat:tea', position)).SubscribeResponse;
  assert.equal(missed.recovery, 'complete');
  assert.deepEqual(missed.publications.map(({ text, offset }) => [text, offset]), [['one', 2], ['two', 3]]);
});

test('/channels has finite rooms and messages', limit, async (t) => {
  const url = (await serve(t)).ws;
  const socket = await open(t, `${url}/channels`, 'twinsocket.channels.json');
  socket.send(JSON.stringify({ id: 1, request: { ConnectRequest: { token: '\x07' } } }));
  assert.equal((await socket.closed).code, 3500);
  let one = await ChannelClient.open(t, url, '');
  assert.equal(one.greeting.ConnectResponse.user, 'somebody');
  await one.subscribe('chat:tea');
  const publish = async (message) => (await one.ask({ PublishRequest: { channel: 'chat:tea', ...message } })).Failure;
  assert.equal((await publish({ text: 'x'.repeat(4097) })).code, 'over_limit');
  assert.deepEqual(await publish({ data: 'AAAA' }), { code: 'not_allowed', reason: 'a message of a room is text' });
  // Many more than in a second come at once.
  const failures = [];
  for (let i = 0; i < 50; ++i) failures.push((await publish({ text: 'hello' }))?.code);
  assert.equal(failures[0], undefined);
  assert.ok(failures.includes('too_fast'));

  const subscribe = async (room) => (await one.subscribe(`chat:${room}`)).Failure;
  for (const room of ['\x07', 'x'.repeat(65)]) assert.equal((await subscribe(room)).code, 'unknown_channel');
  for (let i = 1; i < 10; ++i) assert.equal(await subscribe(i), undefined);
  assert.equal((await subscribe('10')).code, 'over_limit');
  // With the tea and 9 others there are 10 rooms; each client has room for 10 more.
  let failure;
  for (let rooms = 10; rooms <= 200; ++rooms) {
    assert.equal(failure, undefined, `${rooms} rooms`);
    if (rooms % 10 === 0) one = await ChannelClient.open(t, url, '');
    failure = await subscribe(`room ${rooms}`);
  }
  assert.equal(failure.code, 'over_limit');
});

test('clients of /chat and of /channels share a room, and those of /channels can have the readings of /sensors', limit, async (t) => {
  const url = (await serve(t, '--threads', '2', '--interval', '50ms')).ws;
  const ada = await ChannelClient.open(t, url, 'Ada');
  await ada.subscribe('chat:tea');
  assert.equal((await ada.next()).Joined.member.user, 'Ada');
  const jan = await open(t, `${url}/chat/tea?name=Jan`);
  assert.equal(JSON.parse(await jan.next()).event, 'joined');
  assert.equal((await ada.next()).Joined.member.user, 'Jan');
  jan.send(JSON.stringify({ text: 'hello' }));
  const { publication } = (await ada.next()).Published;
  assert.deepEqual([publication.text, publication.publisher.user], ['hello', 'Jan']);
  await ada.ask({ PublishRequest: { channel: 'chat:tea', text: 'good morning' } });
  const said = [await jan.next(), await jan.next()].map((text) => JSON.parse(text));
  assert.deepEqual(said.map(({ event, name, text }) => [event, name, text]), [['said', 'Jan', 'hello'], ['said', 'Ada', 'good morning']]);

  const reader = await ChannelClient.open(t, url, 'Bob');
  await reader.subscribe(`sensors:${hostname().slice(0, 60)}`);
  for (let i = 0; i < 3; i += 1) assert.equal(JSON.parse((await reader.next()).Published.publication.text).source, 'simulated');
});

const withRedis = { ...limit, skip: !redisProgram && 'redis-server is not installed' };

async function untilHealthIs(status, broker, { http }) {
  for (;;) {
    const answer = await fetch(`${http}/healthz`);
    assert.equal(answer.status, 200);
    const now = await answer.json();
    if (now.status === status && now.broker === broker) return;
    await wait(20); // there is no event
  }
}

test('a room is the same on two servers that share a Redis', withRedis, async (t) => {
  const redis = await startRedis(t);
  const [first, second] = [await serve(t, '--broker', redis.url), await serve(t, '--broker', redis.url)];
  const ada = await ChannelClient.open(t, first.ws, 'Ada');
  await ada.subscribe('chat:tea');
  assert.equal((await ada.next()).Joined.member.user, 'Ada');
  const bob = await ChannelClient.open(t, second.ws, 'Bob');
  await bob.subscribe('chat:tea');
  assert.equal((await ada.next()).Joined.member.user, 'Bob');
  await bob.ask({ PublishRequest: { channel: 'chat:tea', text: 'hello' } });
  const { publication } = (await ada.next()).Published;
  assert.deepEqual([publication.text, publication.publisher.user, publication.offset], ['hello', 'Bob', 1]);
  const { members } = (await ada.ask({ PresenceRequest: { channel: 'chat:tea' } })).PresenceResponse;
  assert.deepEqual(members.map(({ user }) => user).sort(), ['Ada', 'Bob']);
});

test('/healthz says that Redis is down before anything was asked of it', withRedis, async (t) => {
  const redis = await startRedis(t);
  await redis.end();
  const server = await serve(t, '--broker', redis.url);
  const { status, broker } = await (await fetch(`${server.http}/healthz`)).json();
  assert.deepEqual([status, broker], ['degraded', 'unavailable']);
  await redis.restart();
  await untilHealthIs('ok', 'ok', server);
});

test('while Redis is down /healthz says so and requests are refused; then all is well again', withRedis, async (t) => {
  const redis = await startRedis(t);
  const server = await serve(t, '--broker', redis.url, '--broker-timeout', '100ms');
  const ada = await ChannelClient.open(t, server.ws, 'Ada');
  await ada.subscribe('chat:tea');
  await untilHealthIs('ok', 'ok', server);
  await redis.end();
  await untilHealthIs('degraded', 'unavailable', server);
  const refused = await ada.ask({ PublishRequest: { channel: 'chat:tea', text: 'hello' } });
  assert.equal(refused.Failure.code, 'unavailable');
  await redis.restart();
  await untilHealthIs('ok', 'ok', server);
  const { position } = (await ada.ask({ PublishRequest: { channel: 'chat:tea', text: 'hello' } })).PublishResponse;
  assert.equal(position.offset, 1);
});

test('a server that stops tells its clients when to come back', limit, async (t) => {
  const server = await serve(t, '--reconnect-spread', '3600');
  const sockets = await Promise.all(Array.from({ length: 20 }, () => open(t, `${server.ws}/echo`)));
  server.kill('SIGTERM');
  const closed = await Promise.all(sockets.map((socket) => socket.closed));
  const delays = closed.map(({ code, reason }) => {
    assert.equal(code, 1001);
    return /^the server stops, Retry-After: (\d+)$/.exec(reason)[1];
  });
  assert(new Set(delays).size > 10, `${delays}`);
  assert.equal(await server.ended, 0);
});
