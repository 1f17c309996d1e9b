// tests/vectors/addresses.json in JavaScript: how Node's URL parses the addresses, and what the package connects to.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { load, root } from './package.mjs';
import { rejectionOf } from './peer.mjs';

const { connect } = await load();
const vectors = JSON.parse(readFileSync(new URL('tests/vectors/addresses.json', `file://${root}`), 'utf8'));
const limit = { timeout: 60_000 };

class Asked extends Error {}
class Refusing {
  constructor(url) {
    throw new Asked(`asked for ${url}`);
  }
}

/** The URL that is passed to WebSocket, or the code of the error. */
async function asked(address, base) {
  if (base) globalThis.document = { baseURI: base };
  const error = await rejectionOf(connect(address, { webSocket: Refusing }));
  delete globalThis.document;
  return error.code === 'connect_failed' ? /asked for (.*)/.exec(error.message)[1] : error.code;
}

/** The normal form according to Node's URL. Before version 22, Node leaves ^ in a path unchanged. */
function byNode(address, base) {
  const url = new URL(address, base);
  url.protocol = url.protocol.replace('http', 'ws');
  url.hash = '';
  url.pathname = url.pathname.replaceAll('^', '%5E');
  return url.href;
}

describe('addresses', limit, () => {
  test('are normalized as by the URL class of Node', async () => {
    for (const { address, base, url } of [...vectors.accepted, ...vectors.relative]) {
      assert.equal(byNode(address, base), url, JSON.stringify(address));
      assert.equal(await asked(address, base), url, JSON.stringify(address));
    }
  });

  test('are refused with invalid_url if the URL class of Node refuses them', async () => {
    for (const address of [...vectors.refused, ...vectors.zones.map((row) => row.address), ...vectors.refused_zones]) {
      assert.throws(() => new URL(address), TypeError, JSON.stringify(address));
      assert.equal(await asked(address), 'invalid_url', JSON.stringify(address));
    }
  });

  test('are refused with invalid_url if a WebSocket cannot use them', async () => {
    for (const address of vectors.not_websocket) {
      assert.ok(new URL(address));
      assert.equal(await asked(address), 'invalid_url', JSON.stringify(address));
    }
  });
});
