// /sensors and /GetTemp with clients of two other libraries.

import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { open } from './client.mjs';
import { limit, python, run, script, serve } from './programs.mjs';

const cpu = {
  json: (text) => JSON.parse(text).readings.find(({ label }) => label === 'CPU').value,
  xml: (text) => Number(/<label>CPU<\/label>.*?<value>([^<]+)<\/value>/s.exec(text)[1]),
};
const source = {
  json: (text) => JSON.parse(text).source,
  xml: (text) => /^<SensorReport><source>(\w+)<\/source>/.exec(text)[1],
};

for (const form of ['json', 'xml']) {
  test(`/sensors sends changing readings as ${form}`, limit, async (t) => {
    const server = await serve(t);
    const client = await open(t, `${server.ws}/sensors`, [`sensors.${form}`]);
    assert.equal(client.socket.protocol, `sensors.${form}`);
    const first = await client.next();
    assert.equal(source[form](first), 'simulated');
    assert.notEqual(cpu[form](await client.next()), cpu[form](first));
    assert.equal((await client.close(1000)).code, 1000);
  });

  test(`/sensors sends changing readings as ${form} to a client of Python's websockets`, limit, async (t) => {
    const server = await serve(t);
    const words = [script('client.py'), 'sensors', `${server.ws}/sensors`, form];
    const { code, stdout, stderr } = await run(t, python, words);
    assert.equal(code, 0, stderr);
    const [first, second] = JSON.parse(stdout);
    assert.equal(source[form](first), 'simulated');
    assert.notEqual(cpu[form](second), cpu[form](first));
  });
}

test('/sensors sends the same reading as CBOR, in fewer bytes than JSON', limit, async (t) => {
  const server = await serve(t, '--interval', '1h');
  const json = await (await open(t, `${server.ws}/sensors`, ['sensors.json'])).next();
  const client = await open(t, `${server.ws}/sensors`, ['sensors.cbor']);
  assert.equal(client.socket.protocol, 'sensors.cbor');
  const cbor = await client.next();
  assert(Buffer.isBuffer(cbor));
  assert(cbor.length < Buffer.byteLength(json), `${cbor.length} bytes`);
  assert.equal(cbor[0], 0xa3, 'a map of source, time and readings');
  const { time, readings } = JSON.parse(json);
  const unsigned = Buffer.alloc(9, 0x1b);
  unsigned.writeBigUInt64BE(BigInt(time), 1);
  assert(cbor.includes(unsigned), `the time ${time}`);
  for (const { label } of readings) assert(cbor.includes(label), label);
});

test('/sensors selects JSON if the client offers no subprotocol or all of them', limit, async (t) => {
  const server = await serve(t);
  const withoutOffer = await open(t, `${server.ws}/sensors`);
  assert.equal(withoutOffer.socket.protocol, '');
  assert.equal(source.json(await withoutOffer.next()), 'simulated');
  const withAll = await open(t, `${server.ws}/sensors`, ['sensors.cbor', 'sensors.xml', 'sensors.json']);
  assert.equal(withAll.socket.protocol, 'sensors.json');
  assert.equal(source.json(await withAll.next()), 'simulated');
});

test('/sensors sends the latest reading at once to each new client', limit, async (t) => {
  const server = await serve(t, '--interval', '1h', '--threads', '2');
  const first = await open(t, `${server.ws}/sensors`);
  const reading = await first.next();
  for (let i = 0; i < 4; i += 1) {
    const another = await open(t, `${server.ws}/sensors`);
    assert.equal(await another.next(), reading);
  }
});

test('/GetTemp sends the sensors as text, the next time only after a reply', limit, async (t) => {
  const server = await serve(t, '--interval', '20ms');
  const client = await open(t, `${server.ws}/GetTemp`);
  const others = await open(t, `${server.ws}/sensors`);
  const first = await client.next();
  assert.match(first, /^simulated\n/);
  assert.match(first, /^CPU: +\+\d+\.\d\u00b0C/m);

  // While other clients receive three more readings, this one receives none.
  let early = false;
  const second = client.next().then((text) => {
    early = true;
    return text;
  });
  for (let i = 0; i < 4; i += 1) await others.next();
  assert.equal(early, false);
  client.send('thanks');
  assert.notEqual(await second, first);
});

test("/GetTemp works with a client of Python's websockets", limit, async (t) => {
  const server = await serve(t);
  const { code, stdout, stderr } = await run(t, python, [script('client.py'), 'temperatures', `${server.ws}/GetTemp`]);
  assert.equal(code, 0, stderr);
  const texts = JSON.parse(stdout);
  assert.equal(new Set(texts).size, 3);
  for (const text of texts) assert.match(text, /^CPU: /m);
});

test('--sensors command: sends the output unchanged to /GetTemp and as readings to /sensors', limit, async (t) => {
  const server = await serve(t, '--sensors', "command:printf 'box\\nCPU: +45.5 C (high = +80.0 C)\\n'");
  await server.prints(/^sensors: command/m);
  const texts = await open(t, `${server.ws}/GetTemp`);
  assert.equal(await texts.next(), 'box\nCPU: +45.5 C (high = +80.0 C)\n');
  const readings = await open(t, `${server.ws}/sensors`);
  const [reading] = JSON.parse(await readings.next()).readings;
  assert.equal(reading.value, 45.5);
  assert.equal(reading.high, 80);
});

test('a failed sensor command is reported with its error output, and reading continues', limit, async (t) => {
  const server = await serve(t, '--sensors', "command:sh -c 'echo broken >&2; exit 3'");
  const readings = await open(t, `${server.ws}/sensors`);
  for (let i = 0; i < 2; i += 1) {
    const report = JSON.parse(await readings.next());
    assert.deepEqual(report.readings, []);
    assert.match(report.error, /broken/);
  }
  const texts = await open(t, `${server.ws}/GetTemp`);
  assert.match(await texts.next(), /broken/);
});

test('/sensors drops old readings for a client that does not read', limit, async (t) => {
  // About 100 KB per reading soon exceed what the network buffers for a client.
  const lines = Array.from({ length: 1000 }, (_, i) => `sensor ${i}: ${i}.5 C (high = +80.0 C, crit = +90.0 C)\n`);
  const file = join(tmpdir(), `twinsocket-readings-${process.pid}`);
  await writeFile(file, `box\n${lines.join('')}`);
  t.after(() => rm(file));
  const server = await serve(t, '--sensors', `command:cat ${file}`, '--interval', '10ms');

  const slow = await open(t, `${server.ws}/sensors`);
  slow.socket.pause();
  const quick = await open(t, `${server.ws}/sensors`);
  const readings = 150;
  let newest;
  for (let i = 0; i < readings; i += 1) newest = JSON.parse(await quick.next()).time;
  slow.socket.resume();
  let received = 0;
  for (let time = 0; time < newest; received += 1) ({ time } = JSON.parse(await slow.next()));
  assert(received < readings / 2, `${received} of ${readings} readings came`);
});
