// Encodes and decodes frames (RFC 6455 section 5.2), valid and invalid ones. Written from the RFC alone, so that it is
// independent of the tested code.

import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
export const rsv1 = 4;

/**
 * A frame to send. `form` is the number of extended length bytes (0, 2 or 8); default: the fewest. `length` is the
 * announced length; default: the payload's. `masked` defaults to the sender's role.
 */
export const frame = (op, payload = '', more = {}) => ({ op, payload: Buffer.from(payload), fin: true, rsv: 0, ...more });
export const text = (payload, more) => frame(opcode.text, payload, more);
export const binary = (payload, more) => frame(opcode.binary, payload, more);
export const more = (payload, fin = false) => frame(opcode.continuation, payload, { fin });
export const ping = (payload, how) => frame(opcode.ping, payload, how);
export const pong = (payload, how) => frame(opcode.pong, payload, how);
export const close = (code, reason = '', how) => frame(opcode.close, closePayload(code, reason), how);

export function closePayload(code, reason = '') {
  if (code === undefined) return Buffer.alloc(0);
  return Buffer.concat([Buffer.of(code >> 8, code & 255), Buffer.from(reason)]);
}

/** Splits a message into fragments with this many bytes of payload each. */
export function fragments(kind, payload, size) {
  const bytes = Buffer.from(payload);
  const frames = [];
  for (let at = 0; at === 0 || at < bytes.length; at += size) {
    const fin = at + size >= bytes.length;
    frames.push(frame(at === 0 ? opcode[kind] : opcode.continuation, bytes.subarray(at, at + size), { fin }));
  }
  return frames;
}

function lengthBytes(length, form) {
  if (form === 2) return [126, (length >> 8) & 255, length & 255];
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64BE(BigInt(length));
  return [127, ...eight];
}

export function encode({ op, payload, fin, rsv, form, length = payload.length, masked, key }, byClient) {
  const isMasked = masked ?? byClient;
  const shortest = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const [second, ...rest] = (form ?? shortest) === 0 ? [length] : lengthBytes(length, form ?? shortest);
  const header = [(fin ? 128 : 0) | (rsv << 4) | op, (isMasked ? 128 : 0) | second, ...rest];
  if (!isMasked) return Buffer.concat([Buffer.from(header), payload]);
  const mask = key ?? randomFillSync(Buffer.alloc(4));
  return Buffer.concat([Buffer.from(header), mask, applyMask(payload, mask)]);
}

function applyMask(bytes, key) {
  const out = Buffer.from(bytes);
  for (let i = 0; i < out.length; i += 1) out[i] ^= key[i & 3];
  return out;
}

/** Parses the frames of the other endpoint. Throws on every violation of RFC 6455 section 5. */
export class FrameReader {
  #chunks = [];
  #size = 0;
  #byClient;
  #allowCompressed;

  constructor(byClient, allowCompressed) {
    this.#byClient = byClient;
    this.#allowCompressed = allowCompressed;
  }

  /** The number of bytes of an incomplete frame. */
  get rest() {
    return this.#size;
  }

  add(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  #peek(size) {
    if (this.#size < size) return undefined;
    if (this.#chunks[0].length < size) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }

  /** The next frame; undefined while it is incomplete. */
  next() {
    const start = this.#peek(2);
    if (!start) return undefined;
    const announced = start[1] & 127;
    const masked = start[1] >= 128;
    const lengthEnd = announced === 126 ? 4 : announced === 127 ? 10 : 2;
    const headerSize = lengthEnd + (masked ? 4 : 0);
    const header = this.#peek(headerSize);
    if (!header) return undefined;
    let length = announced;
    if (announced === 126) length = header.readUInt16BE(2);
    if (announced === 127) length = Number(header.readBigUInt64BE(2));
    const whole = this.#peek(headerSize + length);
    if (!whole) return undefined;

    const found = { op: whole[0] & 15, fin: whole[0] >= 128, rsv: (whole[0] >> 4) & 7 };
    const sent = whole.subarray(headerSize, headerSize + length);
    found.payload = masked ? applyMask(sent, whole.subarray(lengthEnd, headerSize)) : sent;
    this.#chunks[0] = whole.subarray(headerSize + length);
    this.#size -= headerSize + length;
    this.#check(found, announced, masked, length);
    return found;
  }

  #check({ op, fin, rsv }, announced, masked, length) {
    assert.equal(masked, this.#byClient, 'a client masks its frames, a server does not (RFC 6455 section 5.1)');
    assert(announced !== 126 || length > 125, 'a length has to be in the shortest form');
    assert(announced !== 127 || length > 65535, 'a length has to be in the shortest form');
    assert(Object.values(opcode).includes(op), `opcode ${op} is reserved`);
    if (op >= 8) assert(fin && length <= 125, 'a control frame is whole and has at most 125 bytes');
    const mayBeCompressed = this.#allowCompressed && (op === opcode.text || op === opcode.binary);
    assert(rsv === 0 || (rsv === rsv1 && mayBeCompressed), `the reserved bits of opcode ${op} are ${rsv}`);
  }
}
