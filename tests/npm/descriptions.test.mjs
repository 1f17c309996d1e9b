// All kinds of values that can be described, beyond those of typed.test.mjs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkRoundTrip } from './round_trip.mjs';
import { load } from './package.mjs';
import { thrownError } from './thrown_error.mjs';

const twinsocket = await load();
const {
  bytes,
  cbor,
  float32,
  initXml,
  int32,
  int64,
  int8,
  json,
  lazy,
  list,
  map,
  number,
  omitEmpty,
  oneOf,
  optional,
  string,
  struct,
  time,
  uint64,
  uint8,
  xml,
} = twinsocket;
await initXml();

const both = checkRoundTrip(twinsocket);
const said = (action) => thrownError(action).message;
const one = (member) => struct('V', { v: member });

test('parse() returns a copy with only the described members', () => {
  const any = struct('Any', {
    list: list(struct('Inner', { a: number() })),
    map: map(optional(int8())),
    one: oneOf({ b: list(string()), c: bytes() }),
    maybe: optional(string()),
    omitted: omitEmpty(lazy(() => string())),
  });
  const value = { list: [{ a: 1, x: 2 }], map: { k: undefined, ['__proto__']: 5 }, one: { b: ['s'] }, omitted: '', y: 1 };
  const copy = any.parse(value);
  assert.deepEqual(Object.keys(copy), ['list', 'map', 'one', 'omitted']);
  assert.deepEqual(copy.list, [{ a: 1 }]);
  assert.deepEqual(Object.entries(copy.map), [['k', undefined], ['__proto__', 5]]);
  assert.deepEqual(copy.one, { b: ['s'] });
  for (const name of ['list', 'map', 'one']) assert.notEqual(copy[name], value[name]);
  const data = new Uint8Array(2);
  assert.equal(any.parse({ ...value, one: { c: data } }).one.c, data);
  assert.equal(said(() => any.parse({ ...value, list: [{}] })), 'list[0].a: expected a number, found nothing');
});

describe('64-bit integers', () => {
  const most = struct('Most', { i: int64(), u: uint64() });

  test('round-trip exactly, in JSON as numbers', () => {
    for (const [i, u] of [
      [0n, 0n],
      [-(2n ** 63n), 2n ** 64n - 1n],
      [2n ** 53n + 1n, 1234567890123456789n],
      [-9007199254740993n, 9007199254740991n],
    ])
      both(most, { i, u }, `{"i":${i},"u":${u}}`, `<Most><i>${i}</i><u>${u}</u></Most>`);
  });

  test('are exact next to strings that look like numbers, and after white space', () => {
    const odd = struct('Odd', { text: string(), ids: list(int64()) });
    const document =
      '{"text":"a \\\\\\" 12345678901234567890, :\\u0022", "ids" : [ 12345678901234567 ,\n-12345678901234567]}';
    assert.deepEqual(json(odd).decode(document), {
      text: 'a \\" 12345678901234567890, :"',
      ids: [12345678901234567n, -12345678901234567n],
    });
  });

  test('are refused out of range, with a fraction, and as a JavaScript number', () => {
    assert.equal(
      said(() => json(most).decode('{"u":18446744073709551616}')),
      'u: expected an integer from 0 to 18446744073709551615, found 18446744073709551616',
    );
    assert.match(
      said(() => json(most).decode('{"i":-9223372036854775809}')),
      /^i: expected an integer from -9223372036854775808/,
    );
    assert.match(
      said(() => json(most).decode('{"i":1.5}')),
      /found 1\.5$/,
    );
    assert.match(
      said(() => json(most).decode('{"i":1e300}')),
      /found 1e\+300$/,
    );
    assert.equal(
      said(() => json(most).encode({ i: 1, u: 1n })),
      'i: expected a bigint, found a number',
    );
    assert.match(
      said(() => json(most).encode({ i: 1n, u: -1n })),
      /^u: expected an integer from 0 to \d+, found -1$/,
    );
  });

  test('do not change how other numbers are decoded, or make invalid JSON valid', () => {
    const mixed = struct('Mixed', { d: number(), s: string(), u: uint8() });
    assert.equal(json(mixed).decode('{"d":12345678901234567890}').d, 12345678901234567890);
    assert.equal(
      said(() => json(mixed).decode('{"s":12345678901234567}')),
      's: expected a string, found a number',
    );
    assert.match(
      said(() => json(mixed).decode('{"u":12345678901234567}')),
      /found 12345678901234567$/,
    );
    for (const document of [
      '{"d":01234567890123456789}',
      '{"d":12345678901234567.}',
      '{"s":"abc 12345678901234567',
      '[12345678901234567 12345678901234567]',
      '12345678901234567"',
    ]) {
      const error = thrownError(() => json(mixed).decode(document));
      assert.equal(error.code, 'malformed', document);
      assert.doesNotMatch(error.message, /bigint/);
    }
    assert.match(
      said(() => json(mixed).decode(`{"d":${'9'.repeat(400)}}`)),
      /^d: a number too large for any type$/,
    );
  });
});

