// Makes a module of JavaScript from what binaryen's wasm2js makes of a WebAssembly module (with --emscripten). It exports one
// function, `instantiate(imports)`, which returns the exports of a new instance. Nothing happens when it is imported.

import { transform } from 'esbuild';

/** Functions that Emscripten exports and the package does not call, and the table of indirect calls. */
const unused = /^ *"(__\w+|stack\w+|emscripten_\w+)": [^\n]*\n/gm;
/** Initial data: an address, and the bytes in base64. */
const segment = /^ *base64DecodeToExistingUint8Array\(bufferView, (\d+), "([^"]*)"\);\n/gm;
const decoder = /^ *var base64ReverseLookup = [\s\S]*?(?=^function initActiveSegments)/m;
const initializer = /^function initActiveSegments\(imports\) \{\n[\s\S]*?^\}/m;
/** Newer versions of binaryen have the imports of each WebAssembly module in an object of its own, version 108 all in one. */
const namespaces = /^ *var (env|wasi_snapshot_preview1) = imports\.\1;\n/gm;

/** `text` is the output of wasm2js. */
export async function toModule(text) {
  const segments = [...text.matchAll(segment)];
  if (
    segments.length === 0 ||
    !decoder.test(text) ||
    !initializer.test(text) ||
    !text.startsWith('function instantiate(')
  )
    throw new Error('this version of wasm2js has another output than versions 108 to 132');
  const source = text
    .replace(unused, '')
    .replace(namespaces, (_, name) => `var ${name} = imports;\n`)
    .replace(decoder, '')
    .replace(initializer, () => `function initActiveSegments(imports) {\n${dataOf(segments)}\n}`);
  const { code } = await transform(`export ${source}`, { minify: true, format: 'esm', target: 'es2022' });
  return code;
}

/**
 * One text with a character for each byte: most of the data are texts, which are smaller so after compression than in base64.
 */
function dataOf(segments) {
  const parts = segments.map(([, at, base64]) => ({ at: Number(at), bytes: Buffer.from(base64, 'base64') }));
  const start = Math.min(...parts.map(({ at }) => at));
  const whole = Buffer.alloc(Math.max(...parts.map(({ at, bytes }) => at + bytes.length)) - start);
  for (const { at, bytes } of parts) bytes.copy(whole, at - start);
  const text = JSON.stringify(whole.toString('latin1'));
  return `for (var text = ${text}, i = 0; i < text.length; ++i) bufferView[${start} + i] = text.charCodeAt(i);`;
}
