// Measures descriptions and JSON codecs in JavaScript, alternating between twinsocket's and the others:
//
//   node main.mjs --client FOLDER [--seconds 0.15]
//
// --client is the folder of the npm package twinsocket, from which a package of messages is generated. Prints one line of JSON for
// each measurement.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import typescript from 'typescript';
import { safeParse } from 'valibot';
import { data, describe, order, parseByHand, types, valibot, zod } from './types.mjs';

const { values } = parseArgs({ options: { client: { type: 'string' }, seconds: { type: 'string', default: '0.15' } } });
const seconds = Number(values.seconds);
const rounds = 9;

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A new folder, which is removed when the process ends. */
function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'twinsocket-messages-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  return folder;
}

async function generate() {
  const folder = makeFolder();
  writeFileSync(join(folder, 'types.json'), JSON.stringify(types));
  const options = { types: join(folder, 'types.json'), client: resolve(values.client), out: folder, name: 'measured', version: '1.0.0' };
  const tool = here('../../../../wasm/npm/make_package.mjs');
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
  const { status, stderr } = spawnSync(process.execPath, [tool, ...words], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return import(pathToFileURL(join(folder, 'measured/dist/node.js')));
}

/** Checks and codecs that typia generates from types of TypeScript. */
async function generateByTypia() {
  const folder = makeFolder();
  mkdirSync(join(folder, 'from'));
  cpSync(here('typia.ts'), join(folder, 'from/typia.ts'));
  symlinkSync(here('node_modules'), join(folder, 'node_modules'));
  const compilerOptions = { strict: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const words = ['generate', '--input', 'from', '--output', 'to', '--project', 'tsconfig.json'];
  const { status, stderr } = spawnSync(here('node_modules/.bin/typia'), words, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { outputText } = typescript.transpileModule(readFileSync(join(folder, 'to/typia.ts'), 'utf8'), { compilerOptions });
  writeFileSync(join(folder, 'typia.js'), outputText);
  return import(pathToFileURL(join(folder, 'typia.js')));
}

/** The last result, so that no call can be left out. */
const last = { result: undefined };
/** Calls per second of CPU time, of all threads: collecting garbage counts, what else runs on the machine does not. */
function round(action, calls) {
  const started = process.cpuUsage();
  for (let i = 0; i < calls; ++i) last.result = action();
  const { user, system } = process.cpuUsage(started);
  return (calls / (user + system)) * 1e6;
}

const median = (numbers) => numbers.slice().sort((a, b) => a - b)[numbers.length >> 1];

/**
 * Measures the alternatives in turn. `ratio` is how many times the time of the first an alternative needs: the median of the
 * ratios of the same round.
 */
function compare(what, alternatives) {
  const entries = Object.entries(alternatives);
  const calls = entries.map(([, action]) => {
    let count = 1;
    while (count < 1e9) {
      const speed = round(action, count);
      if (count / speed > seconds / 4) return Math.max(1, Math.round((speed * seconds) / rounds));
      count *= 4;
    }
    return count;
  });
  const speeds = entries.map(() => []);
  for (let i = 0; i < rounds; ++i) entries.forEach(([, action], k) => speeds[k].push(round(action, calls[k])));
  entries.forEach(([library], k) => {
    const ratio = median(speeds[0].map((first, i) => first / speeds[k][i]));
    console.log(JSON.stringify({ ...what, library, speed: Math.max(...speeds[k]), ratio }));
  });
}

const withoutEval = { jitless: true };
const messages = await generate();
const { json } = messages;
const plain = describe(messages);
const typia = await generateByTypia();

assert.deepEqual(messages.Data.parse({ ...data, other: 1 }), data);
assert.deepEqual(typia.parseData({ ...data, other: 1 }), data);
compare(
  { what: 'parse' },
  {
    twinsocket: () => messages.Data.parse(data),
    interpreted: () => plain.Data.parse(data),
    'by hand': () => parseByHand(data),
    typia: () => typia.parseData(data),
    zod: () => zod.Data.parse(data),
    // As in a page whose Content-Security-Policy forbids eval.
    'zod without eval': () => zod.Data.parse(data, withoutEval),
    valibot: () => safeParse(valibot.Data, data).output,
  },
);
for (const items of [1, 40, 2000]) {
  const value = order(items);
  const document = JSON.stringify(value);
  const own = json(messages.Order);
  const interpreted = json(plain.Order);
  const typed = own.decode(document);
  assert.equal(own.encode(typed), document);
  assert.deepEqual(interpreted.decode(document), typed);
  assert.deepEqual(typia.decodeOrder(document), value);
  assert.deepEqual(JSON.parse(typia.encodeOrder(value)), value); // optional members come first
  compare(
    { what: 'decode', bytes: document.length },
    {
      'JSON.parse': () => JSON.parse(document),
      twinsocket: () => own.decode(document),
      interpreted: () => interpreted.decode(document),
      typia: () => typia.decodeOrder(document),
      zod: () => zod.Order.parse(JSON.parse(document)),
      valibot: () => safeParse(valibot.Order, JSON.parse(document)).output,
    },
  );
  compare(
    { what: 'encode', bytes: document.length },
    {
      'JSON.stringify': () => JSON.stringify(value),
      twinsocket: () => own.encode(typed),
      interpreted: () => interpreted.encode(typed),
      typia: () => typia.encodeOrder(value),
    },
  );
}
