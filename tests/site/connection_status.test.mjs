import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { nextAttempt, connectionStatus } = await load('connection-status');

const nothing = { failures: 0, delay: 0, close: undefined, error: undefined };
const status = (phase, others = {}) => ({ ...nothing, phase, ...others });
const stopped = { code: 1001, reason: 'the server stops', clean: true, initiator: 'remote' };
const refused = { code: 'connect_failed', message: 'connecting failed' };

test('the first attempt is shown as connecting, not as reconnecting', () => {
  assert.deepEqual(connectionStatus(status('connecting'), ''), {
    state: 'connecting',
    text: 'connecting',
    button: 'Give up',
    isReconnecting: false,
  });
});

test('an open connection shows its subprotocol, if it has one', () => {
  assert.equal(connectionStatus(status('open'), 'sensors.cbor').text, 'open, sensors.cbor');
  assert.equal(connectionStatus(status('open'), '').text, 'open');
});

test('a lost connection keeps the same text during all reconnection attempts', () => {
  const attempts = [
    status('waiting', { close: stopped, delay: 700 }),
    status('connecting', { close: stopped }),
    status('waiting', { close: stopped, failures: 1, delay: 1500, error: refused }),
    status('preparing', { close: stopped, failures: 1, error: refused }),
  ];
  for (const attempt of attempts) {
    assert.deepEqual(connectionStatus(attempt, ''), {
      state: 'lost',
      text: 'lost: 1001 going away, by the server: the server stops',
      button: 'Give up',
      isReconnecting: true,
    });
  }
});

test('a connection that never opened keeps the same text during all attempts', () => {
  for (const phase of ['waiting', 'connecting']) {
    const { text, isReconnecting } = connectionStatus(status(phase, { failures: 2, error: refused }), '');
    assert.equal(text, 'not connected: connecting failed');
    assert.equal(isReconnecting, true);
  }
});

test('a paused connection is shown as offline, with or without an earlier close', () => {
  for (const close of [undefined, stopped]) {
    const { state, text, isReconnecting } = connectionStatus(status('paused', { close }), '');
    assert.deepEqual([state, isReconnecting], ['offline', true]);
    assert.match(text, /^offline/);
  }
});

test('a closed connection shows who closed it and why', () => {
  const closed = (others) => connectionStatus(status('closed', others), '');
  const policy = { code: 1008, reason: 'not you', clean: true, initiator: 'remote' };
  assert.deepEqual(closed({ close: policy }), {
    state: 'failed',
    text: 'closed 1008 policy violation, by the server: not you',
    button: 'Reconnect',
    isReconnecting: false,
  });
  const own = { code: 1000, reason: '', clean: true, initiator: 'local' };
  assert.deepEqual(closed({ close: own }).text, 'closed 1000 normal, by this page');
  assert.equal(closed({}).text, 'given up');
  assert.equal(closed({ error: refused, failures: 1000 }).text, 'not connected: connecting failed');
});

test('nextAttempt() counts down whole seconds and never shows 0 s', () => {
  const waiting = status('waiting', { delay: 3200 });
  const texts = [0, 200, 1000, 2200, 3199, 3200, 9000].map((since) => nextAttempt(waiting, since));
  const left = (seconds) => `next attempt in ${seconds} s`;
  assert.deepEqual(texts, [left(4), left(3), left(3), left(1), left(1), 'trying now', 'trying now']);
  assert.equal(nextAttempt(status('connecting'), 5000), 'trying now');
  assert.equal(nextAttempt(status('paused', { delay: 7000 }), 5000), left(2));
});
