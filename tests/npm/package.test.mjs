import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { install, load, root, version } from './package.mjs';

const { folder, twinsocket } = install();
const limit = { timeout: 300_000 };
const read = (name) => readFileSync(join(twinsocket, name));
const manifest = JSON.parse(read('package.json'));

describe('the package', limit, () => {
  test('contains exactly these files', () => {
    const files = readdirSync(twinsocket, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(twinsocket.length + 1));
    assert.deepEqual(files.sort(), [
      'LICENSE',
      'README.md',
      'dist/abi.d.ts',
      'dist/browser.d.ts',
      'dist/browser.development.js',
      'dist/browser.development.js.map',
      'dist/browser.js',
      'dist/browser.js.map',
      'dist/channel-client.d.ts',
      'dist/channel-events.d.ts',
      'dist/channel-options.d.ts',
      'dist/channel-protocol.d.ts',
      'dist/channel-subscription.d.ts',
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
      'dist/channels.d.ts',
      'dist/check-helpers.js',
      'dist/check-helpers.js.map',
      'dist/client.d.ts',
      'dist/close.d.ts',
      'dist/codec.d.ts',
      'dist/codecs.d.ts',
      'dist/connection.d.ts',
      'dist/core.d.ts',
      'dist/counters.d.ts',
      'dist/description-types.d.ts',
      'dist/description.d.ts',
      'dist/errors.d.ts',
      'dist/formats.d.ts',
      'dist/formats/cbor.d.ts',
      'dist/formats/json.d.ts',
      'dist/formats/xml.d.ts',
      'dist/inline.d.ts',
      'dist/inline.js',
      'dist/inline.js.map',
      'dist/javascript.d.ts',
      'dist/javascript.js',
      'dist/javascript.js.map',
      'dist/node.d.ts',
      'dist/node.js',
      'dist/node.js.map',
      'dist/options.d.ts',
      'dist/platform.d.ts',
      'dist/reconnect-options.d.ts',
      'dist/reconnecting.d.ts',
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
      'dist/shared-options.d.ts',
      'dist/shared-worker.d.ts',
      'dist/shared-worker.js',
      'dist/shared-worker.js.map',
      'dist/shared.d.ts',
      'dist/standard-schema.d.ts',
      'dist/twinsocket.wasm',
      'dist/twinsocket.wasm.js',
      'dist/twinsocket_xml.wasm',
      'dist/twinsocket_xml.wasm.js',
      'package.json',
    ]);
  });

  test('has the version of the C++ library, and ws as its only, optional dependency', () => {
    assert.equal(manifest.version, version);
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.devDependencies, undefined);
    assert.equal(manifest.scripts, undefined);
    assert.deepEqual(manifest.peerDependenciesMeta, { ws: { optional: true } });
    assert.match(readFileSync(join(root, 'LICENSE'), 'utf8'), new RegExp(`^Copyright \\(c\\) \\d+ ${manifest.author}$`, 'm'));
  });

  test('takes at most 37 KB with brotli in a page, at most 16 KB more with XML, and at most 5 KB more with channels or in shared tabs', (t) => {
    const sizeOf = (name) => {
      const size = brotliCompressSync(read(name)).length;
      t.diagnostic(`${name}: ${size} bytes with brotli`);
      return size;
    };
    const total = sizeOf('dist/twinsocket.wasm') + sizeOf('dist/browser.js');
    t.diagnostic(`together: ${total} bytes with brotli`);
    assert.ok(total <= 37_000);
    assert.ok(sizeOf('dist/twinsocket_xml.wasm') <= 16_000);
    assert.ok(sizeOf('dist/channels-browser.js') <= 5_000);
    assert.ok(sizeOf('dist/shared-browser.js') <= 5_000);
    assert.ok(sizeOf('dist/shared-worker.js') <= 2_000);
  });

  const { build } = createRequire(join(root, 'wasm/package.json'))('esbuild');
  /** The bundle of a program that imports these names. */
  const bundle = async (names, entry = 'browser') => {
    const contents = `export { ${names} } from ${JSON.stringify(join(twinsocket, `dist/${entry}.js`))}`;
    const { outputFiles } = await build({ stdin: { contents, resolveDir: folder }, bundle: true, minify: true, format: 'esm', write: false });
    return outputFiles[0].text;
  };

  test('takes at most 25 KB with brotli in a page that uses connect() with JSON, and 30 KB with reconnecting()', async (t) => {
    const wasm = brotliCompressSync(read('dist/twinsocket.wasm')).length;
    for (const [names, most] of [
      ['connect', 22_000],
      ['connect, json', 25_000],
      ['reconnecting, json', 30_000],
    ]) {
      const total = wasm + brotliCompressSync(await bundle(names)).length;
      t.diagnostic(`${names}: ${total} bytes with brotli`);
      assert.ok(total <= most, `${names}: ${total}`);
    }
  });

  test('takes at most 30 KiB with brotli without WebAssembly in a program that uses connect() with typed JSON', async (t) => {
    const total = brotliCompressSync(await bundle('connect, json, struct, list, string, number, optional', 'javascript')).length;
    t.diagnostic(`${total} bytes with brotli`);
    assert.ok(total <= 30 * 1024, `${total}`);
  });

  test('is tree-shakeable: unused formats, descriptions and functions are not bundled', async () => {
    // A text of each format and of the descriptions, and the file of the module for XML.
    const texts = [
      'not JSON: ',
      'an XML document must be',
      'a tag without an item',
      'must name each member once',
      'twinsocket_xml.wasm',
      'the offline queue is full',
    ];
    const included = async (names) => {
      const bundled = await bundle(names);
      return texts.map((text) => bundled.includes(text));
    };
    assert.deepEqual(await included('connect, json, xml, cbor, struct'), [true, true, true, true, true, false]);
    assert.deepEqual(await included('connect, json'), [true, false, false, false, false, false]);
    assert.deepEqual(await included('reconnecting'), [false, false, false, false, false, true]);
    assert.deepEqual(await included('connect'), [false, false, false, false, false, false]);
    const embedded = read('dist/twinsocket_xml.wasm').toString('base64');
    assert.ok((await bundle('connect, xml', 'inline')).includes(embedded));
    assert.ok(!(await bundle('connect, json', 'inline')).includes(embedded));
  });

  test('has a source map for each file of code, which contains the sources', async () => {
    const sources = new Set();
    const hasSources = (name) => name.endsWith('.js') && !name.endsWith('.wasm.js'); // whose sources are in C++
    for (const file of readdirSync(join(twinsocket, 'dist')).filter(hasSources)) {
      assert.ok(read(`dist/${file}`).toString().endsWith(`\n//# sourceMappingURL=${file}.map\n`), file);
      const map = JSON.parse(read(`dist/${file}.map`));
      assert.equal(map.sources.length, map.sourcesContent.length);
      map.sources.forEach((path, i) => {
        assert.match(path, /^\.\.\/js\/[\w/.-]+\.[jt]s$/);
        assert.ok(map.sourcesContent[i] === readFileSync(join(root, 'wasm', path.slice(3)), 'utf8'), `${file}: ${path} is not the source`);
        sources.add(path);
      });
    }
    assert.ok(sources.size > 50);
    // The position in the source, not in the bundle.
    for (const file of ['node.js', 'browser.js', 'browser.development.js']) {
      const script = `import(${JSON.stringify(pathToFileURL(join(twinsocket, 'dist', file)))}).then(({ struct }) => struct('A', {}, ['b']))`;
      const words = ['--enable-source-maps', '--eval', `${script}.catch((error) => console.log(error.stack))`];
      const { stdout } = await promisify(execFile)(process.execPath, words);
      assert.match(stdout, /the order of A must name each member once\n\s+at \w+ .*js\/description\.ts:\d+:\d+/, file);
    }
  });

  test('has readable code for Node and for development, which a bundler selects by the condition', async () => {
    const bundled = async (conditions) => {
      const contents = "export { connect } from 'twinsocket'; export { channels } from 'twinsocket/channels'";
      const { metafile } = await build({ stdin: { contents, resolveDir: folder }, bundle: true, format: 'esm', write: false, metafile: true, conditions });
      return Object.keys(metafile.inputs).map((path) => path.replace(/^.*\/dist\//, '')).filter((path) => path !== '<stdin>').sort();
    };
    assert.deepEqual(await bundled(['development']), ['browser.development.js', 'channels-browser.development.js']);
    for (const condition of ['react-native', 'workerd', 'edge-light'])
      assert.deepEqual(await bundled([condition, 'browser']), ['channels-javascript.js', 'javascript.js', 'twinsocket.wasm.js', 'twinsocket_xml.wasm.js'], condition);
    for (const condition of ['deno', 'bun']) assert.deepEqual(await bundled([condition, 'node']), ['channels-inline.js', 'inline.js'], condition);
    assert.deepEqual(await bundled([]), ['browser.js', 'channels-browser.js']);
    for (const file of ['node.js', 'browser.development.js']) assert.match(read(`dist/${file}`).toString(), /^ +retryNow\(\) \{$/m);
  });

  test("uses no eval, so that a page needs only 'wasm-unsafe-eval'", () => {
    for (const name of readdirSync(join(twinsocket, 'dist')).filter((file) => file.endsWith('.js')))
      assert.doesNotMatch(read(`dist/${name}`).toString('latin1'), /\beval\b|new Function|Function\(/);
  });

  test('imports at most seven functions into twinsocket.wasm, and two into twinsocket_xml.wasm', () => {
    const importsOf = (name) =>
      WebAssembly.Module.imports(new WebAssembly.Module(read(name)))
        .map(({ name }) => name)
        // Later versions of Emscripten need none.
        .filter((name) => name !== 'proc_exit')
        .sort();
    assert.deepEqual(importsOf('dist/twinsocket_xml.wasm'), ['emscripten_notify_memory_growth']);
    assert.deepEqual(
      importsOf('dist/twinsocket.wasm'),
      [
        'emscripten_notify_memory_growth',
        'twinsocket_js_close',
        'twinsocket_js_drop',
        'twinsocket_js_open',
        'twinsocket_js_send_heartbeat',
        'twinsocket_js_set_timer',
      ],
    );
  });

  test('has the error codes of C++', () => {
    const header = readFileSync(join(root, 'sdk/include/twinsocket/error.hpp'), 'utf8');
    const values = /enum class errc[^{]*{([^}]*)}/.exec(header)[1];
    const inCxx = [...values.matchAll(/^ *(\w+)(?: = 0)?,/gm)].map(([, name]) => name);
    const inTypes = /errorCodes: readonly \[([^\]]*)\]/.exec(read('dist/abi.d.ts').toString())[1];
    assert.deepEqual(
      [...inTypes.matchAll(/"(\w+)"/g)].map(([, name]) => name),
      inCxx,
    );
  });
});

describe('the entries', limit, () => {
  const names = [
    'TwinsocketError',
    'asString',
    'attribute',
    'binary',
    'boolean',
    'bytes',
    'cbor',
    'choice',
    'codecOf',
    'connect',
    'content',
    'float32',
    'init',
    'initXml',
    'int16',
    'int32',
    'int64',
    'int8',
    'integer',
    'json',
    'lazy',
    'list',
    'map',
    'number',
    'omitEmpty',
    'oneElement',
    'oneOf',
    'optional',
    'reconnecting',
    'required',
    'string',
    'struct',
    'text',
    'time',
    'uint16',
    'uint32',
    'uint64',
    'uint8',
    'withChecks',
    'withDefault',
    'xml',
    'xmlName',
  ];
  const from = createRequire(join(folder, 'script.js'));

  test('resolve by name', () => {
    assert.equal(from.resolve('twinsocket'), join(twinsocket, 'dist/node.js'));
    assert.equal(from.resolve('twinsocket/channels'), join(twinsocket, 'dist/channels-node.js'));
    assert.equal(from.resolve('twinsocket/inline'), join(twinsocket, 'dist/inline.js'));
    assert.equal(from.resolve('twinsocket/js'), join(twinsocket, 'dist/javascript.js'));
    assert.equal(from.resolve('twinsocket/js/channels'), join(twinsocket, 'dist/channels-javascript.js'));
    assert.equal(from.resolve('twinsocket/shared'), join(twinsocket, 'dist/shared-node.js'));
    assert.equal(from.resolve('twinsocket/shared-worker.js'), join(twinsocket, 'dist/shared-worker.js'));
    assert.equal(from.resolve('twinsocket/inline/channels'), join(twinsocket, 'dist/channels-inline.js'));
    for (const file of ['twinsocket.wasm', 'twinsocket_xml.wasm'])
      assert.equal(from.resolve(`twinsocket/${file}`), join(twinsocket, 'dist', file));
    assert.equal(from.resolve('twinsocket/package.json'), join(twinsocket, 'package.json'));
  });

  test('export the same names', async () => {
    for (const entry of ['browser', 'browser.development', 'node', 'inline', 'javascript'])
      assert.deepEqual(Object.keys(await import(join(twinsocket, `dist/${entry}.js`))).sort(), names, entry);
  });

  test('of channels export channels, and the errors of the main entry', async () => {
    for (const entry of ['browser', 'browser.development', 'node', 'inline', 'javascript']) {
      const { TwinsocketError } = await import(join(twinsocket, `dist/${entry}.js`));
      const exported = await import(join(twinsocket, `dist/channels-${entry}.js`));
      assert.deepEqual(Object.keys(exported), ['channels'], entry);
      assert.throws(() => exported.channels('ws://localhost/', { queue: 0 }), TwinsocketError, entry);
    }
  });

  /** The loading function of each module, and its file. */
  const modules = { init: 'twinsocket.wasm', initXml: 'twinsocket_xml.wasm' };

  for (const [init, file] of Object.entries(modules)) {
    test(`load ${file} from bytes, a Module, a Response and a URL`, async () => {
      const module = read(`dist/${file}`);
      const bytes = new Uint8Array(module);
      for (const source of [
        bytes,
        bytes.buffer,
        new WebAssembly.Module(module),
        new Response(bytes, { headers: { 'content-type': 'application/wasm' } }),
        new Response(bytes),
        `data:application/wasm;base64,${module.toString('base64')}`,
      ])
        await (await load())[init](source);
      await (await import(join(twinsocket, 'dist/inline.js')))[init]();
    });

    test(`reject with unsupported if ${file} cannot be loaded, and can be retried`, async (t) => {
      const client = await load();
      await assert.rejects(client[init](new Uint8Array([1, 2, 3])), { name: 'TwinsocketError', code: 'unsupported' });
      await assert.rejects(client[init](new Response('not found', { status: 404 })), /404/);
      await client[init]();

      // The entry as a bundler resolves it for a bundle that is not a module.
      const path = join(twinsocket, `dist/bundled_${init}.mjs`);
      t.after(() => rmSync(path));
      writeFileSync(path, read('dist/browser.js').toString().replaceAll('import.meta.url', 'undefined'));
      const bundled = await import(pathToFileURL(path));
      await assert.rejects(bundled[init](), { name: 'TwinsocketError', code: 'unsupported' });
      await bundled[init](read(`dist/${file}`));
    });
  }

  test('each write XML', async () => {
    for (const entry of ['node', 'inline', 'javascript']) {
      const { initXml, string, struct, xml } = await import(join(twinsocket, `dist/${entry}.js`));
      await initXml();
      assert.equal(xml(struct('A', { b: string() })).encode({ b: 'c' }), '<A><b>c</b></A>', entry);
    }
  });
});

describe('the types', limit, () => {
  const program = `import { type CloseInfo, type Connection, type Infer, type TypedConnection, choice, connect, int32, json, list, number, optional, reconnecting, string, struct, xml } from 'twinsocket';
import { connect as connectInline } from 'twinsocket/inline';

const person = struct('Person', { Name: string(), Emails: list(string()), Age: optional(int32()), Kind: choice('a', 'b') });
type Person = Infer<typeof person>;
const jan: Person = { Name: 'Jan', Emails: ['a'], Kind: 'a' };
const older: Person = { ...jan, Age: 40 };
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const exact: Same<Person, { Name: string; Emails: string[]; Kind: 'a' | 'b'; Age?: number | undefined }> = true;
// @ts-expect-error a member is missing
export const incomplete: Person = { Name: 'Jan' };
// @ts-expect-error a name that is none of the choice
export const odd: Person = { ...jan, Kind: 'c' };
// @ts-expect-error a description is no type of TypeScript
struct('P', { Name: 'string' });

export async function talk(): Promise<number> {
  const socket: Connection = await connect(new URL('ws://localhost/'), { subprotocols: ['a'], timeout: 5, limits: { closeTimeout: 1 } });
  const status: 'accepted' | 'queued' = await socket.send(new Uint8Array(2));
  const message: string | Uint8Array = await socket.receive({ timeout: 5, signal: new AbortController().signal });
  for await (const each of socket) if (typeof each === 'string') return each.length;
  const info: CloseInfo = await socket.close(1000, status + message);

  const typed: TypedConnection<Person> = await connect('ws://localhost/', { codec: xml(person) });
  await typed.send(older);
  // @ts-expect-error not a Person
  await typed.send({ Name: 1 });
  const { Emails } = await typed.receive();
  const numbers = await connectInline('ws://localhost/', { codec: json(struct('N', { v: number() })) });
  for await (const { v } of numbers) return v + Emails.length + info.code;

  await connect('ws://localhost/', { subprotocols: 'a' });
  // @ts-expect-error there is no such option
  await connect('ws://localhost/', { timeouts: 5 });
  // @ts-expect-error there is no such limit
  await connect('ws://localhost/', { timeout: 5, limits: { maxMessagesSize: 1 } });
  // @ts-expect-error there is no such option
  await connect('ws://localhost/', { codec: json(person), timeouts: 5 });
  // @ts-expect-error there is no such option
  reconnecting('ws://localhost/', { timeout: 5, maxAttempt: 1 });
  const misspelt = { timeouts: 5 };
  // @ts-expect-error not one of its properties is an option
  await connect('ws://localhost/', misspelt);
  // @ts-expect-error not one of its properties is an option
  reconnecting('ws://localhost/', misspelt);
  // @ts-expect-error not one of its properties is a limit
  await connect('ws://localhost/', { limits: misspelt });

  const back = reconnecting('ws://localhost/', {
    stopOn: [1000, [4400, 4499]],
    onConnected: async (fresh) => void (await fresh.send(new Uint8Array(2))),
  });
  for await (const now of back.statuses()) return now.delay + now.dropped.messages;
  const people = reconnecting('ws://localhost/', { codec: json(person), onConnected: (fresh) => fresh.send(jan).then(() => undefined) });
  const { Name } = await people.receive();
  // @ts-expect-error not a Person
  await people.send(Name);
  return 0;
}
`;
  // The example of the README.
  const readme = /^## Channels\n\n```ts\n(.*?)^```$/ms.exec(readFileSync(join(root, 'wasm/README.md'), 'utf8'))[1];
  const room = `${readme}
declare function show(text: string | Uint8Array): void;
declare function reload(): void;
if (event.kind === 'gap') {
  const why: 'no_history' | 'epoch_changed' | 'trimmed' = event.why;
  show(why);
}
// @ts-expect-error a publication of this channel is no News
room.next().then((each) => each.kind === 'publication' && each.value.title);
// @ts-expect-error not a News
await client.publish('news:today', { title: 1 }, { codec: json(news) });
export const position: { offset: bigint; epoch: string } | undefined = await client.publish('news:today', { title: '', stars: 1 }, { codec: json(news) });
export const later = client.subscribe('chat:lobby', { since: position });
const { publications } = await client.history('news:today', { limit: 5, since: later.position, codec: json(news) });
// @ts-expect-error there is no such option
channels('wss://example.org/channels', { tokens: () => '' });
show(publications[0]!.value.title + client.identity?.user + (await client.presence('chat:lobby'))[0]!.info);
client.addEventListener('status', () => show(client.status.phase));
`;
  const plain = `import { connect, json, reconnecting, string, struct, xml } from 'twinsocket';
import { connect as connectInline } from 'twinsocket/inline';
import { connect as connectInJavaScript, reconnecting as reconnectingInJavaScript } from 'twinsocket/js';

// The same types.
export const functions: [typeof connect, typeof reconnecting] = [connectInJavaScript, reconnectingInJavaScript];

const question = struct('Question', { text: string() });
const answer = struct('Answer', { reply: string() });

export async function talk(url: string): Promise<string> {
  const socket = await connect(url, { codec: { send: json(question), receive: xml(answer) }, timeout: Infinity });
  await socket.send({ text: 'why' });
  // @ts-expect-error an answer is not sent
  await socket.send({ reply: 'why' });
  const { reply }: { reply: string } = await socket.receive();
  const lasting = reconnecting(url, {
    codec: (subprotocol) => (subprotocol === 'xml' ? xml(question) : json(question)),
    overflowPolicy: 'drop-oldest',
    onConnected: (fresh) => void fresh.trySend({ text: '' }),
  });
  lasting.addEventListener('status', () => lasting.status.phase);
  await lasting.send({ text: 'x' }, { key: 'a' });
  for await (const { text } of lasting) return text + lasting.counters.bytesSent;
  return reply + (await connectInline(url)).url;
}
`;
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    for (const library of ['es2022', 'es2022,dom', 'es2022,webworker']) {
      test(`compile with ${moduleResolution} and ${library}, with strict and without skipLibCheck`, async () => {
        const compiler = createRequire(join(root, 'wasm/package.json')).resolve('typescript/bin/tsc');
        writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
        writeFileSync(join(folder, 'plain.ts'), plain);
        writeFileSync(join(folder, 'talk.ts'), program);
        writeFileSync(join(folder, 'room.ts'), room);
        const compilerOptions = {
          strict: true,
          noEmit: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          types: [],
          target: 'es2022',
          lib: library.split(','),
          module,
          moduleResolution,
        };
        // The other file uses URLs and abort signals.
        const files = library === 'es2022' ? ['plain.ts', 'room.ts'] : ['plain.ts', 'room.ts', 'talk.ts'];
        writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
        const output = await promisify(execFile)(process.execPath, [compiler, '-p', '.'], { cwd: folder }).then(
          () => '',
          ({ stdout }) => stdout,
        );
        assert.equal(output, '');
      });
    }
  }
});
