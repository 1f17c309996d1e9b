// The script that a page and a worker run with the npm package. It uses no document, so both can run it.

/** Talks to an echo server through one entry point of the package: its address, or what it exports. Resolves with the results. */
export async function talk(entry, url) {
  const { connect, list, string, struct, xml } = typeof entry === 'string' ? await import(entry) : entry;
  const results = {};
  const loadsBefore = loadsOfXml();
  const socket = await connect(url, { subprotocols: ['chat', 'echo'] });
  results.subprotocol = socket.subprotocol;

  results.texts = true;
  for (const text of ['', 'a\0b', '\ufeffmarked', 'größer \u{1f600} '.repeat(50_000)]) {
    await socket.send(text);
    results.texts &&= (await socket.receive()) === text;
  }
  const bytes = new Uint8Array(1 << 20).map((_, i) => i * 7);
  await socket.send(bytes);
  const back = await socket.receive();
  results.bytes =
    back instanceof Uint8Array && back.length === bytes.length && back.every((byte, i) => byte === bytes[i]);

  for (let i = 0; i < 100; ++i) socket.trySend(`number ${i}`);
  results.order = 0;
  for await (const message of socket) {
    if (message !== `number ${results.order}`) break;
    if (++results.order === 100) break;
  }
  results.late = await socket.receive({ timeout: 10 }).catch((error) => error.code);
  results.close = await socket.close(1001, 'größer');

  const loadsOfText = loadsOfXml();
  const person = struct('Person', { Name: string(), Emails: list(string()) });
  const typed = await connect(url, { codec: xml(person) });
  await typed.send({ Name: '<Jan>', Emails: ['a', 'b'] });
  results.person = await typed.receive();
  results.invalid = await typed.send({ Name: 1 }).catch((error) => `${error.code} ${error.message}`);
  results.loadsOfXml = { text: loadsOfText - loadsBefore, xml: loadsOfXml() - loadsOfText };
  typed.abort();
  results.aborted = await typed.closed;

  const small = await connect(url, { limits: { maxMessageSize: 10 } });
  await small.send('more than ten');
  results.tooBig = await small.receive().catch((error) => error.code);
  results.tooBigClose = (await small.closed).code;

  results.refused = await connect('ws://127.0.0.1:9/').catch((error) => error.code);
  results.relative = await connect('/no/such/thing?x').catch((error) => error.message);
  results.wrong = await connect('ftp://127.0.0.1/').catch((error) => error.code);
  return results;
}

/** How often the page or the worker has loaded the module for XML. */
function loadsOfXml() {
  return performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/twinsocket_xml.wasm')).length;
}
