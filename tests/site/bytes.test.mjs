import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { parseHex, preview, sizeOf, toHex } = await load('bytes');

test('parseHex() accepts hexadecimal digits in any grouping', () => {
  for (const text of ['00ffC0de', '00 ff c0 de', '0x00, 0xff, 0xc0, 0xde', '00:FF:C0:DE', '00 ff\nc0 de']) {
    assert.deepEqual(parseHex(text), Uint8Array.of(0x00, 0xff, 0xc0, 0xde), text);
  }
  assert.deepEqual(parseHex('  '), new Uint8Array());
});

test('parseHex() throws an error with the reason for invalid input', () => {
  assert.throws(() => parseHex('0g'), /"g" is not a hexadecimal digit/);
  assert.throws(() => parseHex('012'), /3 digits/);
});

test('preview() truncates long messages', () => {
  assert.equal(preview('short'), 'short');
  assert.equal(preview('x'.repeat(1000)), `${'x'.repeat(200)}\u2026`);
  assert.equal(preview(Uint8Array.of(0, 10, 255)), '00 0a ff');
  assert.equal(preview(new Uint8Array(1000)), `${Array(24).fill('00').join(' ')} \u2026`);
});

test('toHex() formats at most the given number of bytes', () => {
  assert.equal(toHex(Uint8Array.of(0, 10, 255), 3), '00 0a ff');
  assert.equal(toHex(Uint8Array.of(0, 10, 255), 2), '00 0a \u2026');
  assert.equal(toHex(new Uint8Array(), 2), '');
});

test('sizeOf() returns the UTF-8 size of text', () => {
  assert.equal(sizeOf('Gr\u00fc\u00dfe'), 7);
  assert.equal(sizeOf('\ud83d\ude00'), 4);
  assert.equal(sizeOf(new Uint8Array(3)), 3);
});
