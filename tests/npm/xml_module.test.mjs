// The WebAssembly module for XML is loaded by the connections that use XML, and by no others.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install, load } from './package.mjs';
import { echo, listen, rejectionOf } from './peer.mjs';

const limit = { timeout: 60_000 };
const jan = { Name: 'Jan' };
const janInXml = '<Person><Name>Jan</Name></Person>';

/** The package without its file for XML. `restore` puts the file back. */
async function loadWithout() {
  const { client, file } = await loadWithPerson();
  renameSync(file, `${file}.away`);
  return { ...client, restore: () => renameSync(`${file}.away`, file) };
}

/** The package while its file for XML is on the way. `arrive` ends that. */
async function loadSlowly() {
  const { client, file } = await loadWithPerson();
  let arrive;
  const body = new ReadableStream({
    start(controller) {
      arrive = () => {
        controller.enqueue(readFileSync(file));
        controller.close();
      };
    },
  });
  return { ...client, loaded: client.initXml(new Response(body)), arrive };
}

async function loadWithPerson() {
  const { twinsocket } = install();
  const client = await import(pathToFileURL(join(twinsocket, 'dist/node.js')));
  const person = client.struct('Person', { Name: client.string() });
  const codecs = { json: client.json(person), xml: client.xml(person), cbor: client.cbor(person) };
  return { client: { ...client, person, codecs }, file: join(twinsocket, 'dist/twinsocket_xml.wasm') };
}

async function echoAt(t, options) {
  const peer = await listen(echo, options);
  t.after(() => peer.stop());
  return peer;
}

/** Resolves with the code that closes the next connection of a server. */
async function nextCloseOf(peer) {
  const [socket] = await once(peer.server, 'connection');
  const [code] = await once(socket, 'close');
  return code;
}

async function reach(socket, phase) {
  for await (const status of socket.statuses()) if (status.phase === phase) return status;
  assert.fail(`it ended and was never ${phase}`);
}

describe('without the file twinsocket_xml.wasm', limit, () => {
  test('text, JSON and CBOR are sent and received', async (t) => {
    const { codecs, connect, init } = await loadWithout();
    const peer = await echoAt(t);
    await init();
    for (const codec of [undefined, codecs.json, codecs.cbor]) {
      const socket = await connect(peer.url, { codec });
      await socket.send(codec ? jan : 'Jan');
      assert.deepEqual(await socket.receive(), codec ? jan : 'Jan');
      await socket.close();
    }
  });

  test('connect() with an XML codec rejects before it connects, and works once the file exists', async (t) => {
    const { codecs, connect, restore } = await loadWithout();
    const peer = await echoAt(t);
    let connections = 0;
    peer.server.on('connection', () => ++connections);
    for (const codec of [codecs.xml, { send: codecs.xml, receive: codecs.json }, { send: codecs.json, receive: codecs.xml }])
      assert.equal((await rejectionOf(connect(peer.url, { codec }))).code, 'unsupported');
    assert.match((await rejectionOf(connect(peer.url, { codec: codecs.xml }))).message, /twinsocket_xml\.wasm/);
    assert.equal(connections, 0);

    restore();
    const socket = await connect(peer.url, { codec: codecs.xml });
    await socket.send(jan);
    assert.deepEqual(await socket.receive(), jan);
    await socket.close();
  });

  test('connect() rejects and closes the connection if the subprotocol selects XML', async (t) => {
    const { codecOf, connect, person, restore } = await loadWithout();
    const peer = await echoAt(t);
    const options = { subprotocols: ['person.xml'], codec: (subprotocol) => codecOf(subprotocol, person) };
    const closed = nextCloseOf(peer);
    assert.equal((await rejectionOf(connect(peer.url, options))).code, 'unsupported');
    assert.equal(await closed, 1000);

    restore();
    const socket = await connect(peer.url, options);
    await socket.send(jan);
    assert.deepEqual(await socket.receive(), jan);
    await socket.close();
  });

  test('reconnecting() with XML ends with unsupported', async (t) => {
    const { codecOf, codecs, person, reconnecting } = await loadWithout();
    const peer = await echoAt(t);
    for (const options of [
      { codec: codecs.xml },
      { subprotocols: ['person.xml'], codec: (subprotocol) => codecOf(subprotocol, person) },
    ]) {
      const socket = reconnecting(peer.url, options);
      t.after(() => socket.abort());
      assert.equal(socket.trySend(jan), 'refused');
      assert.equal((await rejectionOf(socket.send(jan))).code, 'unsupported');
      await socket.closed;
      assert.equal(socket.status.phase, 'closed');
      assert.equal(socket.status.error.code, 'unsupported');
    }
  });
});

