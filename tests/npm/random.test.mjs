// Random documents: random bytes, and corrupted valid documents. For each, the codecs must return a value of the type
// or fail with a TwinsocketError. TWINSOCKET_SEED selects other documents, TWINSOCKET_ROUNDS more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbers } from './numbers.mjs';
import { load } from './package.mjs';

const twinsocket = await load();
const { TwinsocketError, initXml, cbor, json, xml } = twinsocket;
const t = twinsocket;
await initXml();

const seed = Number(process.env.TWINSOCKET_SEED ?? 1);
const rounds = Number(process.env.TWINSOCKET_ROUNDS ?? 4000);

const below = numbers(seed);
const pick = (from) => from[below(from.length)];

const inner = t.struct('Inner', { id: t.attribute(t.uint64()), text: t.content(t.string()) });
const all = t.struct('All', {
  flag: t.boolean(),
  small: t.int8(),
  large: t.int64(),
  float: t.float32(),
  double: t.number(),
  text: t.required(t.string()),
  data: t.bytes(),
  two: t.bytes(2),
  at: t.time(),
  color: t.choice('red', 'green'),
  list: t.list(t.int16()),
  pair: t.list(t.string(), 2),
  rows: t.list(t.list(t.uint8())),
  map: t.map(t.optional(t.int32())),
  shape: t.oneOf({ Inner: inner, word: t.string() }),
  maybe: t.optional(inner),
  path: t.xmlName('a>b', t.list(t.string())),
  exact: t.asString(t.int64()),
  more: t.omitEmpty(t.list(t.lazy(() => all))),
});

const texts = [
  '',
  'a',
  '\u00e4\u{1f600}',
  ']]>',
  '<&>"\'',
  '\r\n\t',
  'x'.repeat(70),
  '12345678901234567890',
  '__proto__',
  '\ufeff',
];
function draw(depth = 0) {
  const many = (make) => Array.from({ length: below(4) }, make);
  const make = {
    flag: below(2) === 1,
    small: below(256) - 128,
    large: pick([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n, BigInt(below(1000))]),
    float: pick([0, -0, 0.1, 3.4e38, 1e-45, below(1000) / 8]),
    double: pick([0, -0, 0.1, 5e-324, 1.7976931348623157e308, 1e21, 123456789, below(1e6) / 7]),
    text: pick(texts),
    data: Uint8Array.from(many(() => below(256))),
    two: Uint8Array.of(below(256), below(256)),
    at: '2024-02-29T12:00:00.5Z',
    color: pick(['red', 'green']),
    list: many(() => below(65536) - 32768),
    pair: [pick(texts), pick(texts)],
    rows: many(() => many(() => below(256))),
    map: Object.fromEntries(many(() => [pick(texts), below(9)])),
    shape: pick([{ word: pick(texts) }, { Inner: { id: 18446744073709551615n, text: pick(texts) } }]),
    path: many(() => pick(texts)),
    exact: -9223372036854775808n,
    more: depth < 2 ? many(() => draw(depth + 1)) : [],
  };
  return below(2) ? { ...make, maybe: { id: BigInt(below(9)), text: pick(texts) } } : make;
}

/** The same bytes with a few changed, removed, duplicated or inserted. */
function spoiled(bytes) {
  const made = [...bytes];
  for (let left = 1 + below(3); left > 0; --left) {
    const at = below(made.length + 1);
    const size = 1 + below(6);
    const what = below(5);
    if (what === 0) made[at] = below(256);
    else if (what === 1) made.splice(at, size);
    else if (what === 2) made.splice(at, 0, ...made.slice(at, at + size));
    else if (what === 3) made.splice(at, 0, ...Array.from({ length: size }, () => below(256)));
    else
      made.splice(
        at,
        0,
        ...[...pick(['null', '[', '{', '"', '1e400', '12345678901234567', '<', '&#0;', '\\ud800'])].map((c) =>
          c.charCodeAt(0),
        ),
      );
  }
  return Uint8Array.from(made);
}

function isSane(codec, document) {
  let value;
  try {
    value = codec.decode(document);
  } catch (error) {
    if (error instanceof TwinsocketError) return;
    throw new Error(
      `${typeof document === 'string' ? document : Buffer.from(document).toString('hex')}: ${error.stack}`,
    );
  }
  assert.ok(all.is(value));
  // The decoded value is encoded and must decode to the same value.
  const again = codec.decode(codec.encode(value));
  assert.deepEqual(codec.encode(again), codec.encode(value));
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
}
const asText = (bytes) => Buffer.from(bytes).toString('utf8');

for (const [name, codec] of Object.entries({ json: json(all), xml: xml(all), cbor: cbor(all) })) {
  test(`random values round-trip in ${name}`, () => {
    for (let round = 0; round < rounds / 10; ++round) {
      const value = draw();
      // XML cannot represent some of the characters and normalizes line ends. JSON keeps the sign of zero.
      const back = codec.decode(codec.encode(value));
      if (name === 'xml') assert.equal(codec.encode(back), codec.encode(value));
      else assert.deepEqual(back, value, `seed ${seed}`);
    }
  });

  test(`a corrupted ${name} document decodes to a valid value or fails with a TwinsocketError`, () => {
    for (let round = 0; round < rounds; ++round) {
      const good = codec.encode(draw(1));
      const bad = spoiled(typeof good === 'string' ? Buffer.from(good) : good);
      isSane(codec, name === 'cbor' ? bad : asText(bad));
    }
    assert.equal({}.polluted, undefined);
  });

  test(`random bytes as ${name} decode to a valid value or fail with a TwinsocketError`, () => {
    for (let round = 0; round < rounds; ++round) {
      const bytes = Uint8Array.from({ length: below(64) }, () => below(256));
      isSane(codec, name === 'cbor' ? bytes : asText(bytes));
    }
    assert.equal({}.polluted, undefined);
  });
}
