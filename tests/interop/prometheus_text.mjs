// A strict parser of the Prometheus text format (version 0.0.4). Throws on every violation of the format.

import assert from 'node:assert/strict';

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const sample = new RegExp(`^(${name})(?:\\{(${label}(?:,${label})*)\\})? (\\S+)$`);
const number = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]Inf|NaN)$/i;
const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] };

function readNumber(text) {
  assert.match(text, number);
  return Number(text.replace('Inf', 'Infinity'));
}

function readLabels(text = '') {
  const labels = [...text.matchAll(new RegExp(label, 'g'))].map(([pair]) => {
    const equals = pair.indexOf('=');
    const value = pair.slice(equals + 2, -1).replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
    return [pair.slice(0, equals), value];
  });
  assert.equal(new Set(labels.map(([key]) => key)).size, labels.length, `a label occurs twice in ${text}`);
  return Object.fromEntries(labels);
}

function checkHistogram(family) {
  const buckets = family.samples.filter((s) => s.name === `${family.name}_bucket`);
  const bounds = buckets.map((s) => readNumber(s.labels.le));
  assert.deepEqual(bounds, [...new Set(bounds)].sort((a, b) => a - b), 'bounds rise');
  assert.equal(bounds.at(-1), Infinity);
  const counts = buckets.map((s) => s.value);
  assert.deepEqual(counts, [...counts].sort((a, b) => a - b), 'buckets are cumulative');
  const [count] = family.samples.filter((s) => s.name === `${family.name}_count`);
  const [sum] = family.samples.filter((s) => s.name === `${family.name}_sum`);
  assert.equal(count.value, counts.at(-1));
  assert.ok(sum.value >= 0);
}

/** Returns the metric families by name, each {name, type, help, samples: [{name, labels, value}]}. */
export function parsePrometheusText(text) {
  assert.ok(text.endsWith('\n'), 'the last line ends with a line feed');
  const families = new Map();
  const seen = new Set();
  let family;
  let help;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${name}) (.+)$`).exec(line);
    if (comment?.[1] === 'HELP') {
      assert.ok(!families.has(comment[2]), `${comment[2]} occurs twice`);
      help = { name: comment[2], text: comment[3] };
    } else if (comment) {
      assert.equal(comment[2], help?.name, 'TYPE follows HELP');
      assert.ok(types.includes(comment[3]), line);
      family = { name: comment[2], type: comment[3], help: help.text, samples: [] };
      families.set(family.name, family);
    } else {
      const found = sample.exec(line);
      assert.ok(found, `no sample: ${line}`);
      const names = (suffixes[family.type] ?? ['']).map((suffix) => family.name + suffix);
      assert.ok(names.includes(found[1]), `${found[1]} is not of the family ${family.name}`);
      const labels = readLabels(found[2]);
      const series = found[1] + JSON.stringify(Object.entries(labels).sort());
      assert.ok(!seen.has(series), `${line} occurs twice`);
      seen.add(series);
      family.samples.push({ name: found[1], labels, value: readNumber(found[3]) });
    }
  }
  for (const one of families.values()) {
    if (one.type === 'counter') {
      assert.ok(one.name.endsWith('_total'), `${one.name} is a counter`);
      for (const { value } of one.samples) assert.ok(value >= 0, `${one.name} is ${value}`);
    }
    if (one.type === 'histogram') checkHistogram(one);
  }
  return families;
}
