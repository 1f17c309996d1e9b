// /hello, /person/json and /person/xml with clients of two other libraries.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open } from './client.mjs';
import { limit, python, run, script, serve } from './programs.mjs';

const greetings = Array.from({ length: 10 }, (_, i) => `Hello  ${i}`);

test('/hello sends ten greetings, each after a reply to the one before, and closes with 1000', limit, async (t) => {
  const server = await serve(t);
  const client = await open(t, `${server.ws}/hello`);
  for (const greeting of greetings) {
    assert.equal(await client.next(), greeting);
    // The pong arrives in order, so nothing else was sent before it.
    client.socket.ping();
    await new Promise((resolve) => client.socket.once('pong', resolve));
    client.send('and to you');
  }
  assert.deepEqual(await client.closed, { code: 1000, reason: '' });
});

test("/hello works with a client of Python's websockets", limit, async (t) => {
  const server = await serve(t);
  const { code, stdout, stderr } = await run(t, python, [script('client.py'), 'hello', `${server.ws}/hello`]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), { code: 1000, reason: '' });
});

/** Clients of two other libraries: each sends one message and resolves with the close result. */
const clients = [
  {
    name: "Node's ws",
    async say(t, url, text) {
      const client = await open(t, url);
      client.send(text);
      return client.closed;
    },
  },
  {
    name: "Python's websockets",
    async say(t, url, text) {
      const { stdout, stderr } = await run(t, python, [script('client.py'), 'say', url, text]);
      assert.equal(stderr, '');
      return JSON.parse(stdout);
    },
  },
];

const documents = {
  json: {
    jan: '{"Name":"Jan","Emails":["jan@example.com","jan@example.org"]}',
    nobody: '{"Name":"Nobody","Emails":[]}',
    hostile: '{"Name":"a\\u001b[2Jb\\nName: c","Emails":[]}',
    wrong: {
      '{"Name":"Jan"': /byte 13|end/,
      '{"Name":1,"Emails":[]}': /Name/,
      '{"Emails":[]}': /Name/,
      'no document': /./,
    },
  },
  xml: {
    jan: '<Person><Name>Jan</Name><Emails>jan@example.com</Emails><Emails>jan@example.org</Emails></Person>',
    nobody: '<Person><Name>Nobody</Name></Person>',
    hostile: '<Person><Name>a&#x85;b\nName: c</Name></Person>',
    wrong: {
      '<Person><Name>Jan</Name>': /./,
      '<Nobody><Name>Jan</Name></Nobody>': /Nobody|Person/,
      '<Person></Person>': /Name/,
      'no document': /./,
    },
  },
};

for (const { name, say } of clients) {
  for (const [form, { jan, nobody, wrong }] of Object.entries(documents)) {
    describe(`/person/${form} with a client of ${name}`, () => {
      test('prints the person and closes with 1000', limit, async (t) => {
        const server = await serve(t);
        assert.deepEqual(await say(t, `${server.ws}/person/${form}`, jan), { code: 1000, reason: '' });
        await server.prints(/^Name: Jan\nAn email: jan@example\.com\nAn email: jan@example\.org\n/m);
        await say(t, `${server.ws}/person/${form}`, nobody);
        await server.prints(/jan@example\.org\nName: Nobody\n$/);
      });

      for (const [document, reason] of Object.entries(wrong)) {
        test(`closes with 1007 and the decoding error for ${document}`, limit, async (t) => {
          const server = await serve(t);
          const end = await say(t, `${server.ws}/person/${form}`, document);
          assert.equal(end.code, 1007);
          assert.match(end.reason, reason);
          assert.doesNotMatch(server.stdout, /Name:/);
        });
      }
    });
  }
}

for (const [form, { hostile }] of Object.entries(documents)) {
  test(`/person/${form} escapes control characters of a name before it prints the name`, limit, async (t) => {
    const server = await serve(t);
    await clients[0].say(t, `${server.ws}/person/${form}`, hostile);
    const [, shown] = await server.prints(/^Name: (.*)$/m);
    assert.match(shown, /^a\\x.*b\\x0aName: c$/);
  });
}

test('/person/json closes with 1007 on a binary message', limit, async (t) => {
  const server = await serve(t);
  const end = await clients[0].say(t, `${server.ws}/person/json`, Buffer.from(documents.json.jan));
  assert.equal(end.code, 1007);
});

test('the server keeps serving when clients close or drop their connections early', limit, async (t) => {
  const server = await serve(t);
  for (const path of ['/hello', '/person/json', '/person/xml', '/sensors', '/GetTemp']) {
    const closing = await open(t, server.ws + path);
    assert.equal((await closing.close(1000)).code, 1000);
    const dropped = await open(t, server.ws + path);
    dropped.socket.terminate();
  }
  const client = await open(t, `${server.ws}/echo`);
  client.send('still here');
  assert.equal(await client.next(), 'still here');
  assert.equal(server.stderr, '');
});
