// Creates the npm package from the output of CMake:
//
//   node build.mjs [--wasm ../build/wasm] [--out ../build/npm]
//
// --wasm is the folder of twinsocket.wasm and twinsocket_xml.wasm, and of what wasm2js has made of them.
//
// Output: the folder OUT/twinsocket, the archive OUT/twinsocket-<version>.tgz, and on standard output the sizes.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { toModule } from './wasm2js.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    wasm: { type: 'string', default: join(here, '../build/wasm') },
    out: { type: 'string', default: join(here, '../build/npm') },
  },
});
const wasm = resolve(values.wasm);
const out = resolve(values.out);
const folder = join(out, 'twinsocket');
const dist = join(folder, 'dist');
const entries = ['browser', 'node', 'inline', 'javascript'];

const modules = ['twinsocket', 'twinsocket_xml'];
for (const file of modules.flatMap((name) => [`${name}.wasm`, `${name}.wasm2js.js`])) {
  if (existsSync(join(wasm, file))) continue;
  console.error(
    `${join(wasm, file)} does not exist; build it first: cmake --preset wasm && cmake --build --preset wasm`,
  );
  process.exit(1);
}

function run(command, args, options) {
  const { status, stdout, error } = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    ...options,
  });
  if (status === 0) return stdout;
  process.stdout.write(stdout ?? '');
  throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** The declaration files that the entry points import, directly or indirectly. */
function reachable(types) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(join(types, name), 'utf8');
    for (const [, path] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.js'/g))
      visit(join(dirname(name), `${path}.d.ts`));
  };
  for (const entry of [...entries, 'channels', 'shared', 'shared-worker']) visit(`${entry}.d.ts`);
  return found;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

// The types, without internal declarations.
const types = join(out, 'types');
rmSync(types, { recursive: true, force: true });
run(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', here, '--outDir', types]);
for (const name of reachable(types)) cpSync(join(types, name), join(dist, name), { recursive: true });
rmSync(types, { recursive: true });

// The code: one bundle per entry point, because a page loads only one of them. Those for Node and for development are not
// minified, so that their stack traces are readable. Each has a source map that contains the sources.
const bundles = [
  { entry: 'browser', name: 'browser', minify: true },
  { entry: 'browser', name: 'browser.development', minify: false },
  { entry: 'node', name: 'node', minify: false },
  { entry: 'inline', name: 'inline', minify: true },
  { entry: 'javascript', name: 'javascript', minify: true },
];
/** The files that an entry point has variants of: NAME.ENTRY.ts instead of NAME.ts. */
const variants = {
  browser: [],
  node: ['module-files', 'random'],
  inline: ['module-files'],
  javascript: ['module-files', 'module-code', 'platform', 'utf8'],
};
const environmentFiles = (entry) => ({
  name: 'environment-files',
  setup(building) {
    for (const name of variants[entry])
      building.onResolve({ filter: new RegExp(`/${name}\\.js$`) }, () => ({
        path: join(here, `js/${name}.${entry}.ts`),
      }));
    building.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: join(wasm, path) }));
  },
});
// The channels of an entry import that entry: everything that it exports exists once, and a page loads channels only if it
// uses them.
const mainEntry = (name) => ({
  name: 'main-entry',
  setup(building) {
    building.onResolve({ filter: /\/(browser|description|errors|formats)\.js$/ }, () => ({
      path: `./${name}.js`,
      external: true,
    }));
  },
});
/** In a source map a source has its path in this folder, wherever the package is built. */
function withShortPaths(map) {
  const { sources, ...rest } = JSON.parse(map);
  return JSON.stringify({ ...rest, sources: sources.map((path) => `../${relative(here, resolve(dist, path))}`) });
}
async function bundle(source, output, minify, ...plugins) {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: { [output]: source },
    outdir: dist,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify,
    legalComments: 'none',
    sourcemap: 'linked',
    write: false,
    external: ['node:*', 'ws', '*.wasm.js'],
    loader: { '.wasm': 'base64' },
    plugins,
  });
  for (const { path, text } of outputFiles) writeFileSync(path, path.endsWith('.map') ? withShortPaths(text) : text);
}
for (const { entry, name, minify } of bundles) {
  await bundle(`js/${entry}.ts`, name, minify, environmentFiles(entry));
  await bundle('js/channels.ts', `channels-${name}`, minify, mainEntry(name), environmentFiles(entry));
  await bundle('js/shared.ts', `shared-${name}`, minify, mainEntry(name), environmentFiles(entry));
  if (name === 'browser')
    await bundle('js/shared-worker.ts', 'shared-worker', minify, mainEntry(name), environmentFiles(entry));
}
// Packages of messages import it. A bundler makes it small, as all of such a package.
await bundle('js/check-helpers.ts', 'check-helpers', false);
for (const name of modules) {
  cpSync(join(wasm, `${name}.wasm`), join(dist, `${name}.wasm`));
  writeFileSync(join(dist, `${name}.wasm.js`), await toModule(readFileSync(join(wasm, `${name}.wasm2js.js`), 'utf8')));
}

// The manifest: that of this folder without scripts and development dependencies, with the version of the C++ library.
const header = readFileSync(join(here, '../sdk/include/twinsocket/version.hpp'), 'utf8');
const version = /define TWINSOCKET_VERSION "([^"]+)"/.exec(header)[1];
const { name, scripts, devDependencies, ...manifest } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, ...manifest }, null, 2)}\n`);
cpSync(join(here, 'README.md'), join(folder, 'README.md'));
cpSync(join(here, '../LICENSE'), join(folder, 'LICENSE'));
const archive = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', out], { cwd: folder }))[0].filename;

const row = (label, ...cells) => console.log(label.padEnd(34), ...cells.map((cell) => String(cell).padStart(9)));
row('bytes', 'raw', 'gzip', 'brotli');
const total = [0, 0, 0];
const addFile = (file) => {
  const bytes = readFileSync(join(dist, file));
  const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  sizes.forEach((size, i) => (total[i] += size));
  row(file, ...sizes);
};
addFile('twinsocket.wasm');
addFile('browser.js');
row('loaded by a page', ...total);
addFile('twinsocket_xml.wasm');
row('loaded by a page that uses XML', ...total);
addFile('channels-browser.js');
addFile('shared-browser.js');
addFile('shared-worker.js');
addFile('javascript.js');
addFile('twinsocket.wasm.js');
addFile('twinsocket_xml.wasm.js');
console.log(join(out, archive));
