// The programs that encode and decode documents: ours, native and as WebAssembly, and Go's.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const native = process.env.TWINSOCKET_PROPERTIES ?? join(root, 'build/release/tests/properties');
const wasm = process.env.TWINSOCKET_WASM_PROPERTIES ?? join(root, 'build/wasm/tests/properties');

const programs = {
  native: [join(native, 'properties')],
  wasm: [process.execPath, join(wasm, 'properties.js')],
  go: [join(native, 'go_properties')],
};

export const types = JSON.parse(readFileSync(join(native, 'types.json'), 'utf8'));
export const wasmTypes = JSON.parse(readFileSync(join(wasm, 'types.json'), 'utf8'));
export const hasGo = existsSync(programs.go[0]);
export const codecs = ['json', 'xml', 'cbor'];

const folder = mkdtempSync(join(tmpdir(), 'twinsocket-properties-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, String(files++));

/** Parses one line: {type, json, xml, cbor}, each a Buffer with the document, or "!" and the error. */
function parse(file) {
  const lines = readFileSync(file, 'latin1').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [type, ...fields] = line.split(' ');
    const [json, xml, cbor] = fields.map((field) => Buffer.from(field, 'hex'));
    return { type, json, xml, cbor };
  });
}

async function run(name, words, out) {
  const [program, ...before] = programs[name];
  const output = await promisify(execFile)(program, [...before, ...words, out], {
    timeout: 240_000,
    maxBuffer: 64 << 20,
  }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr, message }) => `${stdout}${stderr}` || message,
  );
  return { output, lines: existsSync(out) ? parse(out) : [] };
}

/** Draws values of each type. Resolves with their documents and the detected errors, of which there should be none. */
export const draw = (name, seed, count) => run(name, ['draw', String(seed), String(count)], newFile());

/** Resolves with the results for documents {type, codec, bytes}. */
export async function check(name, documents) {
  const file = newFile();
  writeFileSync(
    file,
    documents.map(({ type, codec, bytes }) => `${type} ${codec} ${bytes.toString('hex') || '-'}\n`).join(''),
  );
  const { output, lines } = await run(name, ['check', file], newFile());
  if (output || lines.length !== documents.length)
    throw new Error(`${name}: ${lines.length} of ${documents.length} documents: ${output}`);
  return lines;
}

export const isRefusal = (bytes) => bytes.length > 0 && bytes[0] === 0x21;
