// The documents of tests/vectors, which C++ and Go read and write alike, in JavaScript: for those types that a
// description can say here.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { load, root } from './package.mjs';

const {
  TwinsocketError,
  boolean,
  init,
  int16,
  int32,
  int8,
  json,
  list,
  number,
  string,
  struct,
  uint16,
  uint32,
  uint8,
  xml,
} = await load();
await init();
const vectors = JSON.parse(readFileSync(`${root}tests/vectors/codec.json`, 'utf8'));

// A number of JavaScript's is a double: the members i64, u64 and f32 are left out.
const left_out = /\b(?:i64|u64|f32)\b/;
const descriptions = {
  Person: struct('Person', { Name: string(), Emails: list(string()) }),
  numbers: struct('numbers', {
    flag: boolean(),
    i8: int8(),
    i16: int16(),
    i32: int32(),
    u8: uint8(),
    u16: uint16(),
    u32: uint32(),
    f64: number(),
  }),
};
const known = ({ type }) => type in descriptions;
const codec = (type, format) => (format === 'json' ? json : xml)(descriptions[type]);

/** A document without the members that are left out. */
const without = (document) =>
  document.replace(/"(?:i64|u64|f32)":[^,}]*,?/g, '').replace(/<(i64|u64|f32)>[^<]*<\/\1>/g, '');

// What JSON.parse does not tell: a member that is there twice, half a pair, and a whole number that is written
// otherwise.
const onlyJavaScriptReads = /"Name":"a","Name"|\\ud800|:-?\d+(?:\.0+|[eE][+-]?\d+)\b|:1\.0/;

describe('documents that are written', () => {
  for (const { type, json: asJson, xml: asXml } of vectors.written.filter(known)) {
    test(`${type} ${asJson}`, () => {
      const value = codec(type, 'json').decode(without(asJson));
      assert.equal(codec(type, 'xml').encode(value), without(asXml));
      assert.equal(codec(type, 'xml').encode(codec(type, 'xml').decode(asXml)), without(asXml));
      // JSON.stringify knows no negative zero.
      assert.equal(codec(type, 'json').encode(value), without(asJson).replace(/:-0(?=[,}])/, ':0'));
    });
  }
});

describe('documents that are read', () => {
  for (const { type, format, document, written } of vectors.read.filter(known)) {
    if (left_out.test(document)) continue;
    test(`${type} ${document}`, () => {
      const either = codec(type, format);
      assert.deepEqual(either.decode(document), either.decode(written));
    });
  }
});

describe('documents that are refused', () => {
  for (const { type, format, document } of [...vectors.refused, ...vectors.stricter].filter(known)) {
    if (left_out.test(document) || (format === 'json' && onlyJavaScriptReads.test(document))) continue;
    test(`${type} ${document}`, () => {
      assert.throws(() => codec(type, format).decode(document), TwinsocketError);
    });
  }
});
