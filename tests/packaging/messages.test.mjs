// A user's own messages, starting from an empty folder: the project wasm/examples/shop is built with an installed
// twinsocket, with its server, its npm package and its page in browsers. Also such a package built with twinsocket's
// sources.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { browsers } from '../browser/browsers.mjs';
import { listen } from '../npm/peer.mjs';
import { build, built, cached, configure, folderOf, fromSource, root, run } from './building.mjs';
import { from, importFrom } from './packages.mjs';

const limit = { timeout: 600_000 };
const prefix = folderOf('messages-prefix');
const folder = mkdtempSync(join(tmpdir(), 'twinsocket-shop-'));
const page = join(folder, 'page');
const installed = join(page, 'node_modules/shop-messages');
const order = { id: 0n, buyer: { name: 'Jan' }, by: 'post', books: ['Weltgeist'], notes: { 'a b': 'c' } };
let server;
let messages;

before(async () => {
  rmSync(prefix, { recursive: true, force: true });
  await run('cmake', ['--install', built, '--prefix', prefix]);
  cpSync(join(root, 'wasm/examples/shop'), folder, { recursive: true });
  await configure(
    folder,
    join(folder, 'build'),
    `-DCMAKE_PREFIX_PATH=${prefix}`,
    '-DCMAKE_BUILD_TYPE=Debug',
    '-DCMAKE_CXX_FLAGS_DEBUG=-O0',
  );
  await build(join(folder, 'build'), 'all');
  // As a user does it, except that the page's tools are linked from this repository instead of downloaded from the
  // registry.
  const { devDependencies, ...manifest } = JSON.parse(readFileSync(join(page, 'package.json'), 'utf8'));
  writeFileSync(join(page, 'package.json'), JSON.stringify(manifest));
  mkdirSync(join(page, 'node_modules'));
  await run('npm', ['install', '--offline', '--no-package-lock'], { cwd: page });
  symlinkSync(join(root, 'tests/node_modules/ws'), join(page, 'node_modules/ws'));
  messages = await import(pathToFileURL(join(installed, 'dist/node.js')));

  await run(process.execPath, [from('wasm', 'typescript/bin/tsc'), '-p', page]);
  const vite = await importFrom('demo-site', 'vite');
  await vite.build({ root: page, base: './', configFile: false, logLevel: 'error' });

  server = spawn(join(folder, 'build/shop'), ['0', join(page, 'dist')], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(server.stdout)) {
    server.address = /http:\S+/.exec(line)[0];
    break;
  }
}, limit);
after(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** The files in a folder and in its folders, by their paths from there. */
function filesIn(place) {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(place.length + 1));
}

describe('a generated message package', limit, () => {
  test('installs exactly code, types, README and the client', () => {
    const files = filesIn(installed);
    const client = filesIn(join(root, 'build/npm/twinsocket/dist')).map((name) => `dist/client/${name}`);
    assert.deepEqual(
      files.sort(),
      [
        'README.md',
        'dist/browser.d.ts',
        'dist/browser.development.js',
        'dist/browser.js',
        'dist/checks.js',
        ...client,
        'dist/client/LICENSE',
        'dist/inline.d.ts',
        'dist/inline.js',
        'dist/javascript.d.ts',
        'dist/javascript.js',
        'dist/messages.d.ts',
        'dist/node.js',
        'package.json',
      ].sort(),
    );
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    assert.deepEqual([manifest.name, manifest.version, manifest.dependencies], ['shop-messages', '1.0.0', undefined]);
  });

  test('passes publint and arethetypeswrong', async () => {
    const { messages: found } = await publint({ pkgDir: installed, strict: true, level: 'warning', pack: false });
    assert.deepEqual(found, []);
    const archive = readFileSync(join(folder, 'build/shop-messages-1.0.0.tgz'));
    const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(archive)), {
      excludeEntrypoints: ['./twinsocket.wasm', './twinsocket_xml.wasm'],
    });
    // The package is ES modules only.
    const expected = problems.filter(
      ({ kind, resolutionKind }) =>
        resolutionKind === 'node10' || (resolutionKind === 'node16-cjs' && kind === 'CJSResolvesToESM'),
    );
    assert.deepEqual(problems, expected);
  });

  test('declares the members of the structs with their comments', () => {
    assert.equal(
      readFileSync(join(installed, 'dist/messages.d.ts'), 'utf8'),
      `import type * as $ from './client/browser.js';

export interface Customer {
  name: string;
  email?: string | undefined;
}
export declare const Customer: $.Description<Customer>;

export type Delivery = 'pickup' | 'post';
export declare const Delivery: $.Description<Delivery>;

/** An order of a customer. */
export interface Order {
  /** Assigned by the shop; 0 in a new order. */
  id: bigint;
  buyer: Customer;
  by: Delivery;
  /** Titles of the books. */
  books: string[];
  notes: { [key: string]: string };
}
export declare const Order: $.Description<Order>;
`,
    );
  });

  test('makes values of a wrong type errors of tsc', async () => {
    const check = async (source) => {
      writeFileSync(join(page, 'check.ts'), source);
      const args = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', 'check.ts'];
      return await run(process.execPath, [from('wasm', 'typescript/bin/tsc'), ...args], { cwd: page }).catch(
        (error) => error.message,
      );
    };
    const opening = `import { Order, connect, json } from 'shop-messages';
      const socket = await connect<Order>('ws://x', { codec: json(Order) });\n`;
    const good = '{ id: 1n, buyer: { name: "Jan" }, by: "post", books: [], notes: {} }';
    assert.equal(
      await check(`${opening} await socket.send(${good}); const id: bigint = (await socket.receive()).id;
      for await (const order of socket) { const title: string | undefined = order.books[0]; void title; } void id;`),
      '',
    );
    assert.match(
      await check(`${opening} await socket.send(${good.replace('1n', '1')});`),
      /'number' is not assignable to type 'bigint'/,
    );
    assert.match(
      await check(`${opening} await socket.send(${good.replace('post', 'fly')});`),
      /'"fly"' is not assignable to type 'Delivery'/,
    );
    assert.match(await check(`${opening} (await socket.receive()).book;`), /'book' does not exist on type 'Order'/);
  });
});

