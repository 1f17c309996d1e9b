// The npm package with the tools that use it: TypeScript, Node, bundlers. The application is in npm/. Each test
// compiles or bundles it beside a package that is installed from its archive, and runs the result.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import webpack from 'webpack';
import { browsers } from '../browser/browsers.mjs';
import { startPageHost } from '../browser/page_server.mjs';
import { install, root, version } from '../npm/package.mjs';
import { echo, listen } from '../npm/peer.mjs';
import { from, importFrom } from './packages.mjs';

const limit = { timeout: 120_000 };
const run = promisify(execFile);
const archive = join(process.env.TWINSOCKET_NPM ?? join(root, 'build/npm'), `twinsocket-${version}.tgz`);
const { folder, twinsocket } = install();
const application = fileURLToPath(new URL('npm', import.meta.url));
const jan = { Name: 'Jan', Emails: ['jan@example.com'] };
/** In a page, in its worker, and by a connection in the shared worker of the package. */
const expected = [jan, jan, { text: 'shared' }];

/** Type-checks the application. Writes its JavaScript to `out`, if given. */
async function compile(module, moduleResolution, out, files) {
  const args = ['--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
  args.push('--module', module, '--moduleResolution', moduleResolution, ...(out ? ['--outDir', out] : ['--noEmit']));
  const tsc = from('wasm', 'typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, ...args, ...files], { cwd: folder }).catch((error) => error);
  return stdout;
}

before(async () => {
  cpSync(application, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name": "application", "private": true, "type": "module"}');
  writeFileSync(join(folder, 'process.d.ts'), 'declare const process: { argv: string[] };');
}, limit);

describe('the package', limit, () => {
  test('has exactly the files of npm pack', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: twinsocket });
    const packed = JSON.parse(stdout)[0].files.map(({ path }) => path).sort();
    const { stdout: listed } = await run('tar', ['-tzf', archive]);
    assert.deepEqual(listed.trim().split('\n').map((path) => path.replace(/^package\//, '')).sort(), packed);
    assert.deepEqual(
      packed.filter((path) => !path.endsWith('.d.ts')),
      [
        'LICENSE',
        'README.md',
        'dist/browser.development.js',
        'dist/browser.development.js.map',
        'dist/browser.js',
        'dist/browser.js.map',
        'dist/channels-browser.development.js',
        'dist/channels-browser.development.js.map',
        'dist/channels-browser.js',
        'dist/channels-browser.js.map',
        'dist/channels-inline.js',
        'dist/channels-inline.js.map',
        'dist/channels-javascript.js',
        'dist/channels-javascript.js.map',
        'dist/channels-node.js',
        'dist/channels-node.js.map',
        'dist/check-helpers.js',
        'dist/check-helpers.js.map',
        'dist/inline.js',
        'dist/inline.js.map',
        'dist/javascript.js',
        'dist/javascript.js.map',
        'dist/node.js',
        'dist/node.js.map',
        'dist/shared-browser.development.js',
        'dist/shared-browser.development.js.map',
        'dist/shared-browser.js',
        'dist/shared-browser.js.map',
        'dist/shared-inline.js',
        'dist/shared-inline.js.map',
        'dist/shared-javascript.js',
        'dist/shared-javascript.js.map',
        'dist/shared-node.js',
        'dist/shared-node.js.map',
        'dist/shared-worker.js',
        'dist/shared-worker.js.map',
        'dist/twinsocket.wasm',
        'dist/twinsocket.wasm.js',
        'dist/twinsocket_xml.wasm',
        'dist/twinsocket_xml.wasm.js',
        'package.json',
      ],
    );
  });

  test('passes publint, including suggestions', async () => {
    const { messages } = await publint({ pkgDir: twinsocket, strict: true, level: 'suggestion', pack: false });
    assert.deepEqual(messages, []);
  });

  test('passes arethetypeswrong', async () => {
    const bytes = new Uint8Array(readFileSync(archive));
    const { problems } = await checkPackage(createPackageFromTarballData(bytes), {
      excludeEntrypoints: ['./twinsocket.wasm', './twinsocket_xml.wasm'], // no modules of JavaScript
    });
    // The package is ES modules only: resolution as in Node 10 does not find it, and require() gets a module.
    const expected = problems.filter(
      ({ kind, resolutionKind }) => resolutionKind === 'node10' || (resolutionKind === 'node16-cjs' && kind === 'CJSResolvesToESM'),
    );
    assert.deepEqual(problems, expected);
  });
});

describe('an application', limit, () => {
  const compiled = join(folder, 'compiled');
  const pages = ['page.ts', 'worker.ts', 'inline.ts'];
  let peer;
  let close;
  let browser;

  before(async () => {
    peer = await listen(echo);
    // The bundlers get the JavaScript that tsc emits.
    assert.equal(await compile('nodenext', 'nodenext', compiled, [...pages, 'node.ts', 'process.d.ts']), '');
    writeFileSync(join(compiled, 'package.json'), '{"type": "module"}');
    cpSync(join(application, 'index.html'), join(compiled, 'index.html'));
    ({ browser, close } = await browsers[0].launch());
  }, limit);
  after(async () => {
    await close?.();
    await peer?.stop();
  }, limit);

  /** Resolves with the results of the application at this URL. */
  async function resultsAt(address) {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForFunction(() => globalThis.talk, { timeout: 20_000 });
    const results = [await page.evaluate((url) => globalThis.talk(url), peer.url)];
    results.push(await page.evaluate((url) => globalThis.talkInWorker(url), peer.url));
    results.push(await page.evaluate((url) => globalThis.talkInTab(url), peer.url));
    await browser.waitForTarget((target) => target.type() === 'shared_worker', { timeout: 20_000 });
    await page.close();
    return results;
  }

  /** The same for a folder of files that a bundler has written. */
  async function resultsIn(out, script, path = '') {
    const site = await startPageHost(script, { out });
    try {
      return await resultsAt(`${site.address}${path}`);
    } finally {
      site.stop();
    }
  }

  test('runs in Node, compiled by tsc for nodenext', limit, async () => {
    const { stdout } = await run(process.execPath, [join(compiled, 'node.js'), peer.url], { timeout: 20_000 });
    assert.deepEqual(JSON.parse(stdout), jan);
  });

  test('passes tsc with moduleResolution bundler', limit, async () => {
    assert.equal(await compile('esnext', 'bundler', undefined, pages), '');
  });

  test('runs when built by Vite without package-specific settings', limit, async () => {
    const { build } = await importFrom('demo-site', 'vite');
    const outDir = join(folder, 'vite');
    await build({
      root: compiled, base: '/out/', configFile: false, logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
    assert.deepEqual(await resultsIn(outDir, '', 'out/index.html'), expected);
  });

  test("runs on Vite's development server with optimizeDeps.exclude", limit, async () => {
    const { createServer } = await importFrom('demo-site', 'vite');
    const server = await createServer({
      root: compiled, configFile: false, logLevel: 'error', cacheDir: join(folder, 'vite-cache'),
      optimizeDeps: { exclude: ['twinsocket'] },
      server: { host: '127.0.0.1', port: 0, hmr: false, fs: { allow: [folder] } },
    });
    try {
      await server.listen();
      assert.deepEqual(await resultsAt(`http://127.0.0.1:${server.httpServer.address().port}/`), expected);
    } finally {
      await server.close();
    }
  });

  test('runs when built by webpack without package-specific settings', limit, async () => {
    const out = join(folder, 'webpack');
    const stats = await promisify(webpack)({
      mode: 'production', context: compiled, entry: './page.js', output: { path: out, filename: 'page.js' },
    });
    assert.deepEqual(stats.toJson({ errors: true, warnings: true }).errors, []);
    assert.deepEqual(await resultsIn(out, '<script src="/out/page.js"></script>'), expected);
  });

  test('runs when bundled by esbuild with the wasm modules copied and the shared worker bundled beside the page', limit, async () => {
    const { build } = await importFrom('wasm', 'esbuild');
    const out = join(folder, 'esbuild');
    await build({
      absWorkingDir: folder,
      entryPoints: {
        page: join(compiled, 'page.js'), worker: join(compiled, 'worker.js'), 'shared-worker': 'twinsocket/shared-worker.js',
      },
      bundle: true, format: 'esm', outdir: out, logLevel: 'silent',
    });
    for (const name of ['twinsocket.wasm', 'twinsocket_xml.wasm']) cpSync(join(twinsocket, 'dist', name), join(out, name));
    assert.deepEqual(await resultsIn(out, '<script type="module" src="/out/page.js"></script>'), expected);
  });

  test('runs as one file when bundled by esbuild with twinsocket/inline', limit, async () => {
    const { build } = await importFrom('wasm', 'esbuild');
    const out = join(folder, 'esbuild-inline');
    mkdirSync(out);
    await build({
      entryPoints: [join(compiled, 'inline.js')], bundle: true, format: 'esm', outdir: out, logLevel: 'silent',
    });
    const site = await startPageHost('<script type="module" src="/out/inline.js"></script>', { out });
    try {
      const page = await browser.newPage();
      await page.goto(site.address);
      await page.waitForFunction(() => globalThis.encoded, { timeout: 20_000 });
      assert.equal(await page.evaluate(() => globalThis.encoded), '<A><b>c</b></A>');
    } finally {
      site.stop();
    }
  });
});
