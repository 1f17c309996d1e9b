import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { load } from './package.mjs';
import { echo, listen, rejectionOf } from './peer.mjs';
import { thrownError } from './thrown_error.mjs';

const {
  binary,
  boolean,
  cbor,
  choice,
  codecOf,
  connect,
  initXml,
  int16,
  int32,
  int8,
  integer,
  json,
  list,
  number,
  optional,
  required,
  string,
  struct,
  text,
  uint16,
  uint32,
  uint8,
  xml,
} = await load();
const limit = { timeout: 60_000 };

const person = struct('Person', { Name: string(), Emails: list(string()) });
const jan = { Name: 'Jan', Emails: ['jan@example.com', 'jan@work.example'] };
const janInJson = '{"Name":"Jan","Emails":["jan@example.com","jan@work.example"]}';
const janInXml = '<Person><Name>Jan</Name><Emails>jan@example.com</Emails><Emails>jan@work.example</Emails></Person>';

const reading = struct('Reading', {
  label: string(),
  value: number(),
  kind: choice('temperature', 'fan'),
  high: optional(number()),
  place: struct('Place', { room: string(), floor: int8() }),
  valid: boolean(),
});
const warm = { label: 'cpu', value: 41.5, kind: 'temperature', place: { room: 'lab', floor: -1 }, valid: true };

