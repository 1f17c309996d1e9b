// Node's ws: /echo, and /broadcast, which forwards each message to all other clients. Prints its port. With the files
// of a certificate and its key it uses TLS. With `each-message` or `takeover` it compresses, without or with context takeover.

import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createRequire } from 'node:module';

// Loaded from the packages of tests/, wherever this file is started.
const { WebSocketServer } = createRequire(new URL('../../package.json', import.meta.url))('ws');

const words = process.argv.slice(2);
const [cert, key] = words.length === 2 ? words.map((file) => readFileSync(file)) : [];
const listener = key ? createSecure({ cert, key }) : createPlain();
const resets = words[0] !== 'takeover';
const perMessageDeflate = words.length === 1 && {
  threshold: 0,
  zlibDeflateOptions: { level: 3 },
  serverNoContextTakeover: resets,
  clientNoContextTakeover: resets,
};
const server = new WebSocketServer({ server: listener, perMessageDeflate, maxPayload: 64 << 20 });
server.on('connection', (socket, request) => {
  socket.on('error', () => {}); // the load generator resets its connections
  if (request.url === '/echo') {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
    return;
  }
  socket.on('message', (data, binary) => {
    for (const other of server.clients) if (other !== socket) other.send(data, { binary });
  });
});
listener.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => console.log(listener.address().port));