describe('messages between the page and the server', limit, () => {
  const talk = async (format) => {
    const { Order, connect } = messages;
    const codec = messages[format](Order);
    return connect(`${server.address.replace('http', 'ws')}orders`, { codec, subprotocols: [`order.${format}`] });
  };

  for (const format of ['json', 'xml', 'cbor']) {
    test(`are exact in ${format}, with an id above 2^53`, async () => {
      const socket = await talk(format);
      await socket.send(order);
      const first = await socket.receive();
      await socket.send(order);
      const second = await socket.receive();
      assert.deepEqual(first, { ...order, id: first.id });
      assert.ok(first.id > 2n ** 53n);
      assert.equal(second.id, first.id + 1n);
      assert.equal((await socket.close()).code, 1000);
    });

    test(`are refused on both sides in ${format} if invalid, with the path`, async (t) => {
      const { Order, cbor, connect, int8, list, struct } = messages;
      const typed = await talk(format);
      await assert.rejects(typed.send({ ...order, books: ['a', 1] }), {
        code: 'type_mismatch',
        message: 'books[1]: expected a string, found a number',
      });
      await typed.close();

      const numbers = struct('Order', { books: list(int8()) });
      const [wrong, path] = {
        json: [
          '{"buyer":{"name":"Jan"},"by":"post","books":["a",1]}',
          /^books\[1\]: expected a string, found a number at byte 49$/,
        ],
        xml: [
          '<Order id="-1"><buyer><name>Jan</name></buyer></Order>',
          /^id: expected an integer from 0 to \d+, found "-1" at line 1$/,
        ],
        cbor: [cbor(numbers).encode({ books: [5] }), /^books\[0\]: expected a string, found a number at byte 8$/],
      }[format];
      const raw = await connect(typed.url, { subprotocols: [`order.${format}`] });
      await raw.send(wrong);
      const { code, reason } = await raw.closed;
      assert.equal(code, 1007);
      assert.match(reason, path);

      const peer = await listen((socket) => socket.send(wrong));
      t.after(() => peer.stop());
      const listener = await connect(peer.url, { codec: messages[format](Order) });
      const error = await listener.receive().catch((caught) => caught);
      assert.equal(error.code, 'type_mismatch');
      // JSON.parse does not report the position.
      assert.equal(error.message, format === 'xml' ? reason : reason.replace(/ at byte \d+$/, ''));
      await listener.close();
    });
  }

  test('are shown by a page built with Vite, in each browser', async () => {
    for (const { name, launch } of browsers) {
      const { browser, close } = await launch();
      try {
        const tab = await browser.newPage();
        await tab.goto(server.address);
        for (const format of ['json', 'xml']) {
          await tab.select('select', format);
          await tab.evaluate(() => document.querySelector('output').replaceChildren());
          await tab.click('button');
          await tab.waitForFunction(() => document.querySelector('output').textContent, { timeout: 20_000 });
          const text = await tab.$eval('output', (output) => output.textContent);
          assert.match(text, /^Order 90071992547\d{5}: Weltgeist for Jan, by post$/, name);
        }
      } finally {
        await close();
      }
    }
  });
});

describe('a message package built with the sources of twinsocket', limit, () => {
  /** Imports the messages of a package that was built in a folder. */
  async function orderFrom(made) {
    const { Order, initXml, json, xml } = await import(pathToFileURL(join(made, 'messages/dist/node.js')));
    await initXml();
    assert.equal(
      xml(Order).encode(order),
      '<Order id="0"><buyer><name>Jan</name></buyer><by>post</by><books><book>Weltgeist</book></books><notes key="a b">c</notes></Order>',
    );
    assert.deepEqual(json(Order).decode(json(Order).encode(order)), order);
    return JSON.parse(readFileSync(join(made, 'messages/package.json'), 'utf8'));
  }

  test('takes the types from the native compiler and the wasm module from Emscripten', async () => {
    const made = folderOf('messages_from_source');
    await configure('messages_from_source', made, ...fromSource);
    await build(made, 'all');
    const { name, version, license } = await orderFrom(made);
    assert.deepEqual([name, version, license], ['@shop/messages', '2.3.4', 'MIT']);
    assert.ok(readdirSync(made).includes('shop-messages-2.3.4.tgz'));
  });

  test('takes both from Emscripten in a project that Emscripten compiles', async () => {
    const made = folderOf('messages_by_emscripten');
    const env = { ...process.env, NODE_PATH: '/usr/share/nodejs' };
    const launcher = cached('CCACHE').startsWith('/') ? [`-DCMAKE_CXX_COMPILER_LAUNCHER=${cached('CCACHE')}`] : [];
    const source = join(root, 'tests/packaging/native/messages_from_source');
    const settings = [
      `-DTWINSOCKET_SOURCE=${root}`,
      '-DCMAKE_BUILD_TYPE=Release',
      `-DTWINSOCKET_NPM_CLIENT=${root}build/npm/twinsocket`,
    ];
    await run('emcmake', ['cmake', '-G', 'Ninja', '-S', source, '-B', made, ...launcher, ...settings], { env });
    await run('cmake', ['--build', made, '--parallel', '2', '--target', 'messages'], { env });
    assert.equal((await orderFrom(made)).name, '@shop/messages');
  });
});
