// The documents of tests/vectors, which C++ and Go encode and decode alike, in JavaScript: with the package generated
// from the types of the C++ tests.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root } from './package.mjs';

const folder = process.env.TWINSOCKET_TEST_MESSAGES ?? join(root, 'build/release/tests/npm/test-messages');
const messages = await import(pathToFileURL(join(folder, 'dist/node.js')));
const { TwinsocketError, initXml, json, xml } = messages;
await initXml();
const vectors = JSON.parse(readFileSync(`${root}tests/vectors/codec.json`, 'utf8'));

const codec = (type, format) => {
  assert.ok(type in messages, type);
  return (format === 'json' ? json : xml)(messages[type]);
};

// Errors that JSON.parse hides: a duplicate member, and a whole number in another notation.
const onlyJavaScriptReads = /"Name":"a","Name"|:-?\d+(?:\.0+|[eE][+-]?\d+)\b|:1\.0/;
// JavaScript rounds to a double first, C++ and Go round once.
const isRoundedTwice = /1\.00000017881393432617187499/;

describe('documents that are written', () => {
  for (const { type, json: asJson, xml: asXml } of vectors.written) {
    test(`${type} ${asJson}`, () => {
      for (const [from, document] of [
        ['json', asJson],
        ['xml', asXml],
      ]) {
        // Go has no maps in XML, and XML does not allow all characters. "-" stands for no document, and JSON is not
        // generated from XML.
        if (document === '-') continue;
        const value = codec(type, from).decode(document);
        if (from === 'json') assert.equal(codec(type, 'json').encode(value), asJson);
        if (asXml !== '-') assert.equal(codec(type, 'xml').encode(value), asXml);
      }
    });
  }
});

describe('documents that are read', () => {
  for (const { type, format, document, written } of vectors.read) {
    if (format === 'json' && isRoundedTwice.test(document)) continue;
    test(`${type} ${document}`, () => {
      const either = codec(type, format);
      assert.equal(either.encode(either.decode(document)), written);
    });
  }
});

describe('documents that are refused', () => {
  for (const { type, format, document } of [...vectors.refused, ...vectors.stricter]) {
    if (format === 'json' && onlyJavaScriptReads.test(document)) continue;
    test(`${type} ${document}`, () => {
      assert.throws(() => codec(type, format).decode(document), TwinsocketError);
    });
  }
});
