// `twinsocket connect` with servers of two other libraries and with our own.

import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { limit, program, python, ChildProgram, run, script, serve } from './programs.mjs';
import { servers } from './servers.mjs';
import { opcode, startSilent } from './silent_server.mjs';

const say = (parameters) => `/say?${new URLSearchParams(parameters)}`;

for (const { name, start } of servers) {
  describe(`connect to a server of ${name}`, () => {
    async function talk(t, route, input, ...options) {
      const server = await start(t);
      const ended = await run(t, program, ['connect', server.url + route, ...options], { input });
      return { server, ...ended };
    }

    test('sends each line of a pipe and prints the replies', limit, async (t) => {
      const input = 'hi\nGr\u00fc\u00dfe \u{1f600}\n\n  blanks  \nthe last one has no end';
      const { server, code, stdout, stderr } = await talk(t, '/echo', input);
      assert.equal(stdout, `${input}\n`);
      assert.equal(stderr, '');
      assert.equal(code, 0);
      assert.equal((await server.next()).opened, '/echo');
      assert.deepEqual(await server.next(), { closed: 1000, reason: '' });
    });

    test('prints the replies to 5,000 lines in order', limit, async (t) => {
      const input = Array.from({ length: 5000 }, (_, i) => `line ${i} ${'x'.repeat(i % 100)}\n`).join('');
      const { code, stdout } = await talk(t, '/echo', input);
      assert.equal(stdout, input);
      assert.equal(code, 0);
    });

    test('prints fragmented messages whole, and binary messages as hexadecimal', limit, async (t) => {
      const { code, stdout } = await talk(t, say([['text', 'one |two'], ['text', 'three'], ['bytes', '00ffc0de']]), '');
      assert.equal(stdout, 'one two\nthree\n00 ff c0 de\n');
      assert.equal(code, 0);
    });

    test('--json indents JSON and preserves numbers and key order', limit, async (t) => {
      const document = '{"b":1.0,"a":[1e2,{},[ ],"x\\"{,"],"c":{"d":null}}';
      const expected = [
        '{',
        '  "b": 1.0,',
        '  "a": [',
        '    1e2,',
        '    {},',
        '    [],',
        '    "x\\"{,"',
        '  ],',
        '  "c": {',
        '    "d": null',
        '  }',
        '}',
        '{no json',
        '',
      ].join('\n');
      const { stdout } = await talk(t, say([['text', document], ['text', '{no json']]), '', '--json');
      assert.equal(stdout, expected);
    });

    test('--xml indents XML', limit, async (t) => {
      const document = '<Person><Name>Jan &amp; Co</Name><Emails>a</Emails></Person>';
      const { stdout } = await talk(t, say([['text', document], ['text', '<no xml']]), '', '--xml');
      assert.equal(stdout, '<Person>\n    <Name>Jan &amp; Co</Name>\n    <Emails>a</Emails>\n</Person>\n<no xml\n');
    });

    test('offers each --subprotocol', limit, async (t) => {
      const server = await start(t);
      await run(t, program, ['connect', server.url + say([]), '--subprotocol', 'one', '--subprotocol', 'two']);
      assert.equal((await server.next()).subprotocol, 'two');
    });

    test('reports a close with an error code and exits with 3', limit, async (t) => {
      const { code, stdout, stderr } = await talk(t, '/refuse?code=4001&reason=not%20you', 'hello\n');
      assert.equal(stdout, '');
      assert.equal(stderr, 'twinsocket: closed: 4001 (application) not you\n');
      assert.equal(code, 3);
    });

    for (const signal of ['SIGINT', 'SIGTERM']) {
      test(`${signal} closes with 1000`, limit, async (t) => {
        const server = await start(t);
        const client = new ChildProgram(t, program, ['connect', `${server.url}/echo`]);
        client.type('hello\n');
        await client.prints(/^hello$/m);
        client.kill(signal);
        assert.equal(await client.ended, 0, client.stderr);
        await server.next();
        assert.deepEqual(await server.next(), { closed: 1000, reason: '' });
      });
    }
  });
}

test('connect works with twinsocket serve', limit, async (t) => {
  const server = await serve(t);
  const echoed = await run(t, program, ['connect', `${server.ws}/echo`], { input: 'hi\n' });
  assert.deepEqual(echoed, { code: 0, stdout: 'hi\n', stderr: '' });
  const person = await run(t, program, ['connect', `${server.ws}/person/json`], { input: 'nobody\n' });
  assert.match(person.stderr, /^twinsocket: closed: 1007 \(invalid payload\) .+\n$/);
  assert.equal(person.code, 3);
});

