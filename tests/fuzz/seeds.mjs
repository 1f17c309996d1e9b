// The seeds of the fuzz targets: examples of the RFCs, the codecs' test vectors, and short conversations. Each document
// is followed by the bytes that the target takes from the end of its input (fuzz.hpp).

import { readFileSync } from 'node:fs';
import zlib from 'node:zlib';

const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const seed = (document, ...end) => Buffer.concat([Buffer.from(document), Buffer.from(end)]);
const cut = [3, 1, 100, 7];
const whole = [255, 255, 255, 255];

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

// RFC 6455 section 5.2. A masking key of zeros leaves the text unchanged.
function frame(first, payload, { masked = false, mask = [0, 0, 0, 0] } = {}) {
  const bytes = Buffer.from(payload);
  const size = bytes.length;
  const length = size < 126 ? [size] : size < 65536 ? [126, size >> 8, size & 255] : [127, 0, 0, 0, 0, 0, size >> 16, (size >> 8) & 255, size & 255];
  if (!masked) return Buffer.concat([Buffer.from([first, ...length]), bytes]);
  length[0] |= 128;
  return Buffer.concat([Buffer.from([first, ...length, ...mask]), bytes.map((byte, i) => byte ^ mask[i % 4])]);
}

function reader() {
  const close = (code, reason = '') => Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
  const conversations = [
    [[0x81, 'Hello']],
    [[0x01, 'Hel'], [0x89, 'there?'], [0x80, 'lo']],
    [[0x82, Buffer.alloc(300, 7)], [0x8a, 'yes']],
    [[0x01, hex('c3')], [0x00, ''], [0x80, hex('a9')], [0x88, close(1000, 'bye')]],
    [[0x81, hex('f09f9880 eda080')]],
    [[0x88, '']],
    [[0x88, close(1005)]],
    [[0x88, close(4999, '\u20ac')]],
    [[0xc1, hex('f248cdc9c90700')], [0x41, hex('f248cd')], [0x80, hex('c9c90700')]],
    [[0x02, 'a'], [0x00, 'b'], [0x00, 'c'], [0x80, 'd']],
    [[0x83, '']],
    [[0x09, '']],
    [[0x91, '']],
    [[0x82, Buffer.alloc(70000)]],
  ];
  const made = [];
  for (const frames of conversations)
    for (const flags of [0, 1, 3, 6, 13]) {
      const masked = (flags & 1) === 1;
      const stream = Buffer.concat(frames.map(([first, payload]) => frame(first, payload, { masked })));
      made.push(seed(stream, ...cut, flags));
    }
  // The examples of section 5.7.
  for (const example of ['810548656c6c6f', '818537fa213d7f9f4d5158', '010348656c80026c6f', '890548656c6c6f', '8a8537fa213d7f9f4d5158'])
    for (const flags of [0, 1]) made.push(seed(hex(example), ...whole, flags));
  return made;
}

// RFC 7692 section 7.2.3, and texts compressed by zlib.
function inflating() {
  const examples = ['f248cdc9c90700', 'f200110000', '000500faff48656c6c6f00', 'f348cdc9c9070000', 'f24805000000ffffcac9c90700', '00', ''].map(hex);
  const texts = ['', 'lorem ipsum '.repeat(20), '\u00e9\u20ac\u{1f600}'.repeat(30), 'a'.repeat(3000), JSON.stringify(process.versions)];
  const compressed = texts.map((text) =>
    zlib.deflateRawSync(text, { finishFlush: zlib.constants.Z_SYNC_FLUSH, windowBits: 9 }).subarray(0, -4));
  const made = [];
  const every = [255, 255];
  for (const stream of [...examples, ...compressed]) for (const flags of [0, 2, 4, 8, 16]) made.push(seed(stream, ...cut, ...every, 7, flags));
  for (const text of texts) for (const flags of [1, 3]) made.push(seed(text, ...cut, 40, 0, 50, flags), seed(text, ...cut, 41, 0, 6, flags));
  return made;
}

const opening = (more = '') =>
  `GET /room/blue%20one?a=1&b=x+y HTTP/1.1\r\nHost: localhost:8080\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${more}\r\n`;

