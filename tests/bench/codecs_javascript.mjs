// The benchmarks of the npm package: descriptions and JSON codecs in JavaScript.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { progress, say, show } from './report.mjs';
import { pinToCpu } from './servers.mjs';

const folder = fileURLToPath(new URL('codecs/javascript/', import.meta.url));
export const client = fileURLToPath(new URL('../../build/npm/twinsocket/', import.meta.url));

/** Why it cannot be measured, or undefined. */
export function whyNotInJavaScript() {
  if (!existsSync(join(client, 'package.json'))) return 'it requires the npm package (./run.sh package)';
  return existsSync(join(folder, 'node_modules/zod')) ? undefined : `it requires npm ci in ${folder}`;
}

export async function measureCodecsInJavaScript({ seconds }) {
  const why = whyNotInJavaScript();
  if (why) return say(`The npm package is not measured: ${why}.`);
  progress('codecs in JavaScript');
  const [file, ...words] = pinToCpu(0, [process.execPath, join(folder, 'main.mjs'), '--client', client, '--seconds', String(seconds)]);
  const { stdout } = await promisify(execFile)(file, words);
  progress('');
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
  const names = [...new Set(lines.map(({ library }) => library))];
  const table = (title, first, wanted) => {
    const others = names.filter((name) => name !== first && lines.some(({ what, library }) => wanted.test(what) && library === name));
    const rows = lines.filter(({ what, library }) => wanted.test(what) && library === first).map(({ what, bytes, speed }) => {
      const find = (name) => lines.find((line) => line.what === what && line.bytes === bytes && line.library === name);
      return [bytes ? `${what}, ${bytes} B` : what, speed / 1e6, ...others.map((name) => find(name)?.ratio ?? NaN)];
    });
    show(title, ['', first, ...others], rows);
  };
  table('Checking and copying an object in JavaScript: millions in a second of CPU time, of the others the time as a multiple', 'twinsocket', /^parse$/);
  table('Typed JSON in JavaScript: millions of documents in a second of CPU time, of the others the time as a multiple', 'JSON.parse', /^decode$/);
  table('Writing JSON in JavaScript, in the same manner', 'JSON.stringify', /^encode$/);
}