test('connect reads standard input from a file and from /dev/null', limit, async (t) => {
  const server = await serve(t);
  const file = join(tmpdir(), `twinsocket-lines-${process.pid}`);
  const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i}\n`).join('');
  await writeFile(file, lines);
  t.after(() => rm(file));
  for (const [path, expected] of [[file, lines], ['/dev/null', '']]) {
    const input = openSync(path);
    t.after(() => closeSync(input));
    const stdio = [input, 'pipe', 'pipe'];
    const { code, stdout } = await run(t, program, ['connect', `${server.ws}/echo`], { stdio });
    assert.equal(stdout, expected);
    assert.equal(code, 0);
  }
});

test('connect reports a line that is not UTF-8 and sends the next one', limit, async (t) => {
  const server = await serve(t);
  const input = Buffer.from('a\xff\nb\n', 'latin1');
  const { stdout, stderr } = await run(t, program, ['connect', `${server.ws}/echo`], { input });
  assert.equal(stdout, 'b\n');
  assert.match(stderr, /^twinsocket: not sent: [^\n]*UTF-8[^\n]*\n$/);
});

test('connect limits the length of a line to 16 MiB', limit, async (t) => {
  const server = await serve(t);
  const { stderr } = await run(t, program, ['connect', `${server.ws}/echo`], { input: 'x'.repeat(17 << 20) });
  assert.match(stderr, /^twinsocket: [^\n]*16777216 bytes\n$/);
});

test('connect on a dumb terminal keeps standard input blocking and escapes received control characters', limit, async (t) => {
  const server = await serve(t);
  const words = [script('terminal.py'), 'plain', program, 'connect', `${server.ws}/echo`];
  const { code, stdout, stderr } = await run(t, python, words);
  assert.equal(code, 0, stdout + stderr);
});

test('connect supports line editing and history on a capable terminal', limit, async (t) => {
  const server = await serve(t);
  const words = [script('terminal.py'), 'editing', program, 'connect', `${server.ws}/echo`];
  const { code, stdout, stderr } = await run(t, python, words);
  assert.equal(code, 0, stdout + stderr);
});

test('--verbose prints time, direction and kind of each message', limit, async (t) => {
  const server = await serve(t);
  const { code, stdout } = await run(t, program, ['connect', `${server.ws}/echo`, '--verbose'], { input: 'hi\n' });
  const time = '\\d\\d:\\d\\d:\\d\\d\\.\\d{3}';
  assert.match(stdout, new RegExp(`^${time} > text   hi\n${time} < text   hi\n$`));
  assert.equal(code, 0);
});

test('--reconnect reconnects to a restarted server and sends the lines that were typed meanwhile', limit, async (t) => {
  const first = await serve(t);
  const client = new ChildProgram(t, program, ['connect', `${first.ws}/echo`, '--reconnect']);
  await client.prints(/^connected/m, 'stderr');
  first.kill('SIGKILL');
  await client.prints(/^the connection is closed: 1006 .*; retrying in \d+ ms$/m, 'stderr');
  client.type('still here\n');
  await serve(t, '--port', new URL(first.http).port);
  await client.prints(/^still here$/m);
  client.kill('SIGINT');
  assert.equal(await client.ended, 0, client.stderr);
});

test('SIGINT cancels a pending connect and exits with 1', limit, async (t) => {
  const silent = createServer().on('upgrade', (_, socket) => t.after(() => socket.destroy()));
  const asked = once(silent, 'upgrade');
  t.after(() => silent.close());
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const client = new ChildProgram(t, program, ['connect', `ws://127.0.0.1:${silent.address().port}/`]);
  await asked;
  client.kill('SIGINT');
  assert.equal(await client.ended, 1);
});

test('a second SIGINT exits without waiting for the close frame of the server', limit, async (t) => {
  const server = await startSilent(t);
  const client = new ChildProgram(t, program, ['connect', server.url]);
  client.type('hello\n');
  assert.equal(await server.next(), opcode.text);
  client.kill('SIGINT');
  assert.equal(await server.next(), opcode.close);
  client.kill('SIGINT');
  assert.equal(await client.ended, 3);
  assert.match(client.stderr, /closed: 1006 \(the connection ended before the peer answered our close\)/);
});

test('connect reports an unreachable or refusing server and exits with 1', limit, async (t) => {
  const refusing = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  refusing.on('upgrade', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nnot for you'));
  t.after(() => refusing.close());
  await once(refusing, 'listening');
  const { port } = refusing.address();
  const refused = await run(t, program, ['connect', `ws://127.0.0.1:${port}/`]);
  assert.match(refused.stderr, /^twinsocket: [^\n]*403 Forbidden[^\n]*\n$/);
  assert.equal(refused.code, 1);

  await new Promise((resolve) => refusing.close(resolve));
  const absent = await run(t, program, ['connect', `ws://127.0.0.1:${port}/`]);
  assert.match(absent.stderr, new RegExp(`^twinsocket: [^\\n]*127\\.0\\.0\\.1:${port} \\(Connection refused\\)\\n$`));
  assert.equal(absent.code, 1);

  const nowhere = await run(t, program, ['connect', 'ws://no-such-host.invalid/']);
  assert.match(nowhere.stderr, /^twinsocket: [^\n]*no-such-host\.invalid[^\n]*\n$/);
  assert.equal(nowhere.code, 1);
});
