// Loads a module of the demo site that imports nothing but types, so that its rules can be tested without a browser.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = new URL('../../demo-site/', import.meta.url);

export async function load(name) {
  const vite = createRequire(fileURLToPath(new URL('package.json', folder))).resolve('vite');
  const { transformWithEsbuild } = await import(pathToFileURL(vite));
  const path = fileURLToPath(new URL(`src/${name}.ts`, folder));
  const { code } = await transformWithEsbuild(await readFile(path, 'utf8'), path, { sourcemap: false });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}
