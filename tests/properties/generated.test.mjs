// The checks that are generated for a package of messages, and the descriptions that they replace: the same values are accepted,
// with the same results, and the same errors. Documents and values are random, and slightly changed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { mutateDocument } from './mutate.mjs';
import { draw, isRefusal, native, types } from './programs.mjs';
import { Random } from './random.mjs';

const messages = await import(pathToFileURL(join(native, 'drawn-messages/dist/node.js')));
const { TwinsocketError, json } = messages;
const limit = { timeout: 300_000 };
const random = new Random(types.seed);
const valuesOfEach = 60;
const changesOfEach = 4;

/** A description without its generated checks. */
function interpreting(description) {
  const { checks, is, check, parse, ...own } = Object.getOwnPropertyDescriptors(description);
  assert.ok(checks && is && check && parse);
  return Object.create(Object.getPrototypeOf(description), own);
}

/** The result of an action, or its error. */
function outcome(action) {
  try {
    return { value: action() };
  } catch (error) {
    if (error instanceof TwinsocketError) return { error: error.message, code: error.code };
    throw error;
  }
}

const odd = [
  undefined, null, true, false, 0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 127, 128, 255, 256, 65535, 65536, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53,
  1e39, 1e-50, 0.1, 0n, -1n, 2n ** 53n, 2n ** 63n, 2n ** 64n, '', 'a', '5', 'true', '\ud800', '\u{1f600}', '2024-02-29T12:00:00Z',
  '2023-02-29T12:00:00Z', [], [1], ['a'], {}, { a: 1 }, JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"2":1,"1":2}'), new Uint8Array(0), new Uint8Array(16),
  new Map(), Symbol('a'), Object.assign([], { toJSON: () => 1 }),
];

const set = (object, key, value) => Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });

/** A copy of a value in which one part is another. */
function changed(value, depth = 0) {
  const isContainer = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
  const keys = isContainer ? Object.keys(value) : [];
  if (keys.length === 0 || (depth > 0 && random.chance(0.2))) return random.pick(odd);
  const key = random.pick(keys);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  if (!Array.isArray(value) && random.chance(0.15)) delete copy[key];
  else if (random.chance(0.1)) set(copy, Array.isArray(value) ? value.length : random.pick(['x', 'toString', '7', '__proto__']), random.pick(odd));
  else set(copy, key, changed(value[key], depth + 1));
  return copy;
}

const checked = Object.fromEntries(
  types.all.flatMap(({ name, wire }) => (messages[wire]?.checks ? [[name, messages[wire]]] : [])),
);
const drawn = {};
before(async () => {
  for (const line of (await draw('native', types.seed, valuesOfEach)).lines) (drawn[line.type] ??= []).push(line.json);
}, limit);

/** How often a generated function gave the result. */
const direct = { parse: 0, read: 0, write: 0 };

test('types have checks', (t) => {
  const having = (purpose) => Object.values(checked).filter(({ checks }) => checks[purpose]).length;
  t.diagnostic(`of ${types.all.length} types: ${JSON.stringify(Object.fromEntries(['is', 'parse', 'read', 'write'].map((each) => [each, having(each)])))}`);
  for (const purpose of ['is', 'parse', 'read', 'write']) assert.ok(having(purpose) > 0, purpose);
});

for (const [name, description] of Object.entries(checked)) {
  describe(name, limit, () => {
    const plain = interpreting(description);
    const { checks } = description;
    const documents = () => drawn[name].filter((bytes) => bytes.length && !isRefusal(bytes));
    const values = () => documents().map((bytes) => json(plain).decode(bytes.toString()));

    test('documents are decoded alike', () => {
      for (const bytes of documents()) {
        const all = [bytes, ...Array.from({ length: changesOfEach }, () => mutateDocument(random, 'json', bytes))];
        for (const document of all.map((each) => each.toString())) {
          for (const options of [{}, { disallowUnknown: true }]) {
            const [own, expected] = [description, plain].map((each) => outcome(() => json(each, options).decode(document)));
            assert.deepStrictEqual(own, expected, document);
          }
        }
        if (checks.read?.(JSON.parse(bytes.toString()), { others: false }) !== undefined) direct.read += 1;
      }
    });

    test('values are checked, copied and encoded alike', () => {
      for (const value of values()) {
        if (checks.write?.(value) !== undefined) direct.write += 1;
        if (checks.parse(value) !== undefined) direct.parse += 1;
        const raw = JSON.parse(json(plain).encode(value));
        const all = [value, raw, ...Array.from({ length: changesOfEach * 4 }, () => changed(value))];
        for (const each of all) {
          assert.equal(description.is(each), plain.is(each));
          assert.deepStrictEqual(outcome(() => description.check(each)), outcome(() => plain.check(each)));
          assert.deepStrictEqual(outcome(() => description.parse(each)), outcome(() => plain.parse(each)));
          assert.deepStrictEqual(outcome(() => json(description).encode(each)), outcome(() => json(plain).encode(each)));
        }
        assert.ok(description.is(value));
        assert.notEqual(description.parse(value), value);
      }
    });
  });
}

test('the generated functions are used', (t) => {
  t.diagnostic(JSON.stringify(direct));
  for (const count of Object.values(direct)) assert.ok(count > 0);
});