describe('other types', () => {
  test('float32 is written with the fewest digits, and must be in the range of a float', () => {
    both(one(float32()), { v: 0.1 }, '{"v":0.1}', '<V><v>0.1</v></V>');
    assert.equal(json(one(float32())).encode({ v: 1 / 3 }), '{"v":0.33333334}');
    for (const codec of [json, xml, cbor])
      assert.equal(codec(one(float32())).decode(codec(one(float32())).encode({ v: 1 / 3 })).v, 0.33333334);
    assert.equal(json(one(float32())).decode('{"v":0.10000000149011612}').v, 0.1);
    assert.equal(json(one(float32())).encode({ v: Math.fround(16777217.5) }), '{"v":16777218}');
    assert.equal(
      said(() => json(one(float32())).decode('{"v":1e39}')),
      'v: expected a number in the range of a float, found 1e+39',
    );
    assert.throws(() => xml(one(float32())).decode('<V><v>1e39</v></V>'), { code: 'type_mismatch' });
    assert.equal(xml(one(float32())).decode('<V><v>-Inf</v></V>').v, -Infinity);
    // Of two equally near texts the even one is chosen. What a float rounds to zero is zero.
    both(one(float32()), { v: 0.00024414062 }, '{"v":0.00024414062}', '<V><v>0.00024414062</v></V>');
    assert.equal(json(one(float32())).encode({ v: -(2 ** -12) }), '{"v":-0.00024414062}');
    assert.equal(json(one(float32())).encode({ v: -1e-60 }), '{"v":-0}');
    assert.equal(xml(one(float32())).encode({ v: 1e-60 }), '<V><v>0</v></V>');
    assert.equal(json(one(omitEmpty(float32()))).encode({ v: 1e-60 }), '{}');
  });

  test('bytes are base64, and require padding', () => {
    both(one(bytes()), { v: new Uint8Array([0, 255, 16]) }, '{"v":"AP8Q"}', '<V><v>AP8Q</v></V>');
    both(one(bytes()), { v: new Uint8Array() }, '{"v":""}', '<V><v></v></V>');
    const large = Uint8Array.from({ length: 100_001 }, (_, i) => i);
    assert.deepEqual(json(one(bytes())).decode(json(one(bytes())).encode({ v: large })).v, large);
    assert.deepEqual(json(one(bytes())).decode('{"v":null}').v, new Uint8Array());
    for (const text of ['A', 'AA', 'AAA', 'AP8', 'A===', '====', 'AP8Q\n', 'AP-_', '=AAA'])
      assert.throws(() => json(one(bytes())).decode(JSON.stringify({ v: text })), { code: 'type_mismatch' }, text);
    assert.equal(
      said(() => json(one(bytes(2))).decode('{"v":"AP8Q"}')),
      'v: a wrong number of bytes: 3',
    );
    assert.deepEqual(json(one(bytes(2))).decode('{}').v, new Uint8Array(2));
    assert.equal(
      said(() => json(one(bytes())).encode({ v: 'AA==' })),
      'v: expected bytes in base64, found a string',
    );
  });

  test('time is RFC 3339 text', () => {
    const at = one(time());
    for (const text of ['2024-02-29T12:00:00.5Z', '0000-01-01T00:00:00Z', '2024-12-31T23:59:59+23:59']) {
      assert.equal(json(at).decode(`{"v":"${text}"}`).v, text);
      assert.ok(at.is({ v: text }));
    }
    for (const text of [
      '2023-02-29T12:00:00Z',
      '2024-04-31T00:00:00Z',
      '2024-00-10T00:00:00Z',
      '2024-1-1T00:00:00Z',
      'now',
      '',
    ])
      assert.equal(
        said(() => json(at).decode(`{"v":"${text}"}`)),
        `v: expected a time by RFC 3339, found "${text}"`,
      );
    assert.equal(json(at).decode('{}').v, '1970-01-01T00:00:00Z');
  });

  test('map writes its keys in byte order, and accepts any key', () => {
    const value = JSON.parse('{"z":1,"10":2,"9":3,"__proto__":4,"\\uffee":5,"\\ud83d\\ude00":6,"":7}');
    both(
      one(map(int32())),
      { v: value },
      '{"v":{"":7,"10":2,"9":3,"__proto__":4,"z":1,"\uffee":5,"\u{1f600}":6}}',
      '<V><v key="">7</v><v key="10">2</v><v key="9">3</v><v key="__proto__">4</v><v key="z">1</v>' +
        '<v key="\uffee">5</v><v key="\u{1f600}">6</v></V>',
    );
    assert.equal(
      said(() => json(one(map(int8()))).decode('{"v":{"a b":300}}')),
      'v["a b"]: expected an integer from -128 to 127, found 300',
    );
    assert.equal(
      said(() => xml(one(map(int8()))).decode('<V><v>1</v></V>')),
      'v: the attribute "key" is missing at line 1',
    );
    assert.equal(
      said(() => xml(one(map(int8()))).decode('<V><v key="a">1</v>\n<v key="a">1</v></V>')),
      'v: the key "a" occurs twice at line 2',
    );
    assert.deepEqual(json(one(map(int8()))).decode('{"v":null}').v, {});
  });

  test('oneOf is an object with exactly one member', () => {
    const circle = struct('Circle', { radius: number() });
    const shape = oneOf({ Circle: circle, text: string() });
    both(
      one(shape),
      { v: { Circle: { radius: 1.5 } } },
      '{"v":{"Circle":{"radius":1.5}}}',
      '<V><v><Circle><radius>1.5</radius></Circle></v></V>',
    );
    both(shape, { text: 'a' }, '{"text":"a"}', '<text>a</text>');
    assert.deepEqual(json(one(shape)).decode('{}'), { v: { Circle: { radius: 0 } } });
    for (const [document, message] of [
      ['{"v":{}}', 'v: expected one member, found none'],
      ['{"v":{"Square":1}}', 'v: expected a member named one of Circle, text, found "Square"'],
      ['{"v":{"text":"","Circle":{}}}', 'v: expected one member, found also "Circle"'],
      ['{"v":{"Circle":{"radius":""}}}', 'v.Circle.radius: expected a number, found a string'],
      ['{"v":{"toString":""}}', 'v: expected a member named one of Circle, text, found "toString"'],
    ])
      assert.equal(
        said(() => json(one(shape)).decode(document)),
        message,
      );
    assert.equal(
      said(() => xml(one(shape)).decode('<V><v/></V>')),
      'v: expected one element, found none at line 1',
    );
    assert.equal(
      said(() => xml(shape).decode('<Square/>')),
      'expected one of the elements Circle, text, found "Square" at line 1',
    );
  });

  test('list may contain lists and optional values', () => {
    both(
      one(list(list(int8()))),
      { v: [[1, 2], []] },
      '{"v":[[1,2],[]]}',
      '<V><v><item>1</item><item>2</item></v><v></v></V>',
    );
    assert.deepEqual(json(one(list(optional(int8())))).decode('{"v":[1,null]}'), { v: [1, undefined] });
    assert.equal(json(one(list(optional(int8())))).encode({ v: [1, undefined] }), '{"v":[1,null]}');
    assert.equal(
      said(() => xml(one(list(optional(int8())))).encode({ v: [undefined] })),
      'v[0]: XML cannot represent an element without a value',
    );
  });

  test('list with a length requires exactly that many elements', () => {
    both(one(list(int8(), 2)), { v: [1, -2] }, '{"v":[1,-2]}', '<V><v>1</v><v>-2</v></V>');
    assert.deepEqual(json(one(list(int8(), 2))).decode('{}'), { v: [0, 0] });
    assert.equal(
      said(() => json(one(list(int8(), 2))).decode('{"v":[1]}')),
      'v: expected 2 elements, found 1',
    );
    assert.equal(
      said(() => json(one(list(int8(), 2))).decode('{"v":[1,2,3]}')),
      'v: expected 2 elements, found more',
    );
    assert.throws(() => json(one(list(int8(), 2))).decode('{"v":null}'), { code: 'type_mismatch' });
    assert.equal(
      said(() => xml(one(list(int8(), 2))).decode('<V><v>1</v></V>')),
      'v: expected 2 elements, found 1 at line 1',
    );
  });

  test('lazy supports recursive types, and a cyclic value is refused', () => {
    const tree = struct('Tree', { name: string(), branches: omitEmpty(list(lazy(() => tree))) });
    const value = { name: 'a', branches: [{ name: 'b', branches: [] }] };
    both(
      tree,
      value,
      '{"name":"a","branches":[{"name":"b"}]}',
      '<Tree><name>a</name><branches><name>b</name></branches></Tree>',
    );
    const circle = { name: 'x', branches: [] };
    circle.branches.push(circle);
    assert.equal(thrownError(() => json(tree).encode(circle)).code, 'too_deep');
    assert.equal(tree.is(circle), false);
  });
});

