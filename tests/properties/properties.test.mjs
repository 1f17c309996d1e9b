// What holds for values of types that no test has thought of. TWINSOCKET_SEED, at the build and here, draws others.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { whyGoDiffers } from './differences.mjs';
import { mutated } from './mutate.mjs';
import { check, codecs, draw, hasGo, isRefusal, types, wasmTypes } from './programs.mjs';
import { Random } from './random.mjs';

const { seed, structs, names } = types;
const valuesOfOurs = 40; // of each type
const valuesOfGo = 20;
const changesOfEach = 2;

const limit = { timeout: 300_000 };
const withGo = { ...limit, skip: !hasGo && 'Go is not installed' };
const goReads = { ours: [], json: ['json'], both: ['json', 'xml'] };

const shown = (bytes, codec) => (codec === 'cbor' && !isRefusal(bytes) ? bytes.toString('hex') : bytes.toString());

/** That a document has this answer, in these codecs. */
function assertAnswer({ codec, bytes }, answer, expected, inCodecs = codecs) {
  for (const each of inCodecs)
    assert.equal(
      shown(answer[each], each),
      shown(expected[each], each),
      `in ${each} of the ${codec} document ${shown(bytes, codec)}`,
    );
}

/** That Go gives the same answer: a value in both forms, or a refusal in words of its own. */
function assertGoAgrees(document, inCodecs) {
  const { native, go } = document;
  const bothRefuse = (codec) => isRefusal(native[codec]) && isRefusal(go[codec]);
  assertAnswer(
    document,
    go,
    native,
    inCodecs.filter((codec) => !bothRefuse(codec)),
  );
}

/** The documents that were made of a value; some codec may have refused it. */
const documentsOf = (lines, inCodecs) =>
  lines.flatMap((value) =>
    inCodecs
      .filter((codec) => value[codec].length && !isRefusal(value[codec]))
      .map((codec) => ({ type: value.type, codec, bytes: value[codec], value })),
  );

async function answer(all) {
  const ours = { native: await check('native', all), wasm: await check('wasm', all) };
  all.forEach((document, i) => {
    document.native = ours.native[i];
    document.wasm = ours.wasm[i];
  });
  if (!hasGo) return;
  const reach = Object.fromEntries(structs.map((each) => [each.name, each.reach]));
  const read = all.filter(({ type, codec }) => goReads[reach[type]].includes(codec));
  const gos = await check('go', read);
  read.forEach((document, i) => (document.go = gos[i]));
}

const drawn = {};
const documents = { ours: [], go: [], changed: [] };
before(async () => {
  drawn.native = await draw('native', seed, valuesOfOurs);
  drawn.wasm = await draw('wasm', seed, valuesOfOurs);
  drawn.go = hasGo ? await draw('go', seed, valuesOfGo) : { output: '', lines: [] };
  documents.ours = documentsOf(drawn.native.lines, codecs);
  documents.go = documentsOf(drawn.go.lines, ['json', 'xml']);
  const random = new Random(seed);
  for (const { type, codec, bytes } of [...documents.ours, ...documents.go])
    for (let i = 0; i < changesOfEach; ++i)
      documents.changed.push({ type, codec, bytes: mutated(random, codec, bytes) });
  for (const all of Object.values(documents)) await answer(all);
}, limit);

const ofType = (all, name) => {
  const found = all.filter(({ type }) => type === name);
  assert(found.length > 0);
  return found;
};

test('the programs have the types of the same seed', (t) => {
  t.diagnostic(`TWINSOCKET_SEED=${seed}`);
  assert.equal(wasmTypes.seed, seed);
  assert.equal(String(seed), process.env.TWINSOCKET_SEED || '1', 'they were built with another TWINSOCKET_SEED');
});

for (const who of ['native', 'wasm'])
  test(`every value comes back from every codec, ${who}`, limit, () => {
    assert.equal(drawn[who].output, '');
    assert.equal(drawn[who].lines.length, structs.length * valuesOfOurs);
  });

for (const { name, wire, reach } of structs) {
  describe(`${name} ("${wire}")`, limit, () => {
    test('native and WebAssembly write the same bytes', () => {
      const inWasm = ofType(drawn.wasm.lines, name);
      ofType(drawn.native.lines, name).forEach((value, i) =>
        assertAnswer({ codec: 'value', bytes: Buffer.from(String(i)) }, inWasm[i], value),
      );
    });

    test('a document of JSON or CBOR gives the same value in every codec', () => {
      for (const document of ofType(documents.ours, name))
        if (document.codec !== 'xml') assertAnswer(document, document.native, document.value);
    });

    for (const [kind, which] of [
      ['ours', 'documents'],
      ['changed', 'changed documents'],
    ])
      for (const codec of codecs)
        test(`native and WebAssembly think the same of ${which} in ${codec}`, () => {
          for (const document of ofType(documents[kind], name))
            if (document.codec === codec) assertAnswer(document, document.wasm, document.native);
        });

    for (const codec of goReads[reach]) {
      test(`Go reads what we write in ${codec}, and writes the same bytes`, withGo, () => {
        for (const document of ofType(documents.ours, name))
          if (document.codec === codec) assertGoAgrees(document, goReads[reach]);
      });
      test(`what Go writes in ${codec} we read, and write the same bytes`, withGo, () => {
        for (const document of ofType(documents.go, name)) {
          if (document.codec !== codec) continue;
          assert.equal(shown(document.native[codec], codec), shown(document.bytes, codec));
          assertGoAgrees(document, goReads[reach]);
        }
      });
      test(`of changed documents in ${codec} Go thinks the same, or there is a reason`, withGo, (t) => {
        const reasons = {};
        for (const document of ofType(documents.changed, name)) {
          if (document.codec !== codec) continue;
          const reason = whyGoDiffers(document, document.native, document.go, new Set(names));
          if (!reason) assertGoAgrees(document, goReads[reach]);
          assert(reason, `${shown(document.bytes, codec)}: we say ${document.native.json}, and Go ${document.go.json}`);
          reasons[reason] = (reasons[reason] ?? 0) + 1;
        }
        t.diagnostic(JSON.stringify(reasons));
      });
    }
  });
}
