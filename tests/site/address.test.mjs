import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './modules.mjs';

const { sameOriginServer, parseServer, serverFromQuery } = await load('server-url');

const plain = new URL('http://localhost:8080/');
const secure = new URL('https://pages.example/demo/');
const file = new URL('file:///home/jan/index.html');

test('sameOriginServer() is the origin of the page as ws: or wss:, and undefined for file:', () => {
  assert.equal(sameOriginServer(plain), 'ws://localhost:8080');
  assert.equal(sameOriginServer(secure), 'wss://pages.example');
  assert.equal(sameOriginServer(file), undefined);
});

test('parseServer() accepts URLs and bare hosts and returns a normalized ws: or wss: URL', () => {
  for (const [text, page, expected] of [
    ['ws://127.0.0.1:8080', plain, 'ws://127.0.0.1:8080'],
    ['  ws://127.0.0.1:8080/  ', plain, 'ws://127.0.0.1:8080'],
    ['127.0.0.1:8080', plain, 'ws://127.0.0.1:8080'],
    ['localhost:8080', plain, 'ws://localhost:8080'],
    ['example.com', secure, 'wss://example.com'],
    ['http://example.com', plain, 'ws://example.com'],
    ['https://example.com:8443', plain, 'wss://example.com:8443'],
    ['WSS://Example.com/socket/', plain, 'wss://example.com/socket'],
    ['[::1]:9000', plain, 'ws://[::1]:9000'],
  ]) {
    assert.equal(parseServer(text, page), expected, text);
  }
});

test('parseServer() throws an error with the reason for an invalid address', () => {
  for (const [text, reason] of [
    ['  ', /empty/],
    ['ftp://example.com', /not ftp:/],
    ['ws://', /"ws:\/\/" is not a server address/],
    ['ws://host:99999', /not a server address/],
    ['ws://jan:secret@example.com', /user name/],
  ]) {
    assert.throws(() => parseServer(text, plain), reason, text);
  }
});

test('serverFromQuery() returns the parameter server of the page URL', () => {
  assert.equal(serverFromQuery(new URL('http://host/?server=ws://127.0.0.1:8080')), 'ws://127.0.0.1:8080');
  assert.equal(serverFromQuery(new URL('http://host/?server=ws%3A%2F%2F127.0.0.1%3A8080')), 'ws://127.0.0.1:8080');
  assert.equal(serverFromQuery(plain), undefined);
});
