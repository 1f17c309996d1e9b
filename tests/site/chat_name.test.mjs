import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { nameProblem } = await load('chat-name');

test('a name has 1 to 64 bytes of UTF-8', () => {
  assert.equal(nameProblem(''), 'enter a name');
  assert.equal(nameProblem('A'), '');
  assert.equal(nameProblem('\u00fc'.repeat(32)), '');
  assert.equal(nameProblem('\u00fc'.repeat(33)), 'the name has 66 bytes, 64 are allowed');
});
