// Bun's server: /echo, and /broadcast, which forwards each message to all other clients. Prints its port. With the files of
// a certificate and its key it uses TLS.

const [cert, key] = process.argv.slice(2).map((file) => Bun.file(file));
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  tls: key && { cert, key },
  fetch: (request, server) => {
    const broadcast = new URL(request.url).pathname === '/broadcast';
    return server.upgrade(request, { data: { broadcast } }) ? undefined : new Response(null, { status: 404 });
  },
  websocket: {
    perMessageDeflate: false,
    maxPayloadLength: 64 << 20,
    backpressureLimit: 64 << 20,
    idleTimeout: 0,
    open: (socket) => {
      if (socket.data.broadcast) socket.subscribe('all');
    },
    message: (socket, data) => {
      // The kind of the message is that of its value: a string or bytes.
      if (socket.data.broadcast) socket.publish('all', data);
      else socket.send(data);
    },
  },
});
console.log(server.port);
