// The benchmark cases: connections x bytes x messages in flight on each connection x content.

export const echoCases = [];
for (const connections of [1, 64]) {
  for (const bytes of [16, 1024, 16384]) {
    for (const depth of [1, 16]) {
      for (const content of ['binary', 'ascii']) echoCases.push({ connections, bytes, depth, content });
    }
  }
}
// Many connections: what they need no longer fits into the CPU's caches.
echoCases.push({ connections: 1000, bytes: 16, depth: 1, content: 'binary' });
for (const depth of [1, 16]) echoCases.push({ connections: 1000, bytes: 1024, depth, content: 'ascii' });
for (const content of ['binary', 'ascii', 'unicode']) echoCases.push({ connections: 8, bytes: 1 << 20, depth: 1, content });

/** The TLS cases: the cost per record, per byte, and of many small messages in one record. */
export const secureCases = [
  { connections: 64, bytes: 16, depth: 1, content: 'binary', tls: true },
  { connections: 64, bytes: 16, depth: 16, content: 'binary', tls: true },
  { connections: 64, bytes: 16384, depth: 1, content: 'binary', tls: true },
  { connections: 64, bytes: 16384, depth: 16, content: 'binary', tls: true },
];

/** The cases with compression. There are more messages than a window of 32 KiB holds, as in a program: none comes twice in it. */
const compressed = { bytes: 1024, content: 'json' };
const bursts = (depth) => 64 / depth;
export const compressionCases = ['each-message', 'takeover'].flatMap((compression) =>
  [[64, 1], [64, 16]].map(([connections, depth]) => ({ connections, depth, ...compressed, bursts: bursts(depth), compression })),
);

/** Connections that are opened and closed, one after the other. */
export const handshakeCases = [{ handshakes: true }];
export const secureHandshakeCases = [
  { handshakes: true, tls: true },
  { handshakes: true, tls: true, resumed: true },
];

/** One connection sends, all others receive. A message is counted once for each receiver. */
export const broadcastCases = [
  { connections: 1001, bytes: 64, depth: 1, content: 'ascii', broadcast: true },
  { connections: 1001, bytes: 64, depth: 16, content: 'ascii', broadcast: true },
];

/** The latency cases: all messages of a connection are different, and sent at the same rate to every server. */
export const latencyCases = [
  { connections: 64, bytes: 16, depth: 16, content: 'binary', paced: true },
  { connections: 64, bytes: 1024, depth: 16, content: 'ascii', paced: true },
];

export const describe = ({ connections, bytes, depth, content, broadcast, tls, paced, handshakes, resumed, compression }) => {
  if (handshakes) return resumed ? 'resumed handshake over TLS' : tls ? 'handshake over TLS' : 'handshake';
  const size = bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${bytes >> 10} KiB` : `${bytes >> 20} MiB`;
  if (paced) return `latency of ${connections} x ${size} ${content}`;
  return `${broadcast ? `1 to ${connections - 1}` : connections} x ${size} x ${depth} ${content}${tls ? ' over TLS' : ''}${compression === 'takeover' ? ', context takeover' : ''}`;
};