describe('while twinsocket_xml.wasm is loading', limit, () => {
  test('connect() waits for it, also if the subprotocol selects XML', async (t) => {
    for (const isSelected of [false, true]) {
      const { arrive, codecs, connect } = await loadSlowly();
      const peer = await listen((socket) => socket.send(janInXml));
      t.after(() => peer.stop());
      const codec = isSelected ? () => codecs.xml : codecs.xml;
      const connected = once(peer.server, 'connection');
      const connecting = connect(peer.url, { codec });
      if (isSelected) await connected;
      arrive();
      const socket = await connecting;
      assert.deepEqual(await socket.receive(), jan);
      await socket.close();
    }
  });

  test('the timeout and the signal of connect() apply', async (t) => {
    const { codecs, connect } = await loadSlowly();
    const peer = await echoAt(t);
    for (const codec of [codecs.xml, () => codecs.xml]) {
      assert.equal((await rejectionOf(connect(peer.url, { codec, timeout: 300 }))).code, 'timed_out');
      const stop = new AbortController();
      const connecting = rejectionOf(connect(peer.url, { codec, signal: stop.signal }));
      if (codec !== codecs.xml) await once(peer.server, 'connection');
      stop.abort();
      assert.equal((await connecting).code, 'cancelled');
    }
  });

  test('messages that a reconnecting connection sends wait in the order of the calls', async (t) => {
    const { arrive, codecs, loaded, reconnecting } = await loadSlowly();
    const peer = await echoAt(t);
    const socket = reconnecting(peer.url, { codec: codecs.xml });
    t.after(() => socket.abort());
    // This runs before the calls of `send` below continue.
    const third = loaded.then(() => {
      assert.equal(socket.trySend({ Name: 'refused' }), 'refused');
      return socket.send({ Name: 'third' });
    });
    const first = socket.send({ Name: 'first' });
    const second = socket.send({ Name: 'second' });
    assert.equal(socket.trySend({ Name: 'refused' }), 'refused');
    arrive();
    await Promise.all([first, second, third]);
    assert.notEqual(socket.trySend({ Name: 'fourth' }), 'refused');
    for (const Name of ['first', 'second', 'third', 'fourth']) assert.deepEqual(await socket.receive(), { Name });
  });

  test('a reconnecting connection whose subprotocol selects XML waits for it, then calls onConnected', async (t) => {
    const { arrive, codecOf, person, reconnecting } = await loadSlowly();
    const peer = await echoAt(t, { handleProtocols: () => 'person.xml' });
    const phases = [];
    const socket = reconnecting(peer.url, {
      subprotocols: ['person.json', 'person.xml'],
      codec: (subprotocol) => codecOf(subprotocol, person),
      onConnected: async (fresh) => {
        phases.push(socket.status.phase);
        await fresh.send({ Name: 'first' });
      },
    });
    t.after(() => socket.abort());
    assert.equal(await socket.send({ Name: 'second' }), 'queued');
    await reach(socket, 'preparing');
    assert.deepEqual(phases, []);
    arrive();
    for (const Name of ['first', 'second']) assert.deepEqual(await socket.receive(), { Name });
    assert.deepEqual(phases, ['preparing']);
  });

  test('a reconnecting connection can be closed', async (t) => {
    const { arrive, codecs, loaded, reconnecting } = await loadSlowly();
    const peer = await echoAt(t);
    const connecting = reconnecting(peer.url, { codec: codecs.xml });
    assert.equal((await connecting.close(4000)).code, 4000);
    let calls = 0;
    const preparing = reconnecting(peer.url, { codec: () => codecs.xml, onConnected: () => void ++calls });
    await reach(preparing, 'preparing');
    assert.equal((await preparing.close(4000)).clean, true);
    assert.equal(preparing.status.phase, 'closed');
    arrive();
    await loaded;
    await new Promise(setImmediate);
    assert.equal(calls, 0);
  });
});

test('a custom codec is loaded before it is used, once', limit, async (t) => {
  const { connect, reconnecting } = await load();
  const peer = await echoAt(t);
  let loads = 0;
  const lazyCodec = () => {
    let prefix;
    let loading;
    const start = async () => {
      ++loads;
      await new Promise(setImmediate);
      prefix = '>';
    };
    return {
      load: () => (prefix ? undefined : (loading ??= start())),
      encode: (value) => prefix + value,
      decode: (message) => message.slice(prefix.length),
    };
  };
  for (const codec of [lazyCodec(), lazyCodec, { send: lazyCodec(), receive: lazyCodec() }]) {
    for (const open of [connect, reconnecting]) {
      loads = 0;
      const socket = await open(peer.url, { codec });
      await socket.send('a');
      assert.equal(await socket.receive(), 'a');
      await socket.close();
      if (open === connect) assert.equal(loads, typeof codec === 'object' && 'send' in codec ? 2 : 1);
    }
  }
});

test('a message that waits for one codec is encoded with that of the subprotocol once it is loaded', limit, async (t) => {
  const { reconnecting } = await load();
  const peer = await echoAt(t, { handleProtocols: () => 'second' });
  const codecs = {};
  for (const name of ['first', 'second']) {
    let arrive;
    let isLoaded = false;
    const loading = new Promise((resolve) => (arrive = resolve)).then(() => void (isLoaded = true));
    codecs[name] = {
      arrive,
      load: () => (isLoaded ? undefined : loading),
      encode(value) {
        assert.ok(isLoaded);
        return `${name} ${value}`;
      },
      decode: (message) => message,
    };
  }
  const socket = reconnecting(peer.url, { subprotocols: ['first', 'second'], codec: (name) => codecs[name] });
  t.after(() => socket.abort());
  const sent = socket.send('message');
  await reach(socket, 'preparing');
  codecs.first.arrive();
  await codecs.first.load();
  await new Promise(setImmediate);
  codecs.second.arrive();
  await sent;
  assert.equal(await socket.receive(), 'second message');
});
