// CBOR in JavaScript: the bytes are those of tests/unit/codec/cbor_test.cpp. Most of them are examples of RFC 8949.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { load } from './package.mjs';

const {
  TwinsocketError,
  asString,
  boolean,
  bytes,
  cbor,
  float32,
  int32,
  int64,
  json,
  list,
  map,
  number,
  omitEmpty,
  oneOf,
  optional,
  string,
  struct,
  uint64,
  uint8,
} = await load();

const toHex = (data) => Buffer.from(data).toString('hex');
const fromHex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const read = (description, hex, options) => cbor(description, options).decode(fromHex(hex));
function refused(description, hex, options) {
  try {
    read(description, hex, options);
  } catch (error) {
    assert.ok(error instanceof TwinsocketError, String(error));
    return error;
  }
  throw new Error(`${hex} was read`);
}
/** Encodes a value and decodes it again. */
function both(description, value, hex) {
  assert.equal(toHex(cbor(description).encode(value)), hex);
  assert.deepEqual(read(description, hex), value);
}

describe('the CBOR codec', () => {
  test('writes integers and lengths in their shortest form', () => {
    for (const [value, hex] of [
      [0n, '00'],
      [23n, '17'],
      [24n, '1818'],
      [255n, '18ff'],
      [256n, '190100'],
      [65536n, '1a00010000'],
      [2n ** 32n, '1b0000000100000000'],
      [-1n, '20'],
      [-256n, '38ff'],
      [-257n, '390100'],
      [2n ** 53n - 1n, '1b001fffffffffffff'],
      [-(2n ** 53n), '3b001fffffffffffff'],
      [2n ** 63n - 1n, '1b7fffffffffffffff'],
      [-(2n ** 63n), '3b7fffffffffffffff'],
    ])
      both(int64(), value, hex);
    both(uint64(), 2n ** 64n - 1n, '1bffffffffffffffff');
    both(string(), 'a'.repeat(300), `79012c${'61'.repeat(300)}`);
    both(list(int32()), Array(24).fill(1), `9818${'01'.repeat(24)}`);
  });

  test('writes a number as float32 if that preserves it, otherwise as float64', () => {
    for (const [value, hex] of [
      [1.5, 'fa3fc00000'],
      [1.1, 'fb3ff199999999999a'],
      [-0, 'fa80000000'],
      [Infinity, 'f97c00'],
      [-Infinity, 'f9fc00'],
      [NaN, 'f97e00'],
      [5e-324, 'fb0000000000000001'],
    ])
      both(number(), value, hex);
    assert.equal(toHex(cbor(float32()).encode(0.1)), 'fa3dcccccd');
  });

  test('writes structs, maps, bytes and absent values as C++ does', () => {
    const strict = struct('strict', {
      must: string(),
      exact: asString(int64()),
      flag: asString(boolean()),
      maybe: int32(),
    });
    both(
      strict,
      { must: 'm', exact: 1n, flag: true, maybe: 5 },
      'a4646d757374616d6565786163740164666c6167f5656d6179626505',
    );
    both(bytes(), fromHex('01ff'), '4201ff');
    both(map(uint8()), { 10: 1, 9: 2 }, 'a262313001613902');
    both(list(optional(boolean())), [undefined, false], '82f6f4');
    both(oneOf({ a: uint8(), b: string() }), { b: '\u00fc' }, 'a1616262c3bc');
    both(struct('X', { a: omitEmpty(uint8()), b: omitEmpty(string()) }), { a: 0, b: 'x' }, 'a161626178');
  });

  test('reads half floats, indefinite lengths, tags and other valid forms of RFC 8949', () => {
    assert.equal(read(int32(), '1b0000000000000017'), 23);
    assert.ok(Object.is(read(number(), 'f98000'), -0));
    assert.equal(read(number(), 'f97bff'), 65504);
    assert.equal(read(number(), 'f90001'), 5.960464477539063e-8);
    assert.equal(read(number(), 'f9c400'), -4);
    assert.equal(read(number(), '3bffffffffffffffff'), -18446744073709551616);
    assert.equal(read(string(), '7f657374726561646d696e67ff'), 'streaming');
    assert.deepEqual(read(bytes(), '5f42010243030405ff'), fromHex('0102030405'));
    assert.deepEqual(read(list(list(int32())), '9f8101820203ff'), [[1], [2, 3]]);
    assert.deepEqual(read(map(boolean()), 'bf6346756ef563416d74f4ff'), { Fun: true, Amt: false });
    assert.equal(read(int32(), 'd9d9f7c101'), 1);
    assert.equal(read(optional(int32()), 'f7'), undefined);
    assert.equal(read(string(), '63efbbbf'), '\ufeff');
  });

  test('refuses values of a wrong type, and names the path', () => {
    const person = struct('Person', { Name: string(), Emails: list(string()) });
    assert.equal(refused(person, 'a166456d61696c73820001').message, 'Emails[0]: expected a string, found a number');
    assert.equal(refused(int64(), '3bffffffffffffffff').code, 'type_mismatch');
    assert.equal(refused(int64(), '3b8000000000000000').code, 'type_mismatch');
    assert.equal(refused(float32(), 'fb7e37e43c8800759c').code, 'type_mismatch');
    assert.equal(refused(string(), '61ff').code, 'invalid_utf8');
    assert.equal(refused(string(), '7f61c361bcff').code, 'invalid_utf8');
    assert.equal(refused(bytes(), '62c3bc').message, 'expected bytes, found a string');
    assert.equal(refused(bytes(2), '43010203').message, 'a wrong number of bytes: 3');
    assert.equal(refused(person, 'a1617801', { disallowUnknown: true }).message, 'the member "x" is not known');
    assert.equal(refused(person, 'a2617801617801').message, 'the member "x" occurs twice at byte 4');
    assert.equal(refused(map(int32()), 'a10101').message, 'a key that is not a string at byte 1');
    assert.throws(() => cbor(person).decode('text'), { code: 'wrong_kind' });
    assert.throws(() => cbor(string()).encode('\ud800'), { code: 'invalid_utf8' });
  });

  test('refuses malformed CBOR, and allocates no memory for a declared length', () => {
    for (const hex of [
      '',
      '18',
      '19ff',
      '1bffffffffffffff',
      '1c',
      '1f',
      '3f',
      'df',
      'ff',
      '61',
      '7f',
      '7f01ff',
      '7f7f6161ffff',
      '5f6161ff',
      '81',
      '82ff01',
      '9f',
      '9f01',
      'a1',
      'a16161',
      'a1ff',
      'bf6161ff',
      'bf',
      'c0',
      'c0ff',
      'f800',
      'f818',
      '0000',
      'fc',
      'f9',
      'fa0000',
      '9bffffffffffffffff',
      'bbffffffffffffffff',
      '5bffffffffffffffff',
      '7b00000000ffffffff',
      '9affffffff',
    ])
      for (const description of [list(list(int32())), map(int32()), string(), bytes(), optional(number())]) {
        const { code } = refused(description, hex);
        assert.ok(['malformed', 'type_mismatch'].includes(code), `${hex}: ${code}`);
      }
    assert.equal(refused(string(), 'f800').message, 'a simple value below 32 in two bytes at byte 0');
  });

  test('accepts 200 levels of nesting, and refuses 300 and 1,000,000', () => {
    const person = struct('Person', { Name: string() });
    const within = (levels, opening, ending) => `a16178${opening.repeat(levels)}${ending}`;
    assert.deepEqual(read(person, within(200, '81', '01')), { Name: '' });
    for (const levels of [300, 1_000_000])
      for (const [opening, ending] of [
        ['81', '01'],
        ['9f', 'ff'.repeat(levels)],
        ['a16161', '01'],
      ])
        assert.equal(refused(person, within(levels, opening, ending)).code, 'too_deep');
    assert.equal(refused(person, `${'c0'.repeat(1_000_000)}01`).code, 'type_mismatch');
    assert.deepEqual(read(person, 'a0'), { Name: '' });
  });

  test('writes documents of 200 to 600 bytes, whichever value makes the output buffer grow', () => {
    for (let size = 200; size < 600; ++size)
      for (const [description, value] of [
        [boolean(), true],
        [optional(boolean()), undefined],
        [uint8(), 1],
        [number(), 0.1],
        [list(string()), ['', 'x']],
      ]) {
        const all = struct('All', { a: bytes(), b: list(description) });
        const made = { a: new Uint8Array(size), b: [value, value, value] };
        assert.deepEqual(cbor(all).decode(cbor(all).encode(made)), made);
      }
  });

  test('round-trips a document of several megabytes', () => {
    const large = {
      names: Array.from({ length: 50_000 }, (_, i) => `gr\u00f6\u00dfer ${'x'.repeat(i % 50)} ${i}`),
      data: new Uint8Array(300_001).fill(7),
    };
    const kind = struct('Large', { names: list(string()), data: bytes() });
    assert.deepEqual(cbor(kind).decode(cbor(kind).encode(large)), large);
  });

  test('refuses more than 1,000,000 arrays, maps and byte strings', () => {
    const person = struct('Person', { Name: string() });
    for (const [each, count] of [
      ['80', 1_000_001],
      ['a0', 1_000_001],
      ['40', 1_000_001],
    ]) {
      const within = (size) => fromHex(`a16178${'9a'}${size.toString(16).padStart(8, '0')}${each.repeat(size)}`);
      assert.throws(() => cbor(person).decode(within(count)), {
        code: 'message_too_big',
        message: /^more than 1000000 arrays, maps and byte strings at byte \d+$/,
      });
      assert.deepEqual(cbor(person).decode(within(1000)), { Name: '' });
    }
    // A list may have as many elements as its bytes allow.
    assert.equal(cbor(list(uint8())).decode(fromHex(`9a001e8480${'01'.repeat(2_000_000)}`)).length, 2_000_000);
  });

  test('represents the same values as JSON', () => {
    const all = struct('All', { i: int64(), d: number(), s: list(string()), m: map(optional(bytes())) });
    const value = { i: -5n, d: 0.1, s: ['', '\u{1f600}'], m: { __proto__: null, a: undefined, b: new Uint8Array(3) } };
    const again = cbor(all).decode(cbor(all).encode(value));
    assert.equal(json(all).encode(again), json(all).encode(value));
  });
});
