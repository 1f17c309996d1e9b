// permessage-deflate (RFC 7692 section 7.2) on Node's zlib. Strictly applies the negotiated window size and context
// takeover.

import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

const tail = Buffer.of(0, 0, 255, 255);
const largest = 64 << 20;

/** The parameters of a Sec-WebSocket-Extensions response; undefined if it accepts no compression. */
export function negotiatedParameters(answer) {
  if (!answer) return undefined;
  const [name, ...parameters] = answer.split(';').map((part) => part.trim());
  if (name !== 'permessage-deflate') throw new Error(`the extension "${answer}"`);
  const negotiated = {};
  for (const parameter of parameters) {
    const [key, value] = parameter.split('=');
    if (key in negotiated) throw new Error(`"${key}" occurs twice`);
    negotiated[key] = value === undefined ? true : Number(value);
  }
  return negotiated;
}

/** One direction of a connection: the compressor of one endpoint, or the inflater of the other. */
class Context {
  #keeps;
  #bits;
  #history = Buffer.alloc(0);

  constructor(negotiated, sender) {
    this.#keeps = !negotiated[`${sender}_no_context_takeover`];
    this.#bits = negotiated[`${sender}_max_window_bits`] ?? 15;
  }

  get options() {
    const dictionary = this.#history.length ? { dictionary: this.#history } : {};
    // zlib cannot compress raw data with a window of 8 bits. With 9 bits it refers back at most 250 bytes.
    return { windowBits: this.#bits, finishFlush: constants.Z_SYNC_FLUSH, ...dictionary };
  }

  remember(plain) {
    if (this.#keeps) this.#history = Buffer.concat([this.#history, plain]).subarray(-(1 << this.#bits));
    return plain;
  }
}

export class Deflate {
  #out;
  #in;

  constructor(negotiated, self) {
    this.#out = new Context(negotiated, self);
    this.#in = new Context(negotiated, self === 'client' ? 'server' : 'client');
  }

  compress(plain, level = 6) {
    const { windowBits, ...options } = this.#out.options;
    const bits = Math.max(windowBits, 9);
    const bytes = plain.length ? deflateRawSync(plain, { ...options, windowBits: bits, level }).subarray(0, -4) : Buffer.of(0);
    this.#out.remember(plain);
    return bytes;
  }

  /**
   * Small output chunks keep zlib from looking back further than its window, so that a peer's violation is an error.
   */
  inflate(bytes) {
    const chunkSize = bytes.length < 8192 ? 64 : 65536;
    const plain = inflateRawSync(Buffer.concat([bytes, tail]), { ...this.#in.options, chunkSize, maxOutputLength: largest });
    return this.#in.remember(plain);
  }
}