function request() {
  const get = (fields) => `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
  return [
    opening(),
    opening('Origin: http://localhost:8080\r\nSec-WebSocket-Protocol: chat, sensors.json\r\n'),
    opening('Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate\r\n'),
    opening('Sec-WebSocket-Extensions: x; a="b\\c", permessage-deflate; server_no_context_takeover; client_max_window_bits="9"\r\n'),
    opening('Content-Length: 5\r\n') + 'hello',
    get('If-None-Match: "x", W/"5-abc"\r\n'),
    get('If-Match: *\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n'),
    get('Range: bytes=0-99\r\nIf-Range: "5-abc"\r\n'),
    get('Range: bytes=-5\r\nAccept-Encoding: br;q=0.5, gzip, *;q=0\r\n'),
    get('Range: bytes=5-\r\nCookie: a=1; id="x"; c\r\n'),
    get('Transfer-Encoding: chunked\r\n') + '5;x=y\r\nhello\r\n0\r\nHost: b\r\n\r\n',
    'POST /echo HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc',
    'GET http://example.com/a%20b/../c HTTP/1.1\r\nHost: example.com\r\nExpect: 100-continue\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /%2e%2e/etc HTTP/1.1\r\nHost: [::1]:80\r\n folded\r\n\r\n',
  ].flatMap((text) => [seed(text, ...cut), seed(text, ...whole)]);
}

function answer() {
  const opened = (more = '') =>
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;
  const texts = [
    opened(),
    opened('Sec-WebSocket-Protocol: chat\r\n'),
    opened('Sec-WebSocket-Extensions: permessage-deflate\r\n'),
    opened('Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=8\r\n'),
    'HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone',
    'HTTP/1.1 302 Found\r\nLocation: ws://elsewhere/\r\nContent-Length: 0\r\n\r\n',
  ];
  return texts.flatMap((text) => [0, 1, 2, 3, 63].map((flags) => seed(text, ...cut, flags)));
}

const addresses = () => [
  'ws://localhost:8080/echo?a=1', 'wss://[::1]:443/', 'WS://Example.COM', 'ws://a?b', 'http://user@host/#x',
  'https://*.example.com:*', 'null', 'http://localhost', '/a/b%2Fc/?x=1&y', 'http://example.com/path?q', '*',
  'permessage-deflate; client_max_window_bits; server_max_window_bits=10, x; a="b\\c"', 'chat, superchat ,\tx.y,,',
  'keep-alive, Upgrade', key, 'Sun, 06 Nov 1994 08:49:37 GMT', 'Wed, 29 Feb 2000 23:59:59 GMT',
].map((text) => seed(text));

const values = () => [
  '0', '-0', '1e21', '1e-7', '0.1', '5e-324', '1.7976931348623157e308', '1.7976931348623159e308', '3.4028235e38', '+Inf', 'NaN', '9007199254740993',
  '2.2250738585072011e-308', '0.000001', '123456789012345678901234567890', '1.', '.5', '01', '1E+5', 'Zg==', 'Zm9vYmFy', '+/+/',
  '1970-01-01T00:00:00Z', '2000-02-29T23:59:59.123456789+05:30', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59',
  '\u00e9\u20ac\u{1f600}'.repeat(12), 'plain ascii text that is longer than one block of sixteen or thirty-two bytes, and more',
].map((text) => seed(text, ...cut))
  .concat(['eda080', 'c080', 'f4908080', 'f08080', 'e282', '03e8627965', '0fa1', '03ed', '817e0100', '82ff0000000000010000aabbccdd'].map((bytes) => seed(hex(bytes), ...cut)));

/** A document of one of the types in tests/vectors, as the corresponding member of fuzz::everything. */
const members = { Person: 'person', House: 'house', Article: 'article', Letter: 'letter', Tree: 'tree', Drawing: 'drawing', drawing: 'drawing' };
function documents(format) {
  const vectors = JSON.parse(readFileSync(new URL('../vectors/codec.json', import.meta.url), 'utf8'));
  const all = vectors.written.map((v) => [v.type, v[format]]);
  for (const list of [vectors.read, vectors.refused, vectors.stricter])
    for (const v of list) if (v.format === format) all.push([v.type, v.document]);
  return all.filter(([, document]) => typeof document === 'string').map(([type, document]) => [members[type] ?? type, document]);
}

function json() {
  const made = [];
  for (const [member, document] of documents('json')) made.push(seed(`{"${member}":${document}}`, 0), seed(document, 4));
  made.push(seed('{"when":"2000-02-29T23:59:59.5Z","wait":5,"chain":{"value":1,"next":{"value":2,"next":null}}}', 1));
  made.push(seed('[{"Circle":{"radius":1e300}},{"Square":{"side":-0.5}}]', 8), seed('[[[[[[1]]]]]]', 6));
  return made;
}

/** The same values in CBOR, and some that JSON does not have: indefinite lengths, half precision, tags. */
function cbor() {
  const head = (major, size) => Buffer.from(size < 24 ? [(major << 5) | size] : size < 256 ? [(major << 5) | 24, size] : [(major << 5) | 25, size >> 8, size & 255]);
  const encoded = (value) => {
    if (value === null || typeof value === 'boolean') return Buffer.from([value === null ? 0xf6 : 0xf4 + value]);
    if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
    if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encoded)]);
    if (typeof value === 'object') return Buffer.concat([head(5, Object.keys(value).length), ...Object.entries(value).flat().map(encoded)]);
    if (Number.isInteger(value) && Math.abs(value) < 65536) return value < 0 ? head(1, -1 - value) : head(0, value);
    const real = Buffer.alloc(9, 0xfb);
    real.writeDoubleBE(value, 1);
    return real;
  };
  const made = [];
  for (const [member, document] of documents('json')) {
    let value;
    try { value = JSON.parse(document); } catch { continue; }
    made.push(seed(encoded({ [member]: value }), 0), seed(encoded(value), 1));
  }
  made.push(seed(encoded([{ Circle: { radius: 1e300 } }, { Square: { side: -0.5 } }]), 8));
  for (const bytes of ['bf656c69737473bf6572656d6f7665ffff', 'a1656c69737473a1656279746573 5f42010243030405ff', 'a1676e756d62657273a263663634f97bff6366333 2f9fc00', 'c1d9d9f7a0', '9f81ff', '3bffffffffffffffff'])
    made.push(seed(hex(bytes.replaceAll(' ', '')), 0));
  return made;
}

function xml() {
  const made = [];
  for (const [member, document] of documents('xml')) {
    const inside = document.replace(/^(.*?<)[\w:]+/s, `$1${member}`).replace(/<\/[\w:]+(\s*>\s*)$/, `</${member}$1`);
    made.push(seed(`<everything>${inside}</everything>`, 0), seed(document, 0));
  }
  made.push(seed('<?xml version="1.0"?><!DOCTYPE x><everything xmlns="u"><!--c--><when>2000-02-29T23:59:59.5Z</when><wait>5</wait><![CDATA[ ]]></everything>', 0));
  made.push(seed('<Circle><radius>1e+300</radius></Circle>', 8), seed('<a><b><c><d><e><f/></e></d></c></b></a>', 2));
  return made;
}

const program = () => [
  'coretemp-isa-0000\nAdapter: ISA adapter\nCore 0:        +45.0\u00b0C  (high = +80.0\u00b0C, crit = +100.0\u00b0C)\nfan1: 1200 RPM\n  (min = 10 RPM)\nin0: 850.00 mV\n\n',
  '[{"chip":"a","label":"b","kind":"temperature","value":45.5,"unit":"C","high":80,"critical":null,"time":5}]',
  '{"source":"x","readings":[{"label":"b","value":1,"unit":"RPM"}]}',
  '{"a":[1,2,{"b":"c\\"d"}],"e":{}}', '<a b="c"><d>e</d><!-- f --></a>', 'sensors -u "two words" \'x\' a\\ b', '1.5m', '500ms', '\u009b31m\x1b[0m',
].map((text) => seed(text));

// Documents of the protocol of channels, an entry of a broker, and replies of Redis and of a cluster.
const channels = () => [
  '{"id":1,"request":{"SubscribeRequest":{"channel":"a:x","since":{"offset":"3","epoch":"e"}}}}',
  '{"id":2,"request":{"PublishRequest":{"channel":"a:x","text":"hello","key":"k"}}}',
  '{"Response":{"id":1,"value":{"SubscribeResponse":{"recovery":"complete","position":{"offset":3,"epoch":"e"},"publications":[{"offset":3,"text":"a","time":5}]}}}}',
  '{"Published":{"channel":"a:x","epoch":"e","publication":{"offset":4,"text":"hello","publisher":{"client":"c","user":"u"},"time":6}}}',
  '{"Unsubscribed":{"channel":"a:x","reason":"gone","retry":true}}', '{"Joined":{"channel":"a:x","member":{"client":"c"}}}',
  '17:epoch:bytes', '0::bytes', '# Server\r\nrun_id:0123456789abcdef0123456789abcdef01234567\r\n',
  '+OK\r\n$5\r\nhello\r\n:17\r\n-ERR no\r\n*2\r\n$1\r\n1\r\n$1\r\ne\r\n', '*4\r\n$1\r\ne\r\n$1\r\n2\r\n$3\r\n1-0\r\n*1\r\n*2\r\n$3\r\n2-0\r\n*2\r\n$1\r\nb\r\n$1\r\nx\r\n',
  'MOVED 3999 127.0.0.1:6381', '-ASK 0 ::1:65535\r\n-TRYAGAIN no\r\n', '# Server\r\nredis_mode:cluster\r\nrun_id:0123456789abcdef0123456789abcdef01234567\r\n',
  '*2\r\n*4\r\n:0\r\n:5\r\n*3\r\n$9\r\n127.0.0.1\r\n:7001\r\n$1\r\na\r\n*2\r\n$1\r\nh\r\n:1\r\n*3\r\n:6\r\n:16383\r\n*2\r\n$-1\r\n:7002\r\n',
].map((text) => seed(text));

// Read from the end: four bytes of settings, then one step after another.
function session() {
  const conversation = (settings, ...steps) => Buffer.from([settings >>> 24, (settings >> 16) & 255, (settings >> 8) & 255, settings & 255, ...steps].reverse());
  const client = { send: 0, fragment: 4, ping: 6, close: 8, write: 10, all: 14, some: 18, take: 22, pieces: 54, wait: 24, burst: 26, spoil: 156, cut: 254, abort: 222 };
  const server = Object.fromEntries(Object.entries(client).map(([name, code]) => [name, code | 1]));
  const conversations = [
    [client.send, 1, 100, client.all, server.send, 0, 50, server.all, server.take, client.take],
    [client.send, 1, 230, client.some, 9, client.some, 200, client.send, 0, 255, client.all, server.take],
    [client.fragment | 64, 220, 20, client.all, client.send, 1, 10, server.pieces, client.fragment | 128, 0, client.all, server.take],
    [client.ping, client.all, server.all, client.close, 0, 20, server.close, 4, 30, client.all, server.all],
    [server.send, 1, 245, server.send, 5, 99, server.write, 0, 7, server.burst, server.all, client.wait, 255, 255, client.take],
    [client.send, 1, 100, client.write, 1, client.spoil, 0, 5, client.all],
    [client.send, 1, 100, client.some, 50, server.send, 0, 10, client.cut, server.all],
    [client.wait, 255, 255, server.wait, 255, 255, client.abort, server.send, 1, 1],
    [client.send, 8, 250, client.send, 36, 250, client.write, 0, 1, client.send, 12, 100, client.send, 16, 90, client.all],
  ];
  const settings = [0, 16, 0x10 | 0x20 | 0x40, 0x10 | 0x80 | 0x100, 0xf, 0x400 | 8, 0x800, 0x4800 | 0x10, 0x8000, 0x80000, 0x210];
  return conversations.flatMap((steps) => settings.map((value) => conversation(value, ...steps)));
}

export const seeds = { addresses, answer, cbor, channels, inflating, json, program, reader, request, session, values, xml };
