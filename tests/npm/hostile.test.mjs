// Documents that try to keep the decoder busy: each must be decoded in linear time, and invalid ones must be refused
// with a TwinsocketError. With quadratic time, each of them would take hours.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { install, load } from './package.mjs';

const { TwinsocketError, asString, boolean, initXml, int32, int64, json, list, map, number, string, struct, xml } =
  await load();
await initXml();

const limit = { timeout: 60_000 };
const much = 4_000_000;
const values = struct('Values', { n: number(), i: int32(), l: int64(), b: boolean(), s: string() });
const none = { n: 0, i: 0, l: 0n, b: false, s: '' };

function refused(code, action) {
  assert.throws(action, (error) => {
    assert.ok(error instanceof TwinsocketError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}

describe('linear decoding time of a hostile document', limit, () => {
  test('in JSON with a long integer and a string of 4,000,000 escapes, with and without its end', () => {
    const start = '{"l":1234567890123456789,"s":"';
    const escapes = '\\"'.repeat(much);
    const read = json(values).decode(`${start}${escapes}"}`);
    assert.equal(read.l, 1234567890123456789n);
    assert.equal(read.s.length, much);
    refused('malformed', () => json(values).decode(start + escapes));
  });

  test('in JSON with a number of 8,000,000 digits', () => {
    refused('type_mismatch', () => json(values).decode(`{"n":${'1'.repeat(2 * much)}}`));
    refused('type_mismatch', () => json(values).decode(`{"l":${'1'.repeat(2 * much)}}`));
    const inStrings = struct('InStrings', { n: asString(number()), l: asString(int64()) });
    for (const name of ['n', 'l'])
      for (const end of ['', 'x', '.', 'e', '-'])
        refused('type_mismatch', () => json(inStrings).decode(`{"${name}":"${'1'.repeat(2 * much)}${end}"}`));
    assert.equal(json(inStrings).decode(`{"n":"0.${'0'.repeat(2 * much)}"}`).n, 0);
  });

  test('in JSON with a long integer as a key', () => {
    refused('malformed', () => json(map(int64())).decode('{12345678901234567890:1}'));
    refused('malformed', () => json(list(map(int64()))).decode('[{},{"a":12345678901234567890,-12345678901234567890:1}]'));
  });

  test('in XML with 1,000,000 spaces, digits or zeros in a number', () => {
    const decode = (name, text) => xml(values).decode(`<Values><${name}>${text}</${name}></Values>`);
    const space = ' '.repeat(much / 4);
    const digits = '1'.repeat(much / 4);
    const zeros = '0'.repeat(much / 4);
    for (const name of ['n', 'i', 'l', 'b']) {
      assert.deepEqual(decode(name, `${space}1${space}`), { ...none, [name]: { n: 1, i: 1, l: 1n, b: true }[name] });
      refused('type_mismatch', () => decode(name, `1${space}x`));
      for (const text of [digits, `${digits}x`, `${zeros}x`]) refused('type_mismatch', () => decode(name, text));
    }
    for (const [name, value] of [
      ['n', 7],
      ['i', 7],
      ['l', 7n],
    ])
      assert.deepEqual(decode(name, `${zeros}7`), { ...none, [name]: value });
    for (const text of ['e', '.', '+', '-', '.e1', '1e', '1.2.3', '1-2', '+-1']) {
      refused('type_mismatch', () => decode('n', text));
      refused('type_mismatch', () => decode('i', text));
    }
    for (const [text, value] of [
      ['5.', 5],
      ['.5', 0.5],
      ['+5E+1', 50],
      ['-0.5e-1', -0.05],
    ])
      assert.equal(decode('n', text).n, value);
  });

  test('in CBOR with a string of 4,000,000 empty chunks is decoded with little memory', async () => {
    const code = `import(${JSON.stringify(pathToFileURL(join(install().twinsocket, 'dist/node.js')).href)}).then(
      ({ bytes, cbor, string }) => {
        for (const [begin, piece, description] of [[0x5f, 0x40, bytes()], [0x7f, 0x60, string()]]) {
          const document = new Uint8Array(${much}).fill(piece);
          document[0] = begin;
          document[document.length - 1] = 0xff;
          require('node:worker_threads').parentPort.postMessage(cbor(description).decode(document).length);
        }
      });`;
    const worker = new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 64 } });
    const lengths = [];
    worker.on('message', (length) => lengths.push(length));
    await once(worker, 'exit');
    assert.deepEqual(lengths, [0, 0]);
  });
});
