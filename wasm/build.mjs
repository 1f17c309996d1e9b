// Creates the npm package from the output of CMake:
//
//   node build.mjs [--wasm ../build/wasm] [--out ../build/npm] [--source-map]
//
// --wasm is the folder of twinsocket.wasm and twinsocket_xml.wasm. --source-map puts a source map into the bundles for Node.
//
// Output: the folder OUT/twinsocket, the archive OUT/twinsocket-<version>.tgz, and on standard output the sizes.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    wasm: { type: 'string', default: join(here, '../build/wasm') },
    out: { type: 'string', default: join(here, '../build/npm') },
    'source-map': { type: 'boolean', default: false },
  },
});
const wasm = resolve(values.wasm);
const out = resolve(values.out);
const folder = join(out, 'twinsocket');
const dist = join(folder, 'dist');
const entries = ['browser', 'node', 'inline'];

const modules = ['twinsocket.wasm', 'twinsocket_xml.wasm'];
for (const module of modules) {
  if (existsSync(join(wasm, module))) continue;
  console.error(
    `${join(wasm, module)} does not exist; build it first: cmake --preset wasm && cmake --build --preset wasm`,
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
  for (const entry of [...entries, 'channels']) visit(`${entry}.d.ts`);
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

// The code: one bundle per entry point, because a page loads only one of them. The one for Node is not minified, so that its
// stack traces are readable.
const environmentFiles = (entry) => ({
  name: 'environment-files',
  setup(building) {
    if (entry !== 'browser')
      building.onResolve({ filter: /\/module-files\.js$/ }, () => ({
        path: join(here, `js/module-files.${entry}.ts`),
      }));
    if (entry === 'node')
      building.onResolve({ filter: /\/random\.js$/ }, () => ({ path: join(here, 'js/random.node.ts') }));
    building.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: join(wasm, path) }));
  },
});
// The channels of an entry import that entry: everything that it exports exists once, and a page loads channels only if it
// uses them.
const mainEntry = (entry) => ({
  name: 'main-entry',
  setup(building) {
    building.onResolve({ filter: /\/(browser|description|errors|formats)\.js$/ }, () => ({
      path: `./${entry}.js`,
      external: true,
    }));
  },
});
for (const entry of entries) {
  const bundle = (source, name, plugins) =>
    build({
      absWorkingDir: here,
      entryPoints: { [name]: source },
      outdir: dist,
      bundle: true,
      format: 'esm',
      target: 'es2022',
      minify: entry !== 'node',
      legalComments: 'none',
      sourcemap: values['source-map'] && entry === 'node' && 'inline',
      external: ['node:*', 'ws'],
      loader: { '.wasm': 'base64' },
      plugins: [...plugins, environmentFiles(entry)],
    });
  await bundle(`js/${entry}.ts`, entry, []);
  await bundle('js/channels.ts', `channels-${entry}`, [mainEntry(entry)]);
}
for (const module of modules) cpSync(join(wasm, module), join(dist, module));

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
console.log(join(out, archive));
