// The examples with servers of two other libraries and with our own.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { open } from './client.mjs';
import { example, limit, ChildProgram, run, serve } from './programs.mjs';
import { servers } from './servers.mjs';
import { opcode, startSilent } from './silent_server.mjs';

const documents = {
  json: '{"Name":"Jan","Emails":["jan@example.com","jan@example.org"]}',
  xml: '<Person><Name>Jan</Name><Emails>jan@example.com</Emails><Emails>jan@example.org</Emails></Person>',
};
const greetings = Array.from({ length: 10 }, (_, i) => `Hello  ${i}`);

for (const { name, start } of servers) {
  describe(`examples with a server of ${name}`, () => {
    test('echo_client prints and echoes each received message', limit, async (t) => {
      const server = await start(t);
      const { code, stdout, stderr } = await run(t, example('echo_client'), [`${server.url}/hello`]);
      assert.equal(stdout, `${greetings.map((text) => `Received from server: ${text}\n`).join('')}Closed: 1000 \n`);
      assert.equal(stderr, '');
      assert.equal(code, 0);
      assert.equal((await server.next()).opened, '/hello');
      for (const received of greetings) assert.deepEqual(await server.next(), { received });
      assert.equal((await server.next()).closed, 1000);
    });

    for (const [form, document] of Object.entries(documents)) {
      test(`person_client_${form} sends a person and reports the close`, limit, async (t) => {
        const server = await start(t);
        const { code, stdout } = await run(t, example(`person_client_${form}`), [`${server.url}/person`]);
        assert.equal(stdout, 'Closed: 1000 \n');
        assert.equal(code, 0);
        await server.next();
        assert.deepEqual(await server.next(), { received: document });
      });

      test(`person_client_${form} reports a close with 1007 and exits with 1`, limit, async (t) => {
        const server = await start(t);
        const url = `${server.url}/refuse?code=1007&reason=nobody%20knows%20Jan`;
        const { code, stdout } = await run(t, example(`person_client_${form}`), [url]);
        assert.equal(stdout, 'Closed: 1007 nobody knows Jan\n');
        assert.equal(code, 1);
      });
    }

    test('ticker_client sends timestamps, prints the replies, and closes on SIGINT', limit, async (t) => {
      const server = await start(t);
      const ticker = new ChildProgram(t, example('ticker_client'), [`${server.url}/echo`]);
      await ticker.prints(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n\d{4}-\d\d-\d\dT/);
      ticker.kill('SIGINT');
      assert.equal(await ticker.ended, 0);
      assert.match(ticker.stdout, /\nClosed: 1000 \n$/);
      await server.next();
      assert.equal((await server.next()).closed, 1000);
    });

    test('smallest_client sends hello and prints the reply', limit, async (t) => {
      const server = await start(t);
      const ended = await run(t, example('smallest_client'), [`${server.url}/echo`]);
      assert.deepEqual(ended, { code: 0, stdout: 'hello\n', stderr: '' });
    });
  });
}

test('echo_client and person_client work with twinsocket serve', limit, async (t) => {
  const server = await serve(t);
  const hello = await run(t, example('echo_client'), [`${server.ws}/hello`]);
  assert.equal(hello.stdout.match(/^Received from server: Hello {2}\d$/gm).length, 10);
  assert.equal(hello.code, 0);
  for (const form of ['json', 'xml']) {
    assert.equal((await run(t, example(`person_client_${form}`), [`${server.ws}/person/${form}`])).code, 0);
    await server.prints(/^Name: Jan\nAn email: jan@example\.com\nAn email: jan@example\.org$/m);
  }
  const refused = await run(t, example('person_client_json'), [`${server.ws}/person/xml`]);
  assert.match(refused.stdout, /^Closed: 1007 ./);
  assert.equal(refused.code, 1);
});

test('ticker_client exits with 1 if the server does not answer its close frame', limit, async (t) => {
  const server = await startSilent(t);
  const ticker = new ChildProgram(t, example('ticker_client'), [server.url]);
  assert.equal(await server.next(), opcode.text);
  ticker.kill('SIGINT');
  assert.equal(await ticker.ended, 1);
  assert.match(ticker.stdout, /Closed: 1006/);
});

test('echo_server echoes messages, and closes with 1001 on SIGTERM', limit, async (t) => {
  const server = new ChildProgram(t, example('echo_server'), ['0']);
  const [, url] = await server.prints(/^serving on (ws:\S+)$/m);
  const client = await open(t, url);
  client.send('hello');
  assert.equal(await client.next(), 'hello');
  server.kill('SIGTERM');
  assert.equal((await client.closed).code, 1001);
  assert.equal(await server.ended, 0);
});

const smallestServer = process.env.TWINSOCKET_SMALLEST_SERVER;
const skip = smallestServer ? false : 'ctest says where it is, on Linux';

test('smallest_server serves a WebSocket echo and static files', { ...limit, skip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'twinsocket-smallest-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'site'));
  await writeFile(join(folder, 'site/index.html'), 'the site');
  const server = new ChildProgram(t, smallestServer, [], { cwd: folder });
  const [port] = await server.prints(/\d+/);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'the site');
  const client = await open(t, `ws://127.0.0.1:${port}/echo`);
  client.send('hello');
  assert.equal(await client.next(), 'hello');
});

for (const [name, args] of [
  ['echo_client', []],
  ['echo_server', ['http']],
  ['echo_server', ['65536']],
  ['person_client_json', []],
  ['person_client_xml', ['one', 'two']],
  ['reconnecting_client', []],
  ['ticker_client', []],
  ['tls_echo_client', ['--ca']],
]) {
  test(`'${[name, ...args].join(' ')}' prints the usage and exits with 2`, limit, async (t) => {
    const { code, stderr } = await run(t, example(name), args);
    assert.match(stderr, new RegExp(`^usage: ${name} `));
    assert.equal(code, 2);
  });
}

for (const name of ['echo_client', 'person_client_json', 'person_client_xml', 'ticker_client']) {
  test(`${name} reports an invalid URL and exits with 1`, limit, async (t) => {
    const { code, stderr } = await run(t, example(name), ['nowhere']);
    assert.match(stderr, /nowhere/);
    assert.equal(code, 1);
  });
}