describe('a description', limit, () => {
  test('is() tells whether a value matches, and check() returns it unchanged', () => {
    assert.ok(person.is(jan));
    assert.equal(person.check(jan), jan);
    assert.ok(reading.is(warm));
    assert.ok(reading.is({ ...warm, high: 90 }));
    assert.ok(person.is({ ...jan, more: 1 }));
    for (const value of [null, undefined, 1, 'Jan', [], {}, { Name: 'Jan' }, { Name: 'Jan', Emails: null }])
      assert.equal(person.is(value), false, JSON.stringify(value));
  });

  for (const [value, message] of [
    [null, 'expected an object, found null'],
    [[jan], 'expected an object, found an array'],
    [{ Emails: [] }, 'Name: expected a string, found nothing'],
    [{ Name: 1, Emails: [] }, 'Name: expected a string, found a number'],
    [{ Name: 'Jan', Emails: 'none' }, 'Emails: expected an array, found a string'],
    [{ Name: 'Jan', Emails: ['a', 2] }, 'Emails[1]: expected a string, found a number'],
    [{ Name: 'Jan', Emails: ['a', {}] }, 'Emails[1]: expected a string, found an object'],
  ]) {
    test(`check() reports for ${JSON.stringify(value)}: ${message}`, () => {
      const error = thrownError(() => person.check(value));
      assert.equal(error.code, 'type_mismatch');
      assert.equal(error.message, message);
    });
  }

  for (const [value, message] of [
    [{ ...warm, value: 'hot' }, 'value: expected a number, found a string'],
    [{ ...warm, kind: 'smell' }, 'kind: expected one of temperature, fan, found "smell"'],
    [{ ...warm, high: 'x' }, 'high: expected a number, found a string'],
    [{ ...warm, valid: 1 }, 'valid: expected a boolean, found a number'],
    [{ ...warm, place: { room: 'lab', floor: 200 } }, 'place.floor: expected an integer from -128 to 127, found 200'],
    [{ ...warm, place: { room: 'lab', floor: 1.5 } }, 'place.floor: expected an integer from -128 to 127, found 1.5'],
    [{ ...warm, place: 7 }, 'place: expected an object, found a number'],
  ]) {
    test(`check() names the path: ${message}`, () => {
      assert.equal(thrownError(() => reading.check(value)).message, message);
    });
  }

  test('of an integer accepts exactly the range of its type', () => {
    for (const [kind, low, high] of [
      [int8(), -128, 127],
      [uint8(), 0, 255],
      [int16(), -32768, 32767],
      [uint16(), 0, 65535],
      [int32(), -2147483648, 2147483647],
      [uint32(), 0, 4294967295],
      [integer(), Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ]) {
      assert.ok(kind.is(low) && kind.is(high) && kind.is(0));
      assert.ok(!kind.is(low - 1) && !kind.is(high + 1) && !kind.is(0.5));
    }
  });

  test('accepts members named like properties of Object.prototype', () => {
    const odd = struct('Odd', { constructor: string(), toString: string() });
    assert.equal(thrownError(() => odd.check({})).message, 'constructor: expected a string, found nothing');
    assert.ok(odd.is({ constructor: 'a', toString: 'b' }));
    assert.deepEqual({ ...json(odd).decode('{}') }, { constructor: '', toString: '' });
  });

  test('refuses other objects as descriptions', () => {
    assert.equal(thrownError(() => list({ check: () => 1, is: () => true, expected: '' })).code, 'invalid_argument');
    assert.equal(thrownError(() => struct('X', JSON.parse('{"__proto__": 1}'))).code, 'invalid_argument');
  });
});

describe('the text and binary codecs', limit, () => {
  test('pass values through, and refuse the other message kind', () => {
    assert.equal(text.decode(text.encode('a')), 'a');
    assert.deepEqual(binary.decode(binary.encode(new Uint8Array([1]))), new Uint8Array([1]));
    assert.equal(
      thrownError(() => text.decode(new Uint8Array(3))).message,
      'expected a text message, found 3 bytes of binary',
    );
    assert.equal(thrownError(() => binary.decode('abc')).code, 'wrong_kind');
  });
});

describe('the JSON codec', limit, () => {
  test('writes the members in the described order and no others', () => {
    assert.equal(json(person).encode({ more: 1, Emails: jan.Emails, Name: 'Jan' }), janInJson);
    assert.equal(
      json(reading).encode(warm),
      '{"label":"cpu","value":41.5,"kind":"temperature","high":null,"place":{"room":"lab","floor":-1},"valid":true}',
    );
  });

  test('round-trips values', () => {
    assert.deepEqual(json(person).decode(janInJson), jan);
    assert.deepEqual(json(reading).decode(json(reading).encode(warm)), warm);
    assert.deepEqual(json(reading).decode(json(reading).encode({ ...warm, high: 1 })), { ...warm, high: 1 });
  });

  test('reads absent members, and null for a list, as Go writes them', () => {
    assert.deepEqual(json(person).decode('{"Name":"Jan","Emails":null,"More":{"a":[1]}}'), { Name: 'Jan', Emails: [] });
    assert.deepEqual(json(person).decode('{}'), { Name: '', Emails: [] });
    assert.deepEqual(json(reading).decode('{}'), {
      label: '',
      value: 0,
      kind: 'temperature',
      place: { room: '', floor: 0 },
      valid: false,
    });
  });

  for (const [document, code, message] of [
    ['', 'malformed', /not JSON/],
    ['{"Name":', 'malformed', /not JSON/],
    ['{"Name":"Jan"} trailing', 'malformed', /not JSON/],
    ['null', 'type_mismatch', /^expected an object, found null$/],
    ['{"Name":null}', 'type_mismatch', /^Name: expected a string, found null$/],
    ['{"Emails":[1]}', 'type_mismatch', /^Emails\[0\]: expected a string, found a number$/],
    ['{"Emails":{}}', 'type_mismatch', /^Emails: expected an array, found an object$/],
  ]) {
    test(`refuses ${document || 'an empty document'}`, () => {
      const error = thrownError(() => json(person).decode(document));
      assert.equal(error.code, code);
      assert.match(error.message, message);
    });
  }

  test('refuses a missing required member, and a mismatched value to encode', () => {
    const strict = struct('Strict', { Name: required(string()) });
    const outer = struct('Outer', { Inner: list(strict) });
    assert.equal(thrownError(() => json(strict).decode('{}')).message, 'the member "Name" is missing');
    assert.equal(
      thrownError(() => json(outer).decode('{"Inner":[{"Name":""},{}]}')).message,
      'Inner[1]: the member "Name" is missing',
    );
    assert.equal(
      thrownError(() => json(person).encode({ Name: 'Jan' })).message,
      'Emails: expected an array, found nothing',
    );
    assert.equal(thrownError(() => json(person).decode(new Uint8Array(1))).code, 'wrong_kind');
  });

  test('refuses to write NaN and Infinity, and names the path', () => {
    const error = thrownError(() => json(reading).encode({ ...warm, value: Number.NaN }));
    assert.equal(error.code, 'invalid_argument');
    assert.equal(error.message, 'value: JSON has no NaN');
    assert.equal(thrownError(() => json(list(number())).encode([1, Infinity])).message, '[1]: JSON has no Infinity');
  });

  test('without a description accepts any JSON', () => {
    assert.deepEqual(json().decode('[1,{"a":null}]'), [1, { a: null }]);
    assert.equal(json().encode({ a: [true] }), '{"a":[true]}');
    assert.equal(thrownError(() => json().encode(undefined)).code, 'type_mismatch');
    assert.equal(thrownError(() => json().decode('[')).code, 'malformed');
    const itself = [];
    itself.push(itself);
    for (const value of [{ a: 1n }, itself]) assert.equal(thrownError(() => json().encode(value)).code, 'type_mismatch');
  });
});

describe('the XML codec', limit, () => {
  test('throws an error that names initXml() before its module is loaded', () => {
    const error = thrownError(() => xml(person).encode(jan));
    assert.equal(error.code, 'unsupported');
    assert.match(error.message, /await initXml\(\)/);
  });

  test('loads with initXml()', () => initXml());

  test('writes and reads the same documents as Go', () => {
    assert.equal(xml(person).encode(jan), janInXml);
    assert.deepEqual(xml(person).decode(janInXml), jan);
    assert.equal(
      xml(reading).encode({ ...warm, high: 1e6 }),
      '<Reading><label>cpu</label><value>41.5</value><kind>temperature</kind><high>1e+06</high>' +
        '<place><room>lab</room><floor>-1</floor></place><valid>true</valid></Reading>',
    );
    assert.deepEqual(xml(reading).decode(xml(reading).encode(warm)), warm);
    assert.equal(xml(person).encode({ Name: '', Emails: [] }), '<Person><Name></Name></Person>');
  });

  test('escapes text as Go does, and decodes it again', () => {
    const odd = { Name: '<&>"\'\t\n\r ä\u{1f600}]]>', Emails: [' ', '\n'] };
    const document = xml(person).encode(odd);
    assert.equal(
      document,
      '<Person><Name>&lt;&amp;&gt;&#34;&#39;&#x9;&#xA;&#xD; ä\u{1f600}]]&gt;</Name><Emails> </Emails><Emails>&#xA;</Emails></Person>',
    );
    assert.deepEqual(xml(person).decode(document), odd);
  });

  test('refuses characters that XML does not allow, and names character and position', () => {
    for (const [character, name] of [
      ['\0', 'U+0000'],
      ['\x01', 'U+0001'],
      ['\ufffe', 'U+FFFE'],
      ['\uffff', 'U+FFFF'],
    ])
      assert.throws(
        () => xml(person).encode({ Name: 'Jan', Emails: ['', `\u{1f600}x${character}y`] }),
        { code: 'invalid_argument', message: `Emails[1]: XML does not allow ${name}, which is character 3` },
      );
    assert.throws(() => xml(person).encode({ Name: '\ud800', Emails: [] }), { code: 'invalid_utf8', message: /^Name: / });
  });

  test('formats numbers as Go does', () => {
    const one = struct('N', { v: number() });
    for (const [value, written] of [
      [0, '0'],
      [-0, '-0'],
      [1, '1'],
      [100000, '100000'],
      [1e6, '1e+06'],
      [1234567, '1.234567e+06'],
      [0.0001, '0.0001'],
      [0.00001, '1e-05'],
      [-1.5e-7, '-1.5e-07'],
      [1e21, '1e+21'],
      [1.7976931348623157e308, '1.7976931348623157e+308'],
      [5e-324, '5e-324'],
      [0.1, '0.1'],
    ]) {
      assert.equal(xml(one).encode({ v: value }), `<N><v>${written}</v></N>`);
      assert.ok(Object.is(xml(one).decode(`<N><v>${written}</v></N>`).v, value), written);
    }
    assert.equal(xml(struct('N', { v: int32() })).encode({ v: 12345678 }), '<N><v>12345678</v></N>');
  });

  test('skips unknown elements, white space, comments and namespace prefixes', () => {
    const document = `<?xml version="1.0" encoding="UTF-8"?>
      <!-- who -->
      <p:Person xmlns:p="urn:p" id="7">
        <Age>40</Age>
        <Emails>a</Emails><p:Name>J<!-- -->an</p:Name><Emails><![CDATA[<b>]]></Emails>
      </p:Person>`;
    assert.deepEqual(xml(person).decode(document), { Name: 'Jan', Emails: ['a', '<b>'] });
    assert.deepEqual(xml(person).decode('<Person/>'), { Name: '', Emails: [] });
    assert.deepEqual(xml(reading).decode('<Reading><valid> true </valid><value> -1.5e1 </value><high/></Reading>'), {
      label: '',
      value: -15,
      kind: 'temperature',
      high: 0,
      place: { room: '', floor: 0 },
      valid: true,
    });
  });

  for (const [what, document, code, message] of [
    ['an empty document', '', 'malformed', /no root element/],
    ['text', 'hello', 'malformed', /text before the root element at line 1/],
    ['two root elements', '<Person/><Person/>', 'malformed', /after the root element/],
    ['an unclosed element', '<Person>\n<Name>Jan', 'malformed', /end of the document at line 2/],
    ['an undefined entity', '<Person><Name>&nbsp;</Name></Person>', 'malformed', /&nbsp;/],
    ['a NUL', '<Person><Name>a\0</Name></Person>', 'malformed', /U\+0/],
    [
      'a wrong root element',
      '<Human></Human>',
      'type_mismatch',
      /^the document is not|expected the element "Person", found "Human"/,
    ],
    [
      'a duplicate member',
      '<Person><Name>a</Name>\n<Name>b</Name></Person>',
      'type_mismatch',
      /^Name: the element "Name" occurs twice at line 2$/,
    ],
    ['301 levels', `${'<a>'.repeat(301)}${'</a>'.repeat(301)}`, 'too_deep', /256/],
    ['a million levels', '<a>'.repeat(1_000_000), 'too_deep', /256/],
    [
      'a doctype bomb',
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Person><Name>&b;</Name></Person>',
      'malformed',
      /&b;/,
    ],
  ]) {
    test(`refuses ${what}, and decodes the next document`, () => {
      const error = thrownError(() => xml(person).decode(document));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.deepEqual(xml(person).decode(janInXml), jan);
    });
  }

  for (const [document, message] of [
    ['<Reading>\n<value>hot</value></Reading>', 'value: expected a number, found "hot" at line 2'],
    ['<Reading><valid>yes</valid></Reading>', 'valid: expected a boolean, found "yes" at line 1'],
    ['<Reading><kind>smell</kind></Reading>', 'kind: expected one of temperature, fan, found "smell" at line 1'],
    [
      '<Reading>\n<place>\n<floor>300</floor></place></Reading>',
      'place.floor: expected an integer from -128 to 127, found "300" at line 3',
    ],
  ]) {
    test(`names the path and the line: ${message}`, () => {
      assert.equal(thrownError(() => xml(reading).decode(document)).message, message);
    });
  }

  test('skips 200 levels of unknown elements', () => {
    const deep = `<Person>${'<a>'.repeat(200)}${'</a>'.repeat(200)}<Name>Jan</Name></Person>`;
    assert.equal(xml(person).decode(deep).Name, 'Jan');
  });

  test('round-trips a document of several megabytes', () => {
    const large = { Name: 'x', Emails: Array.from({ length: 50_000 }, (_, i) => `größer-${i}@example.com`) };
    assert.deepEqual(xml(person).decode(xml(person).encode(large)), large);
  });

  test('refuses an invalid XML name, and a description that is not a struct', () => {
    assert.equal(thrownError(() => xml(string())).code, 'invalid_argument');
    const error = thrownError(() => xml(struct('P', { 'a b': string() })).encode({ 'a b': '' }));
    assert.equal(error.code, 'invalid_argument');
    assert.match(error.message, /"a b"/);
  });
});

describe('a typed connection', limit, () => {
  let peer;
  before(async () => {
    peer = await listen(echo);
  });
  after(() => peer.stop());

  for (const [name, codec, bad] of [
    ['JSON', json(person), '{"Name":7}'],
    ['XML', xml(person), '<Person><Name>'],
  ]) {
    test(`sends and receives values as ${name}, and stays open after a type mismatch`, async (t) => {
      const talker = await listen((socket) => {
        echo(socket);
        socket.send(bad);
      });
      t.after(() => talker.stop());
      const socket = await connect(talker.url, { codec });
      const error = await rejectionOf(socket.receive());
      assert.ok(error.code === 'type_mismatch' || error.code === 'malformed');
      await assert.rejects(socket.send({ Name: 'Jan', Emails: [1] }), { code: 'type_mismatch' });
      assert.throws(() => socket.trySend({ Name: 1 }), { code: 'type_mismatch' });
      await socket.send(jan);
      assert.deepEqual(await socket.receive(), jan);
      assert.equal(socket.trySend(jan), 'accepted');
      for await (const value of socket) {
        assert.deepEqual(value, jan);
        break;
      }
      assert.equal((await socket.close(1007, 'bad')).code, 1007);
    });
  }

  test('selects its codec by the negotiated subprotocol', async (t) => {
    const chooser = await listen(echo, { handleProtocols: (offered) => [...offered].at(-1) });
    t.after(() => chooser.stop());
    const codec = (subprotocol) => codecOf(subprotocol, person);
    for (const [subprotocols, encoded] of [
      [['a.xml', 'person.json'], janInJson],
      [['person.json', 'b.person.xml'], janInXml],
      [['cbor'], cbor(person).encode(jan)],
      [['something'], janInJson],
      [['JSON', 'person.toString'], janInJson],
    ]) {
      const socket = await connect(chooser.url, { codec, subprotocols, keepalive: false });
      assert.equal(socket.subprotocol, subprotocols.at(-1));
      await socket.send(jan);
      assert.deepEqual(await socket.receive(), jan);
      await socket.close();
      assert.deepEqual(codec(socket.subprotocol).encode(jan), encoded);
    }
    assert.throws(() => codecOf('x.xml', person, { disallowUnknown: true }).decode('<Person><x/></Person>'), {
      code: 'type_mismatch',
    });
  });

  test('accepts a custom codec', async () => {
    const hex = {
      encode: (value) => value.toString(16),
      decode: (message) => Number.parseInt(message, 16),
    };
    const socket = await connect(peer.url, { codec: hex });
    await socket.send(255);
    assert.equal(await socket.receive(), 255);
    await socket.close();
  });
});
