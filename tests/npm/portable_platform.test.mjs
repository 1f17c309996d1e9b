// What twinsocket/js brings for platforms that lack TextEncoder, TextDecoder or EventTarget: compared with the classes of Node.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './package.mjs';

const { build } = createRequire(join(root, 'wasm/package.json'))('esbuild');

/** Imports a file of wasm/js, and returns what `use` makes of it, while these globals are missing. */
async function without(names, file, use) {
  const entryPoints = [join(root, 'wasm/js', file)];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', target: 'es2022', write: false });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const removed = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const name of names) delete globalThis[name];
  try {
    return use(await import(`data:text/javascript;base64,${code}`));
  } finally {
    for (const [name, descriptor] of removed) Object.defineProperty(globalThis, name, descriptor);
  }
}

const { encoder, decoder } = await without(['TextEncoder', 'TextDecoder'], 'utf8.javascript.ts', (utf8) => ({
  encoder: utf8.utf8Encoder(),
  decoder: utf8.utf8Decoder(),
}));
const itsEncoder = new TextEncoder();
const itsDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Numbers from 0 up to `end`, the same in each run. */
function generator(seed) {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}
const decodedBy = (one, bytes) => {
  try {
    return one.decode(bytes);
  } catch (error) {
    return error.constructor.name;
  }
};

test('the encoder and the decoder are not those of the platform', () => {
  assert.equal(encoder instanceof TextEncoder, false);
  assert.equal(decoder instanceof TextDecoder, false);
});

test('every character is encoded and decoded', () => {
  for (let code = 0; code <= 0x10ffff; ++code) {
    const text = String.fromCodePoint(code);
    const bytes = encoder.encode(text);
    if (Buffer.compare(bytes, itsEncoder.encode(text)) !== 0) assert.fail(`${code.toString(16)} is encoded as ${bytes}`);
    const wanted = code >> 11 === 27 ? '\ufffd' : text;
    if (decoder.decode(bytes) !== wanted) assert.fail(`${code.toString(16)} is decoded as ${decoder.decode(bytes)}`);
  }
});

test('bytes are refused exactly if TextDecoder refuses them', () => {
  for (let first = 0; first < 256; ++first)
    for (let second = -1; second < 256; ++second) {
      const bytes = Uint8Array.from(second < 0 ? [first] : [first, second]);
      assert.equal(decodedBy(decoder, bytes), decodedBy(itsDecoder, bytes), String(bytes));
    }
  // Most are at the borders of a rule, where random bytes seldom are.
  const some = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff];
  const below = generator(7);
  for (let i = 0; i < 200_000; ++i) {
    const bytes = Uint8Array.from({ length: below(7) }, () => some[below(some.length)]);
    if (decodedBy(decoder, bytes) !== decodedBy(itsDecoder, bytes)) assert.fail(String(bytes));
  }
});

test('text is encoded into a buffer up to the last whole character', () => {
  const some = ['a', '\u00e9', '\u20ac', '\u{1f600}', '\ud800', '\udc00', '\ufeff', ''];
  const below = generator(11);
  for (let i = 0; i < 20_000; ++i) {
    const text = Array.from({ length: below(6) }, () => some[below(some.length)]).join('');
    const [own, its] = [new Uint8Array(below(12)), new Uint8Array(12)];
    const expected = itsEncoder.encodeInto(text, its.subarray(0, own.length));
    assert.deepEqual(encoder.encodeInto(text, own), expected);
    assert.deepEqual(own, its.subarray(0, own.length));
  }
});

test('events arrive as with EventTarget', async () => {
  const Portable = await without(['EventTarget'], 'platform.javascript.ts', ({ EventTargetBase }) => EventTargetBase);
  assert.notEqual(Portable, EventTarget);
  const happened = (target) => {
    const calls = [];
    const leaving = new AbortController();
    const stays = () => calls.push('stays');
    target.addEventListener('status', stays);
    target.addEventListener('status', () => calls.push('once'), { once: true });
    target.addEventListener('status', () => calls.push('until aborted'), { signal: leaving.signal });
    target.addEventListener('status', () => calls.push('never'), { signal: AbortSignal.abort() });
    target.addEventListener('other', () => calls.push('other'));
    // It keeps the options of the first time.
    const twice = () => calls.push('twice');
    target.addEventListener('status', twice);
    target.addEventListener('status', twice, { once: true });
    for (const act of [() => leaving.abort(), () => target.removeEventListener('status', stays), () => {}]) {
      target.dispatchEvent(new Event('status'));
      calls.push('|');
      act();
    }
    return calls;
  };
  const expected = happened(new EventTarget());
  assert.deepEqual(expected, ['stays', 'once', 'until aborted', 'twice', '|', 'stays', 'twice', '|', 'twice', '|']);
  assert.deepEqual(happened(new Portable()), expected);
});
