import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './modules.mjs';

const { History, historySpan, keyOf, kindOf, isolatedValues, limitsOf } = await load('history');

const sensor = (label, value, kind = 'temperature', unit = '\u00b0C') => (
  { chip: 'chip', label, kind, value, unit, time: 0 }
);
const report = (seconds, ...readings) => ({ source: 'simulated', time: seconds * 1000, readings });
const celsius = kindOf(sensor('any', 0)).id;

let history;
beforeEach(() => {
  history = new History();
});

test('of() returns the values of each sensor at the times of the reports', () => {
  history.add(report(1, sensor('a', 10), sensor('b', 20)));
  history.add(report(2, sensor('a', 11), sensor('b', 21)));
  assert.deepEqual(history.times, [1, 2]);
  assert.deepEqual(history.of(celsius).map(({ name, values }) => [name, values]), [['a', [10, 11]], ['b', [20, 21]]]);
});

test('a sensor that is missing from a report has the value null there', () => {
  history.add(report(1, sensor('a', 10)));
  history.add(report(2, sensor('b', 20)));
  history.add(report(3, sensor('b', 21)));
  assert.deepEqual(history.of(celsius).map(({ values }) => values), [[10, null, null], [null, 20, 21]]);
});

test('sensors of another kind or unit belong to another group', () => {
  history.add(report(1, sensor('a', 10), sensor('a', 1200, 'fan', 'RPM'), sensor('a', 50, 'temperature', '\u00b0F')));
  assert.deepEqual(history.of(celsius).map(({ values }) => values), [[10]]);
  assert.equal(kindOf(sensor('a', 1, 'fan', 'RPM')).name, 'Fan, RPM');
  assert.equal(kindOf(sensor('a', 1, 'load', '')).name, 'Load');
});

test('values older than historySpan are dropped, and so are sensors without newer values', () => {
  history.add(report(1, sensor('gone', 5)));
  for (let time = 2; time <= 3 * historySpan; time += 1) history.add(report(time, sensor('a', time)));
  assert.equal(history.times.length, historySpan + 1);
  assert.equal(history.times[0], 2 * historySpan);
  const [series, ...others] = history.of(celsius);
  assert.deepEqual(others, []);
  assert.deepEqual(series.values, history.times);
});

test('add() ignores a duplicate report, and clears the history if the clock was set back', () => {
  assert.equal(history.add(report(5, sensor('a', 1))), true);
  assert.equal(history.add(report(5, sensor('a', 1))), false);
  assert.equal(history.add(report(3, sensor('a', 2))), true);
  assert.deepEqual(history.times, [3]);
  assert.deepEqual(history.of(celsius)[0].values, [2]);
});

test('interrupt() inserts a gap between two reports', () => {
  history.add(report(1, sensor('a', 10)));
  history.interrupt();
  history.add(report(9, sensor('a', 11)));
  history.add(report(10, sensor('a', 12)));
  assert.deepEqual(history.times, [1, 5, 9, 10]);
  assert.deepEqual(history.of(celsius)[0].values, [10, null, 11, 12]);
});

test('interrupt() inserts no gap before a duplicate report', () => {
  history.add(report(1, sensor('a', 10)));
  history.interrupt();
  assert.equal(history.add(report(1, sensor('a', 10))), false);
  history.add(report(2, sensor('a', 11)));
  assert.deepEqual(history.of(celsius)[0].values, [10, 11]);
});

test('isolatedValues() returns the indices of values between gaps', () => {
  assert.deepEqual(isolatedValues([1]), [0]);
  assert.deepEqual(isolatedValues([1, null, 2, 3, null, 4, undefined, null, 5]), [0, 5, 8]);
  assert.deepEqual(isolatedValues([1, 2, null]), []);
});

test('rangeOf() returns the least and the greatest value since a time', () => {
  [[1, 50], [2, 10], [3, 30], [4, 20]].forEach(([time, value]) => void history.add(report(time, sensor('a', value))));
  history.add(report(5, sensor('b', 1)));
  const key = keyOf(sensor('a', 0));
  assert.deepEqual(history.rangeOf(key, 3), { least: 20, greatest: 30 });
  assert.deepEqual(history.rangeOf(key, 0), { least: 10, greatest: 50 });
  assert.equal(history.rangeOf(key, 5), undefined);
  assert.equal(history.rangeOf('unknown', 0), undefined);
});

test('the distinct limits of the newest readings are known, the lowest first', () => {
  history.add(report(1, { ...sensor('a', 1), high: 60, critical: 90 }, { ...sensor('b', 1), high: 80, critical: 90 }));
  history.add(report(2, { ...sensor('a', 1), high: 70, critical: 90 }, sensor('c', 1)));
  const curves = history.of(celsius);
  assert.deepEqual(limitsOf(curves, 'high'), [70, 80]);
  assert.deepEqual(limitsOf(curves, 'critical'), [90]);
});
