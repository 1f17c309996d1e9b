// A raw peer. Sends valid or invalid frames in chunks of any size. Reports what it receives, in order, as events:
// messages, pongs, pings, the close frame and the end of the stream.

import assert from 'node:assert/strict';
import { AsyncQueue } from '../interop/client.mjs';
import { negotiatedParameters, Deflate } from './deflate.mjs';
import { encode, FrameReader, opcode, rsv1 } from './frames.mjs';

// Timeout of each wait, in milliseconds.
const waitTimeout = 20_000;

export const chunkings = {
  'in one write': (bytes) => [bytes],
  'byte by byte': (bytes) => Array.from(bytes, (byte) => Buffer.of(byte)),
  'in odd chunks': (bytes) => {
    const sizes = bytes.length > 65536 ? [997, 65521, 31, 16381] : [1, 3, 2, 7, 13, 5, 127];
    const chunks = [];
    for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length])
      chunks.push(bytes.subarray(at, at + sizes[i % sizes.length]));
    return chunks;
  },
};

export function drained(socket) {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

export class Peer {
  #socket;
  #role;
  #reader;
  #events = new AsyncQueue();
  #message;
  #closed = false;
  #deflate;

  /** `role` is this endpoint's role. `extensions` is the negotiated response. `rest` came together with the header. */
  constructor(socket, role, extensions, rest = Buffer.alloc(0)) {
    this.#socket = socket;
    this.#role = role;
    const negotiated = negotiatedParameters(extensions);
    this.#deflate = negotiated && new Deflate(negotiated, role);
    this.negotiated = negotiated;
    this.#reader = new FrameReader(role === 'server', Boolean(negotiated));
    socket.setNoDelay(true);
    socket.removeAllListeners('error');
    socket.on('error', ({ code }) => this.#events.put({ broken: code }));
    socket.on('end', () => {
      this.#events.put(this.#reader.rest === 0 ? { end: true } : { wrong: new Error('the stream ends within a frame') });
    });
    socket.on('data', (bytes) => this.#take(bytes));
    if (rest.length) this.#take(rest);
  }

  #take(bytes) {
    try {
      this.#reader.add(bytes);
      for (let found = this.#reader.next(); found; found = this.#reader.next()) this.#takeFrame(found);
    } catch (wrong) {
      this.#events.put({ wrong });
    }
  }

  #takeFrame({ op, fin, rsv, payload }) {
    assert(!this.#closed, 'nothing may follow a close frame (RFC 6455 section 5.5.1)');
    if (op === opcode.ping) return this.#events.put({ ping: payload });
    if (op === opcode.pong) return this.#events.put({ pong: payload });
    if (op === opcode.close) {
      this.#closed = true;
      const code = payload.length ? payload.readUInt16BE(0) : undefined;
      return this.#events.put({ close: code, reason: utf8(payload.subarray(2)) });
    }
    assert.equal(op === opcode.continuation, Boolean(this.#message), 'fragments follow each other');
    this.#message ??= { kind: op, compressed: rsv === rsv1, parts: [] };
    this.#message.parts.push(payload);
    if (!fin) return undefined;
    const { kind, compressed, parts } = this.#message;
    this.#message = undefined;
    const sent = Buffer.concat(parts);
    const plain = compressed ? this.#deflate.inflate(sent) : sent;
    const how = compressed ? { compressed: sent.length } : {};
    return this.#events.put(kind === opcode.text ? { text: utf8(plain), ...how } : { binary: plain, ...how });
  }

  /** Sends frames, and buffers as raw bytes. */
  async send(frames, delivery = 'in one write') {
    const bytes = frames.map((one) => (Buffer.isBuffer(one) ? one : encode(one, this.#role === 'client')));
    for (const chunk of chunkings[delivery](bytes.length === 1 ? bytes[0] : Buffer.concat(bytes))) {
      if (this.#socket.destroyed) return;
      if (!this.#socket.write(chunk) && chunk.length > 65536) await this.drained();
      // Gives the other endpoint a chance to read each chunk separately.
      if (delivery !== 'in one write') await new Promise(setImmediate);
    }
  }

  /** Resolves when the written bytes were accepted or the connection has ended. */
  drained() {
    return drained(this.#socket);
  }

  /** Compresses a message with the negotiated parameters. */
  compress(plain, level) {
    return this.#deflate.compress(Buffer.from(plain), level);
  }

  /** Resolves with the next event. */
  async next() {
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, waitTimeout, { wrong: new Error(`no event within ${waitTimeout} ms`) });
    });
    const event = await Promise.race([this.#events.take(), late]);
    clearTimeout(timer);
    if (event.wrong) throw event.wrong;
    return event;
  }

  get socket() {
    return this.#socket;
  }

  /** Ends the sending direction of the stream. */
  end() {
    this.#socket.end();
  }

  destroy() {
    this.#socket.destroy();
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function utf8(bytes) {
  return decoder.decode(bytes);
}
