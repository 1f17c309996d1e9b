// Attributes of the members of a struct.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkRoundTrip } from './round_trip.mjs';
import { load } from './package.mjs';
import { thrownError } from './thrown_error.mjs';

const twinsocket = await load();
const {
  asString,
  attribute,
  boolean,
  bytes,
  choice,
  content,
  float32,
  initXml,
  int64,
  int8,
  json,
  list,
  map,
  number,
  omitEmpty,
  oneElement,
  optional,
  required,
  string,
  struct,
  time,
  uint64,
  withDefault,
  xml,
  xmlName,
} = twinsocket;
await initXml();

const both = checkRoundTrip(twinsocket);
const said = (action) => thrownError(action).message;
const one = (member) => struct('V', { v: member });

describe('attributes of struct members', () => {
  const article = struct('Article', {
    Id: attribute(int64()),
    Lang: attribute(omitEmpty(string())),
    Text: content(string()),
  });

  test('attribute and content are XML attributes and text', () => {
    both(
      article,
      { Id: 7n, Lang: 'de', Text: 'a<b' },
      '{"Id":7,"Lang":"de","Text":"a<b"}',
      '<Article Id="7" Lang="de">a&lt;b</Article>',
    );
    assert.equal(xml(article).encode({ Id: 0n, Lang: '', Text: '"' }), '<Article Id="0">&#34;</Article>');
    assert.deepEqual(xml(article).decode('<x:Article xmlns:x="u" x:Id=" 5 " other="1">a<b/>c</x:Article>'), {
      Id: 5n,
      Lang: '',
      Text: 'ac',
    });
    assert.equal(
      said(() => xml(article).decode('<Article\nId="x"/>')),
      'Id: expected an integer from -9223372036854775808 to 9223372036854775807, found "x" at line 1',
    );
    assert.match(
      said(() => xml(article).decode('<Article Id="1" x:Id="2" xmlns:x="u"/>')),
      /the attribute "Id" occurs twice/,
    );
    assert.match(
      said(() => struct('A', { v: attribute(list(string())) })),
      /the attribute v is not a single value/,
    );
    assert.match(
      said(() => struct('A', { a: content(string()), b: content(string()) })),
      /both a and b are content/,
    );
  });

  test('xmlName paths share elements between members', () => {
    const letter = struct('Letter', {
      First: xmlName('To>Name>First', string()),
      Last: xmlName('To>Name>Last', string()),
      Lines: xmlName('Body>Line', list(string())),
      Signature: xmlName('End>Signature', optional(string())),
    });
    both(
      letter,
      { First: 'A', Last: 'B', Lines: ['x', 'y'] },
      '{"First":"A","Last":"B","Lines":["x","y"],"Signature":null}',
      '<Letter><To><Name><First>A</First><Last>B</Last></Name></To><Body><Line>x</Line><Line>y</Line></Body></Letter>',
    );
    assert.deepEqual(
      xml(letter).decode(
        '<Letter><To><Name><Last>B</Last></Name></To><Body/><To><Name><First>A</First></Name></To></Letter>',
      ),
      { First: 'A', Last: 'B', Lines: [] },
    );
    assert.match(
      said(() => struct('A', { a: string(), b: xmlName('a>b', string()) })),
      /two members use the element a$/,
    );
    assert.match(
      said(() => struct('A', { a: xmlName('x', string()), b: xmlName('x', string()) })),
      /two members use the element x$/,
    );
  });

  test('withDefault, asString, omitEmpty and required', () => {
    const settings = struct('Settings', {
      must: required(string()),
      id: asString(uint64()),
      on: withDefault(asString(boolean()), true),
      tags: withDefault(list(string()), ['a']),
      kind: omitEmpty(choice('none', 'some')),
      note: omitEmpty(asString(optional(int8()))),
    });
    const empty = json(settings).decode('{"must":""}');
    assert.deepEqual(empty, { must: '', id: 0n, on: true, tags: ['a'], kind: 'none' });
    empty.tags.push('b');
    assert.deepEqual(json(settings).decode('{"must":""}').tags, ['a']);
    both(
      settings,
      { must: 'x', id: 2n ** 64n - 1n, on: false, tags: ['c'], kind: 'some', note: 3 },
      '{"must":"x","id":"18446744073709551615","on":"false","tags":["c"],"kind":"some","note":"3"}',
      '<Settings><must>x</must><id>18446744073709551615</id><on>false</on><tags>c</tags><kind>some</kind><note>3</note></Settings>',
    );
    assert.equal(
      said(() => json(settings).decode('{"must":"","id":1}')),
      'id: expected an integer from 0 to 18446744073709551615 in a string, found a number',
    );
    assert.match(
      said(() => json(settings).decode('{"must":"","id":"01"}')),
      /found "01"$/,
    );
    assert.match(
      said(() => json(settings).decode('{"must":"","on":"True"}')),
      /found "True"$/,
    );
    assert.equal(
      said(() => xml(settings).decode('<Settings>\n</Settings>')),
      'the member "must" is missing at line 1',
    );
    assert.equal(thrownError(() => withDefault(int8(), 300)).code, 'type_mismatch');
    // An empty list has no element in XML, and does not count as missing.
    const lists = struct('V', { l: required(list(int8())), m: required(map(int8())), o: required(optional(int8())) });
    assert.deepEqual(xml(lists).decode('<V/>'), { l: [], m: {} });
    assert.equal(
      said(() => json(lists).decode('{}')),
      'the member "l" is missing',
    );
    assert.equal(
      said(() => xml(one(required(list(int8(), 1)))).decode('<V/>')),
      'the member "v" is missing at line 1',
    );
    // A member that is required in documents may have a default in a new struct.
    assert.deepEqual(json(one(struct('W', { w: required(string()) }))).decode('{}'), { v: { w: '' } });
    assert.equal(thrownError(() => asString(string())).code, 'invalid_argument');
  });

  test('an absent struct has default values, even for its required members', () => {
    const outer = struct('Outer', {
      inner: struct('Inner', { must: required(int8()), maybe: withDefault(int8(), 5) }),
    });
    assert.deepEqual(json(outer).decode('{}'), { inner: { must: 0, maybe: 5 } });
    assert.equal(
      said(() => json(outer).decode('{"inner":{}}')),
      'inner: the member "must" is missing',
    );
  });

  test('a type mismatch is reported before a missing member', () => {
    const pair = struct('Pair', { a: required(int8()), b: int8() });
    assert.equal(
      said(() => json(pair).decode('{"b":""}')),
      'b: expected an integer from -128 to 127, found a string',
    );
  });

  test('an object with members such as toString is refused as a value of another type', () => {
    for (const type of [
      int8(),
      int64(),
      number(),
      float32(),
      string(),
      boolean(),
      bytes(),
      time(),
      choice('a'),
      asString(int8()),
    ])
      for (const odd of [
        '{"toString":1}',
        '{"valueOf":null,"toString":{}}',
        '[{"toString":1}]',
        '{"constructor":1,"length":2}',
      ])
        assert.match(
          said(() => json(one(type)).decode(`{"v":${odd}}`)),
          /^v: expected .*, found an (object|array)$/,
        );
    assert.equal(
      said(() => json(one(list(int8()))).decode('{"v":{"toString":1}}')),
      'v: expected an array, found an object',
    );
  });

  test('the order argument of struct() places members with integer names', () => {
    const numbered = struct('V', { b: int8(), 1: xmlName('one', int8()), a: int8() }, ['b', '1', 'a']);
    both(numbered, { b: 2, 1: 1, a: 3 }, '{"b":2,"1":1,"a":3}', '<V><b>2</b><one>1</one><a>3</a></V>');
    for (const order of [
      ['b', 'a'],
      ['b', 'a', '2'],
      ['a', 'a', 'b'],
    ])
      assert.throws(() => struct('V', { b: int8(), 1: int8(), a: int8() }, order), { code: 'invalid_argument' });
  });

  test('disallowUnknown refuses unknown members, elements and attributes', () => {
    const options = { disallowUnknown: true };
    assert.equal(
      said(() => json(article, options).decode('{"id":1}')),
      'the member "id" is not known',
    );
    assert.equal(
      said(() => xml(article, options).decode('<Article><x/></Article>')),
      'the element "x" is not known at line 1',
    );
    assert.equal(
      said(() => xml(article, options).decode('<Article x="1"/>')),
      'the attribute "x" is not known at line 1',
    );
    assert.equal(
      said(() => xml(one(string()), options).decode('<V><v><x/></v></V>')),
      'v: the element "x" is not known at line 1',
    );
    assert.deepEqual(xml(article, options).decode('<Article xmlns="u" Id="1"/>').Id, 1n);
  });

  test('oneElement writes a list as one element, and refuses null', () => {
    const path = oneElement(list(string()));
    both(one(path), { v: ['a', 'b'] }, '{"v":["a","b"]}', '<V><v><item>a</item><item>b</item></v></V>');
    assert.throws(() => json(one(path)).decode('{"v":null}'), { code: 'type_mismatch' });
  });
});
