import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count } from '../count_cases.mjs';

const counts = (passed, failed, skipped = 0) => ({ passed, failed, skipped });

test('counts a Catch2 run without failures', () => {
  assert.deepEqual(count('=====\nAll tests passed (6 assertions in 3 test cases)\n'), counts(3, 0));
  assert.deepEqual(count('All tests passed (1 assertion in 1 test case)'), counts(1, 0));
});

test('counts a Catch2 run with failures, without the expected ones', () => {
  assert.deepEqual(count('test cases: 12 | 10 passed | 2 failed\nassertions: 40 | 37 passed | 3 failed'), counts(10, 2));
  assert.deepEqual(count('test cases:  3 |  1 passed | 1 skipped | 1 failed as expected'), counts(1, 0, 1));
});

test("counts a run of Node's test runner in the TAP and spec formats", () => {
  const tap = ['# tests 7', '# suites 0', '# pass 3', '# fail 1', '# cancelled 1', '# skipped 2', '# todo 0'].join('\n');
  assert.deepEqual(count(tap), counts(3, 2, 2));
  assert.deepEqual(count('\u2139 pass 3\n\u2139 fail 0\n\u2139 cancelled 0'), counts(3, 0));
});

test('adds up the counts of several programs in one suite', () => {
  assert.deepEqual(count('2 passed, 0 failed\n3 passed, 1 failed\n'), counts(5, 1));
});

test('counts nothing in output without totals', () => {
  assert.deepEqual(count('No tests ran\nI passed 3, and 4 passed, 0 failed more'), counts(0, 0));
});
