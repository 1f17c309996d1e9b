// The server of the demo in the page, under Node: its C++ handlers, and sockets that behave like a browser's.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { load } from './modules.mjs';

const build = new URL('../../build/', import.meta.url);
const { InPageServer } = await load('in-page-server');
const { TwinsocketError, connect } = await import(new URL('npm/twinsocket/dist/node.js', build));
const { channels } = await import(new URL('npm/twinsocket/dist/channels-node.js', build));

const limit = { timeout: 20_000 };
let server;

before(async () => {
  server = await InPageServer.start(readFileSync(new URL('wasm/demo_server.wasm', build)));
});
after(() => server.stop());

const open = (route, options) => connect(`ws://in-page.localhost${route}`, { webSocket: server.webSocket, ...options });

/** Resolves with the names of the events of a socket up to its close event, and with that event. */
function eventsOf(socket) {
  const names = [];
  return new Promise((resolve) => {
    socket.onopen = () => names.push('open');
    socket.onmessage = ({ data }) => names.push(data);
    socket.onerror = () => names.push('error');
    socket.onclose = (close) => resolve({ names: [...names, 'close'], close });
  });
}

test('/echo returns text and bytes of any size up to the limit of a server', limit, async () => {
  const socket = await open('/echo', { limits: { sendQueueBytes: 32 * 1024 * 1024 } });
  for (const message of ['', 'Gr\u00fc\u00dfe', 'x'.repeat(100_000), new Uint8Array(), new Uint8Array(5_000_000).fill(7)]) {
    await socket.send(message);
    assert.deepEqual(await socket.receive(), message);
  }
  await socket.send(new Uint8Array(16 * 1024 * 1024 + 1));
  const { code } = await socket.closed;
  assert.equal(code, 1009);
});

test('/hello greets ten times and closes', limit, async () => {
  const socket = await open('/hello');
  const greetings = [];
  for await (const greeting of socket) {
    greetings.push(greeting);
    await socket.send('thanks');
  }
  assert.deepEqual(greetings, Array.from({ length: 10 }, (_, i) => `Hello  ${i}`));
  assert.deepEqual(await socket.closed, { code: 1000, reason: '', clean: true, initiator: 'remote' });
});

test('/person accepts both formats, and refuses a wrong document with 1007 and the reason', limit, async () => {
  for (const [format, document, code, reason] of [
    ['json', '{"Name":"Jan","Emails":["jan@example.com"]}', 1000, /^$/],
    ['xml', '<Person><Name>Jan</Name></Person>', 1000, /^$/],
    ['json', '{"Name":3}', 1007, /^Name: expected a string/],
    ['xml', '<Person><Name>Jan</Person>', 1007, /./],
  ]) {
    const socket = await open(`/person/${format}`);
    await socket.send(document);
    const close = await socket.closed;
    assert.equal(close.code, code, document);
    assert.match(close.reason, reason);
  }
});

test('/sensors sends readings in each format that change and are named simulated', limit, async () => {
  const sockets = await Promise.all(
    ['json', 'xml', 'cbor'].map((format) => open('/sensors', { subprotocols: [`sensors.${format}`] })),
  );
  for (const [i, named] of [/"source":"simulated"/, /<source>simulated<\/source>/, /simulated/].entries()) {
    const socket = sockets[i];
    assert.equal(socket.subprotocol, ['sensors.json', 'sensors.xml', 'sensors.cbor'][i]);
    const reports = [await socket.receive(), await socket.receive()].map((one) =>
      typeof one === 'string' ? one : new TextDecoder().decode(one),
    );
    for (const report of reports) assert.match(report, named);
    assert.notEqual(reports[0], reports[1]);
  }
  await Promise.all(sockets.map((socket) => socket.close()));
});

