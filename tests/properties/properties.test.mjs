// Properties of the codecs with values of random types. TWINSOCKET_SEED, at the build and here, selects others.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { goReplaces, whyGoDiffers, whyTypeScriptDiffers } from './differences.mjs';
import { mutateDocument } from './mutate.mjs';
import { check, codecs, draw, hasGo, isRefusal, types, wasmTypes } from './programs.mjs';
import { Random } from './random.mjs';
import { answerInTypeScript } from './typescript.mjs';

const { seed, all: everyType, names } = types;
const valuesOfOurs = 40; // per type
const valuesOfGo = 20;
const changesOfEach = 2;

const limit = { timeout: 300_000 };
const withGo = { ...limit, skip: !hasGo && 'Go is not installed' };
const goReads = { ours: [], json: ['json'], both: ['json', 'xml'] };

const shown = (bytes, codec) => (codec === 'cbor' && !isRefusal(bytes) ? bytes.toString('hex') : bytes.toString());

/** Requires this answer for a document, in these codecs. */
function assertAnswer({ codec, bytes }, answer, expected, inCodecs = codecs) {
  for (const each of inCodecs)
    assert.equal(
      shown(answer[each], each),
      shown(expected[each], each),
      `in ${each} of the ${codec} document ${shown(bytes, codec)}`,
    );
}

/** Requires the same answer of Go: the same value in both formats, or an error with its own text. */
function assertGoAgrees(document, inCodecs) {
  const { native, go } = document;
  const differing = inCodecs.filter(
    (codec) =>
      (!isRefusal(native[codec]) || !isRefusal(go[codec])) && !goReplaces(codec, native[codec], go[codec]),
  );
  assertAnswer(document, go, native, differing);
}

/** The documents that a value was encoded to. Some codecs may have refused it. */
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
    document.typescript = answerInTypeScript(document);
  });
  if (!hasGo) return;
  const goFormats = Object.fromEntries(everyType.map((each) => [each.name, each.goFormats]));
  const read = all.filter(({ type, codec }) => goReads[goFormats[type]].includes(codec));
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
      documents.changed.push({ type, codec, bytes: mutateDocument(random, codec, bytes) });
  for (const all of Object.values(documents)) await answer(all);
}, limit);

/** Requires a known reason for each difference, and reports how often each reason occurred. */
function allHaveReasons(t, changed, why, implementation) {
  const reasons = {};
  for (const document of changed) {
    const reason = why(document);
    const { native, [implementation]: other, codec, bytes } = document;
    // Go has no CBOR.
    if (!reason) assertAnswer(document, other, native, implementation === 'go' ? ['json', 'xml'] : codecs);
    assert(reason, `${implementation} differs from C++ in ${shown(bytes, codec)}`);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  t.diagnostic(JSON.stringify(reasons));
}

const ofType = (all, name) => {
  const found = all.filter(({ type }) => type === name);
  assert(found.length > 0);
  return found;
};

const inCodec = (all, name, wanted) => ofType(all, name).filter(({ codec }) => codec === wanted);

test('the native and WebAssembly programs have the same types', (t) => {
  const read = Object.values(documents).flat().length;
  t.diagnostic(`TWINSOCKET_SEED=${seed}: ${read} documents`);
  assert.equal(wasmTypes.checksum, types.checksum, 'one of them is older than the other');
  assert.equal(String(seed), process.env.TWINSOCKET_SEED || '1', 'they were built with another TWINSOCKET_SEED');
});

for (const implementation of ['native', 'wasm'])
  test(`each codec round-trips each value, ${implementation}`, limit, () => {
    assert.equal(drawn[implementation].output, '');
    assert.equal(drawn[implementation].lines.length, everyType.length * valuesOfOurs);
  });

for (const { name, wire, goFormats } of everyType) {
  describe(`${name} ("${wire}")`, limit, () => {
    test('native and WebAssembly write the same bytes', () => {
      const inWasm = ofType(drawn.wasm.lines, name);
      ofType(drawn.native.lines, name).forEach((value, i) =>
        assertAnswer({ codec: 'value', bytes: Buffer.from(String(i)) }, inWasm[i], value),
      );
    });

    test('a JSON or CBOR document decodes to the value that was encoded', () => {
      for (const document of ofType(documents.ours, name))
        if (document.codec !== 'xml') assertAnswer(document, document.native, document.value);
    });

    for (const codec of codecs) {
      const sameInWasm = (all) => {
        for (const document of inCodec(all, name, codec)) assertAnswer(document, document.wasm, document.native);
      };
      test(`native and WebAssembly decode ${codec} documents alike`, () => {
        sameInWasm([...documents.ours, ...documents.go]);
      });
      test(`native and WebAssembly decode or refuse mutated ${codec} documents alike`, () => {
        sameInWasm(documents.changed);
      });
    }

    for (const codec of goReads[goFormats]) {
      test(`Go decodes our ${codec} documents and encodes the same bytes`, withGo, () => {
        for (const document of inCodec(documents.ours, name, codec)) assertGoAgrees(document, goReads[goFormats]);
      });
      test(`C++ decodes the ${codec} documents of Go and encodes the same bytes`, withGo, () => {
        for (const document of inCodec(documents.go, name, codec)) {
          assert.equal(shown(document.native[codec], codec), shown(document.bytes, codec));
          assertGoAgrees(document, goReads[goFormats]);
        }
      });
      test(`Go decodes or refuses mutated ${codec} documents as C++ does, except for known differences`, withGo, (t) => {
        const why = (document) => whyGoDiffers(document, document.native, document.go, new Set(names));
        allHaveReasons(t, inCodec(documents.changed, name, codec), why, 'go');
      });
    }

    for (const codec of codecs) {
      const why = (document) => whyTypeScriptDiffers(document, document.native, document.typescript);
      test(`TypeScript decodes ${codec} documents as C++ does and encodes the same bytes`, () => {
        for (const document of inCodec([...documents.ours, ...documents.go], name, codec))
          if (why(document) !== 'the same')
            assertAnswer(document, document.typescript, document.native, ['json', 'xml']);
      });
      test(`TypeScript decodes or refuses mutated ${codec} documents as C++ does, except for known differences`, (t) => {
        allHaveReasons(t, inCodec(documents.changed, name, codec), why, 'typescript');
      });
    }
  });
}
