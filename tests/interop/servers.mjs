// The same small server written with Node's ws and with Python's websockets, as a peer for our clients.

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { WebSocketServer } from 'ws';
import { AsyncQueue } from './client.mjs';
import { python, ChildProgram, script } from './programs.mjs';

const routes = {
  async echo(socket, take) {
    for (let message = await take(); message; message = await take()) {
      socket.send(message.data, { binary: message.isBinary });
    }
  },
  async hello(socket, take, tell) {
    for (let i = 0; i < 10; i += 1) {
      socket.send(`Hello  ${i}`);
      const reply = await take();
      if (!reply) return;
      tell({ received: reply.data.toString() });
    }
  },
  async person(_socket, take, tell) {
    const message = await take();
    if (message) tell({ received: message.data.toString() });
  },
  async refuse(socket, take, _tell, query) {
    await take();
    socket.close(Number(query.get('code')), query.get('reason'));
  },
  async end(socket, take, _tell, query) {
    socket.close(Number(query.get('code')), query.get('reason'));
    while (await take()) {}
  },
  async ask(socket, take, _tell, query) {
    socket.send(query.get('text'));
    while (await take()) {}
  },
  async say(socket, _take, _tell, query) {
    for (const text of query.getAll('text')) {
      socket.ping();
      const fragments = text.split('|');
      fragments.forEach((fragment, i) => socket.send(fragment, { fin: i === fragments.length - 1 }));
    }
    for (const digits of query.getAll('bytes')) socket.send(Buffer.from(digits, 'hex'));
  },
};

async function startNode(t) {
  const events = new AsyncQueue();
  const tell = (event) => events.put(event);
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: { threshold: 0 }, // for clients that offer it
    handleProtocols: (offered) => (offered.has('two') ? 'two' : false),
  });
  t.after(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket, request) => {
    const { pathname, searchParams } = new URL(request.url, 'ws://host');
    const messages = new AsyncQueue();
    tell({ opened: pathname, subprotocol: socket.protocol || null });
    socket.on('message', (data, isBinary) => messages.put({ data, isBinary }));
    socket.on('close', (code, reason) => {
      messages.put(undefined);
      tell({ closed: code, reason: reason.toString() });
    });
    routes[pathname.slice(1)](socket, () => messages.take(), tell, searchParams).then(() => socket.close(1000));
  });
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${server.address().port}`, next: () => events.take() };
}

async function startPython(t) {
  const events = new AsyncQueue();
  const server = new ChildProgram(t, python, [script('server.py')]);
  createInterface({ input: server.output }).on('line', (line) => events.put(JSON.parse(line)));
  const { port } = await events.take();
  return { url: `ws://127.0.0.1:${port}`, next: () => events.take() };
}

/** Each function starts a server that ends with the test. next() resolves with its next event. */
export const servers = [
  { name: "Node's ws", start: startNode },
  { name: "Python's websockets", start: startPython },
];
