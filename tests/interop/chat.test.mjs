// /chat, and the corresponding example.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, refusal } from './client.mjs';
import { example, limit, ChildProgram, serve } from './programs.mjs';

const say = (client, text) => client.send(JSON.stringify({ text }));
async function next(client) {
  const { event, name, text, time } = JSON.parse(await client.next());
  if (time !== undefined) assert.ok(Math.abs(Date.now() - time) < 60_000);
  return [event, name, text];
}

const rooms = [
  { name: 'twinsocket serve', start: async (t) => `${(await serve(t, '--threads', '2')).ws}/chat` },
  {
    name: 'chat_server',
    async start(t) {
      const server = new ChildProgram(t, example('chat_server'), ['0']);
      return (await server.prints(/^serving on (ws:\S+)\/ROOM$/m))[1];
    },
  },
];

for (const { name, start } of rooms) {
  describe(`chat rooms of ${name}`, () => {
    test('broadcast joined, said and left events to the clients of the same room', limit, async (t) => {
      const url = await start(t);
      const jan = await open(t, `${url}/tea?name=Jan`);
      assert.deepEqual(await next(jan), ['joined', 'Jan', '']);
      const elsewhere = await open(t, `${url}/coffee?name=Kim`);
      assert.deepEqual(await next(elsewhere), ['joined', 'Kim', '']);
      const eva = await open(t, `${url}/tea?name=Eva%20%C3%98`);
      assert.deepEqual(await next(eva), ['joined', 'Eva Ø', '']);
      assert.deepEqual(await next(jan), ['joined', 'Eva Ø', '']);
      say(eva, 'hello');
      for (const one of [jan, eva]) assert.deepEqual(await next(one), ['said', 'Eva Ø', 'hello']);
      await eva.close(1000);
      assert.deepEqual(await next(jan), ['left', 'Eva Ø', '']);
      say(elsewhere, 'alone');
      assert.deepEqual(await next(elsewhere), ['said', 'Kim', 'alone']);
    });

    test('replay the last 20 messages, and no joined or left events, to a new client', limit, async (t) => {
      const url = await start(t);
      const jan = await open(t, `${url}/tea?name=Jan`);
      await next(jan);
      for (let i = 1; i <= 25; i += 1) say(jan, String(i));
      for (let i = 1; i <= 25; i += 1) assert.deepEqual(await next(jan), ['said', 'Jan', String(i)]);
      const eva = await open(t, `${url}/tea?name=Eva`);
      for (let i = 6; i <= 25; i += 1) assert.deepEqual(await next(eva), ['said', 'Jan', String(i)]);
      assert.deepEqual(await next(eva), ['joined', 'Eva', '']);
    });

    test('close with 1007 on a message other than {"text": "..."}', limit, async (t) => {
      const url = await start(t);
      for (const wrong of ['hello', '{"words":"hello"}', '{"text":1}']) {
        const client = await open(t, `${url}/tea?name=Jan`);
        client.send(wrong);
        assert.equal((await client.closed).code, 1007);
      }
    });
  });
}

test('/chat joins the room lobby, with the default name somebody', limit, async (t) => {
  const server = await serve(t);
  const client = await open(t, `${server.ws}/chat`);
  assert.deepEqual(await next(client), ['joined', 'somebody', '']);
  const other = await open(t, `${server.ws}/chat/lobby?name=Jan`);
  assert.deepEqual(await next(other), ['joined', 'Jan', '']);
  assert.deepEqual(await next(client), ['joined', 'Jan', '']);
});

test('/chat answers an empty, overlong or unprintable name with 400, and an overlong message with 1009', limit, async (t) => {
  const server = await serve(t);
  for (const path of ['/tea?name=', `/tea?name=${'x'.repeat(65)}`, '/tea?name=%0A', '/tea?name=%FF', '/%01?name=Jan'])
    assert.equal(await refusal(`${server.ws}/chat${path}`), 400, path);
  const client = await open(t, `${server.ws}/chat/tea?name=Jan`);
  say(client, 'x'.repeat(5000));
  assert.equal((await client.closed).code, 1009);
});
