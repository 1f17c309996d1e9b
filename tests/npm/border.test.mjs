// What crosses the border between JavaScript and WebAssembly: counted, because a call costs more than the work behind it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './package.mjs';

/** How often each function of the module, and each that it imports, was called since the last reset. */
const calls = { exported: new Map(), imported: new Map() };

function counted(functions, counts) {
  const wrapped = {};
  for (const [name, value] of Object.entries(functions)) {
    wrapped[name] = value;
    if (typeof value !== 'function') continue;
    wrapped[name] = (...all) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return value(...all);
    };
  }
  return wrapped;
}

const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, { ...imports, env: counted(imports.env, calls.imported) });
  return { exports: counted(instance.exports, calls.exported) };
};

let readings = 0;
const { now } = performance;
performance.now = () => {
  ++readings;
  return now.call(performance);
};

/** A WebSocket that the test receives messages on. */
let socket;
class FakeSocket {
  bufferedAmount = 0;
  protocol = '';
  constructor() {
    socket = this;
    queueMicrotask(() => this.onopen({}));
  }
  send() {}
  close(code, reason) {
    queueMicrotask(() => this.onclose?.({ code, reason }));
  }
}

const { connect } = await load();

test('a round trip calls no import and three exports, and reads the clock once per message', async (t) => {
  const connection = await connect('ws://localhost/', { webSocket: FakeSocket });
  t.after(() => connection.abort());
  const rounds = 100;
  calls.exported.clear();
  calls.imported.clear();
  readings = 0;
  for (let i = 0; i < rounds; ++i) {
    socket.onmessage({ data: 'hello' });
    await connection.receive();
    await connection.send('hello');
  }
  for (const [name, count] of [...calls.imported, ...calls.exported]) t.diagnostic(`${name}: ${count / rounds} per round trip`);
  assert.deepEqual([...calls.imported], []);
  assert.equal(readings, 2 * rounds);
  assert.deepEqual(
    [...calls.exported].sort(),
    ['twinsocket_may_send', 'twinsocket_message_delivered', 'twinsocket_received'].map((name) => [name, rounds]),
  );
});
