// The package with our own server.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../browser/servers.mjs';
import { load } from './package.mjs';
import { rejectionOf } from './peer.mjs';

const { codecOf, connect, json, list, string, struct, xml, xmlName } = await load();
const person = struct('Person', { Name: string(), Emails: list(string()) });
const jan = { Name: 'Jan', Emails: ['jan@example.com', 'größer@example.com'] };
const limit = { timeout: 60_000 };

describe('with twinsocket serve', limit, () => {
  let server;
  before(async () => {
    server = await startServer();
  }, limit);
  after(() => server?.stop());

  test('/echo echoes text and bytes of each size', async () => {
    const socket = await connect(`${server.ws}/echo`);
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 1 << 20]) {
      const text = 'x'.repeat(size % 7) + 'x\u00e4\u{1f600}'.repeat(size / 7);
      await socket.send(text);
      assert.ok((await socket.receive()) === text, `${size} bytes`);
      const bytes = new Uint8Array(size).map((_, i) => i * 31);
      await socket.send(bytes);
      assert.deepEqual(await socket.receive(), bytes);
    }
    assert.deepEqual(await socket.close(4000, 'enough'), {
      code: 4000,
      reason: 'enough',
      clean: true,
      initiator: 'local',
    });
  });

  test('/hello sends first, and closes after ten replies', async () => {
    const socket = await connect(`${server.ws}/hello`);
    const heard = [];
    for await (const message of socket) {
      heard.push(message);
      await socket.send('yes');
    }
    assert.deepEqual(
      heard,
      Array.from({ length: 10 }, (_, i) => `Hello  ${i}`),
    );
    assert.deepEqual(await socket.closed, { code: 1000, reason: '', clean: true, initiator: 'remote' });
  });

  for (const [path, codec, bad] of [
    ['/person/json', json(person), '{"Name":"Jan","Emails":["a",2]}'],
    ['/person/xml', xml(person), '<Person><Name>Jan</Person>'],
  ]) {
    test(`${path} accepts a Person, and closes with 1007 and a reason on an invalid one`, async () => {
      const typed = await connect(`${server.ws}${path}`, { codec });
      await typed.send(jan);
      assert.equal((await typed.closed).code, 1000);

      const raw = await connect(`${server.ws}${path}`);
      await raw.send(bad);
      const info = await raw.closed;
      assert.equal(info.code, 1007);
      assert.notEqual(info.reason, '');
      assert.equal(info.initiator, 'remote');
    });
  }

  test('/sensors sends reports in the negotiated subprotocol', async () => {
    for (const subprotocol of ['sensors.json', 'sensors.xml']) {
      const socket = await connect(`${server.ws}/sensors`, { subprotocols: [subprotocol] });
      assert.equal(socket.subprotocol, subprotocol);
      const first = await socket.receive({ timeout: 10_000 });
      assert.equal(first[0], subprotocol === 'sensors.json' ? '{' : '<');
      await socket.close();
    }
  });

  test('/sensors sends the same report in each format', async () => {
    const reading = struct('Reading', { label: string(), unit: string() });
    const report = struct('SensorReport', { source: string(), readings: xmlName('reading', list(reading)) });
    const heard = [];
    for (const format of ['json', 'xml', 'cbor']) {
      const codec = (subprotocol) => codecOf(subprotocol, report);
      const socket = await connect(`${server.ws}/sensors`, { codec, subprotocols: [`sensors.${format}`] });
      heard.push(await socket.receive({ timeout: 10_000 }));
      await socket.close();
    }
    assert.equal(heard[0].source, 'simulated');
    assert.notDeepEqual(heard[0].readings, []);
    assert.deepEqual(heard[1], heard[0]);
    assert.deepEqual(heard[2], heard[0]);
  });

  test('connect() to an unknown path rejects with connect_failed', async () => {
    assert.equal((await rejectionOf(connect(`${server.ws}/nothing/here`))).code, 'connect_failed');
  });

  test('a server that shuts down closes with 1001', async () => {
    const other = await startServer();
    const socket = await connect(`${other.ws}/echo`);
    const [info, code] = await Promise.all([socket.closed, other.stop()]);
    assert.equal(info.code, 1001);
    assert.equal(info.initiator, 'remote');
    assert.equal(code, 0);
  });
});
