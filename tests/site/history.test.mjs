import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './modules.mjs';

const { History, historySpan, kindOf, isolatedValues } = await load('history');

const sensor = (label, value, kind = 'temperature', unit = '\u00b0C') => (
  { chip: 'chip', label, kind, value, unit, time: 0 }
);
const report = (seconds, ...readings) => ({ source: 'simulated', time: seconds * 1000, readings });
const celsius = kindOf(sensor('any', 0)).id;

let history;
beforeEach(() => {
  history = new History();
});

test('the values of a sensor stand at the times of their reports', () => {
  history.add(report(1, sensor('a', 10), sensor('b', 20)));
  history.add(report(2, sensor('a', 11), sensor('b', 21)));
  assert.deepEqual(history.times, [1, 2]);
  assert.deepEqual(history.of(celsius).map(({ name, values }) => [name, values]), [['a', [10, 11]], ['b', [20, 21]]]);
});

test('a sensor that comes later or goes away has gaps', () => {
  history.add(report(1, sensor('a', 10)));
  history.add(report(2, sensor('b', 20)));
  history.add(report(3, sensor('b', 21)));
  assert.deepEqual(history.of(celsius).map(({ values }) => values), [[10, null, null], [null, 20, 21]]);
});

test('sensors of another kind or unit are another group', () => {
  history.add(report(1, sensor('a', 10), sensor('a', 1200, 'fan', 'RPM'), sensor('a', 50, 'temperature', '\u00b0F')));
  assert.deepEqual(history.of(celsius).map(({ values }) => values), [[10]]);
  assert.equal(kindOf(sensor('a', 1, 'fan', 'RPM')).name, 'Fan, RPM');
  assert.equal(kindOf(sensor('a', 1, 'load', '')).name, 'Load');
});

test('what is older than the span is forgotten, and so is a sensor that is gone that long', () => {
  history.add(report(1, sensor('gone', 5)));
  for (let time = 2; time <= 3 * historySpan; time += 1) history.add(report(time, sensor('a', time)));
  assert.equal(history.times.length, historySpan + 1);
  assert.equal(history.times[0], 2 * historySpan);
  const [series, ...others] = history.of(celsius);
  assert.deepEqual(others, []);
  assert.deepEqual(series.values, history.times);
});

test('the same report twice counts once, and a clock that was set back begins anew', () => {
  assert.equal(history.add(report(5, sensor('a', 1))), true);
  assert.equal(history.add(report(5, sensor('a', 1))), false);
  assert.equal(history.add(report(3, sensor('a', 2))), true);
  assert.deepEqual(history.times, [3]);
  assert.deepEqual(history.of(celsius)[0].values, [2]);
});

test('no curve is drawn across the time without a connection', () => {
  history.add(report(1, sensor('a', 10)));
  history.interrupt();
  history.add(report(9, sensor('a', 11)));
  history.add(report(10, sensor('a', 12)));
  assert.deepEqual(history.times, [1, 5, 9, 10]);
  assert.deepEqual(history.of(celsius)[0].values, [10, null, 11, 12]);
});

test('where the same report comes again nothing was missed before it', () => {
  history.add(report(1, sensor('a', 10)));
  history.interrupt();
  assert.equal(history.add(report(1, sensor('a', 10))), false);
  history.add(report(2, sensor('a', 11)));
  assert.deepEqual(history.of(celsius)[0].values, [10, 11]);
});

test('a value between gaps is known, for no line shows it', () => {
  assert.deepEqual(isolatedValues([1]), [0]);
  assert.deepEqual(isolatedValues([1, null, 2, 3, null, 4, undefined, null, 5]), [0, 5, 8]);
  assert.deepEqual(isolatedValues([1, 2, null]), []);
});
