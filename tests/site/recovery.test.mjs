import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { Recovery } = await load('recovery');

/** The sentence after a loss of this duration. */
function outcome({ away = 12_345, messages = 0, cause } = {}) {
  const recovery = new Recovery();
  recovery.lost(1000);
  recovery.opened(1000 + away);
  if (cause) recovery.gap(cause);
  for (let i = 0; i < messages; ++i) recovery.countMessage();
  return recovery.finish();
}

test('the sentence about a loss has its duration', () => {
  assert.equal(outcome({ away: 499 }), 'Away for less than a second; no message was missed.');
  assert.equal(outcome(), 'Away for 12 s; no message was missed.');
  assert.equal(outcome({ away: 59_499 }), 'Away for 59 s; no message was missed.');
  assert.equal(outcome({ away: 60_000 }), 'Away for 1 min 0 s; no message was missed.');
});

test('the sentence about a loss has the number of recovered messages, and why there are not more', () => {
  const sentences = [
    [{ messages: 1 }, '1 message recovered'],
    [{ messages: 3 }, '3 messages recovered'],
    [{ messages: 50, cause: 'trimmed' }, '50 messages recovered, but not all: the history was trimmed'],
    [{ cause: 'epoch_changed' }, 'could not recover: the server has lost its history'],
    [{ cause: 'epoch_changed', messages: 2 }, 'could not recover: the server has lost its history. 2 messages since then'],
    [{ cause: 'no_history' }, 'could not recover: the server keeps no history'],
  ];
  for (const [loss, sentence] of sentences) assert.equal(outcome(loss), `Away for 12 s; ${sentence}.`);
});

test('a second loss before the end of the first belongs to it', () => {
  const recovery = new Recovery();
  recovery.lost(0);
  recovery.lost(1000);
  recovery.opened(2000);
  recovery.countMessage();
  recovery.lost(3000);
  assert.equal(recovery.isRunning, false);
  recovery.opened(5000);
  assert.equal(recovery.finish(), 'Away for 5 s; 1 message recovered.');
  recovery.opened(6000);
  assert.equal(recovery.isRunning, false);
});