test('a message of a chat room reaches its members; after a cut it is recovered, and what was written meanwhile is sent', limit, async () => {
  const join = (name) =>
    channels('ws://in-page.localhost/channels', {
      webSocket: server.webSocket,
      token: () => name,
      initialDelay: 10,
    });
  const [ann, ben] = [join('Ann'), join('Ben')];
  const heard = ben.subscribe('chat:tea');
  const nextMessage = async () => {
    for (;;) {
      const event = await heard.next();
      if (event.kind === 'publication') return event;
    }
  };
  await ben.presence('chat:tea');
  ann.subscribe('chat:tea');
  await ann.publish('chat:tea', 'hello');
  const first = await nextMessage();
  assert.equal(first.value, 'hello');
  assert.equal(first.publisher.user, 'Ann');
  const members = await ben.presence('chat:tea');
  assert.deepEqual(members.map((member) => member.user).sort(), ['Ann', 'Ben']);

  server.cut(0);
  await ann.publish('chat:tea', 'again');
  assert.equal((await nextMessage()).value, 'again');
  await Promise.all([ann.close(), ben.close()]);
});

test('the server chooses among the offered subprotocols, and answers heartbeats', limit, async () => {
  const socket = new server.webSocket('ws://x/sensors', ['sensors.xml', 'sensors.xml+heartbeat']);
  await new Promise((resolve) => (socket.onopen = resolve));
  assert.equal(socket.protocol, 'sensors.xml+heartbeat');
  const answered = new Promise((resolve) => {
    socket.onmessage = ({ data }) => data === '\0' && resolve();
  });
  socket.send('\0');
  await answered;
  socket.close();
});

test('a route that there is not ends with an error event and 1006', limit, async () => {
  const { names, close } = await eventsOf(new server.webSocket('ws://x/nothing'));
  assert.deepEqual(names, ['error', 'close']);
  assert.deepEqual(close, { code: 1006, reason: '', wasClean: false });
  await assert.rejects(open('/nothing'), (error) => error instanceof TwinsocketError && error.code === 'connect_failed');
});

test('a socket has the events and the states of a WebSocket', limit, async () => {
  const socket = new server.webSocket('ws://x/echo?a=b');
  assert.equal(socket.readyState, WebSocketState.connecting);
  assert.throws(() => socket.send('early'), { name: 'InvalidStateError' });
  socket.binaryType = 'arraybuffer';
  const events = eventsOf(socket);
  await new Promise((resolve) => {
    const opened = socket.onopen;
    socket.onopen = () => {
      opened();
      resolve();
    };
  });
  assert.equal(socket.readyState, WebSocketState.open);
  assert.throws(() => socket.close(1001), { name: 'InvalidAccessError' });
  assert.throws(() => socket.close(1000, 'x'.repeat(124)), { name: 'SyntaxError' });
  const first = new Promise((resolve) => {
    const received = socket.onmessage;
    socket.onmessage = (event) => {
      received(event);
      resolve(event.data);
    };
  });
  socket.send(new Uint8Array([1, 2, 3]).subarray(1));
  assert.deepEqual(await first, new Uint8Array([2, 3]).buffer);
  socket.close(3456, 'bye');
  socket.send('too late');
  assert.equal(socket.readyState, WebSocketState.closing);
  const { names, close } = await events;
  assert.deepEqual(close, { code: 3456, reason: 'bye', wasClean: true });
  assert.deepEqual(names, ['open', new Uint8Array([2, 3]).buffer, 'close']);
  assert.equal(socket.readyState, WebSocketState.closed);
});

test('a socket that is closed before it is open never opens', limit, async () => {
  const socket = new server.webSocket('ws://x/echo');
  const events = eventsOf(socket);
  socket.close();
  assert.deepEqual((await events).names, ['error', 'close']);
});

test('a cut drops connections with 1006, and lets new ones fail until its end', limit, async () => {
  const socket = await open('/echo');
  server.cut(60_000);
  assert.equal((await socket.closed).code, 1006);
  await assert.rejects(open('/echo'), { code: 'connect_failed' });
  server.cut(0);
  await (await open('/echo')).close();
});

const WebSocketState = { connecting: 0, open: 1, closing: 2, closed: 3 };