describe('nesting', () => {
  const tree = struct('Tree', { name: string(), branches: omitEmpty(list(lazy(() => tree))) });
  // A tree with this many levels of structs; each but the last also contains an array.
  const document = (levels) => `${'{"branches":['.repeat(levels)}${'{}'}${']}'.repeat(levels)}`;
  const passedOver = (levels) => `{"x":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  test('of 200 levels is accepted, and of 300 and 1,000,000 levels refused', () => {
    assert.equal(json(tree).decode(document(100)).branches.length, 1);
    assert.equal(json(tree).decode(passedOver(199)).name, '');
    assert.deepEqual(json().decode(`${'['.repeat(200)}${']'.repeat(200)}`).length, 1);
    for (const levels of [300, 1_000_000]) {
      for (const codec of [json(tree), json()])
        for (const text of [document(levels), passedOver(levels), '['.repeat(levels)])
          assert.equal(thrownError(() => codec.decode(text)).code, 'too_deep');
      assert.equal(thrownError(() => xml(tree).decode('<Tree>'.repeat(levels))).code, 'too_deep');
    }
    // Brackets within strings do not count, whatever is escaped there.
    assert.equal(json(tree).decode(JSON.stringify({ name: '["\\{'.repeat(400) })).name.length, 1600);
    assert.equal(json(tree).decode(document(100)).branches.length, 1);
  });

  test('of a value to encode has the same limit', () => {
    let value = { name: '', branches: [] };
    for (let i = 0; i < 127; ++i) value = { name: '', branches: [value] };
    assert.ok(json(tree).decode(json(tree).encode(value)));
    value = { name: '', branches: [value] };
    assert.equal(thrownError(() => json(tree).encode(value)).code, 'too_deep');
  });
});
