// Loads a module of the demo site with its imports, so that it can be tested without a browser.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../demo-site/', import.meta.url);
// Resolved as a dependency of Vite, which builds the page with it.
const require = createRequire(createRequire(fileURLToPath(new URL('package.json', folder))).resolve('vite'));

export async function load(name) {
  const { build } = require('esbuild');
  const path = fileURLToPath(new URL(`src/${name}.ts`, folder));
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}
