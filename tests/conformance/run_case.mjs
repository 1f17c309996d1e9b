// Runs one case, in either role.

import assert from 'node:assert/strict';
import { close } from './frames.mjs';
import { chunkings } from './peer.mjs';

const largestByBytes = 2500;

/** The chunk sizes in which the bytes of the case are sent. */
export function chunkingsOf({ send, once }) {
  if (once) return ['in one write'];
  const size = send.reduce((sum, one) => sum + (one.payload ?? one).length + 6, 0);
  return Object.keys(chunkings).filter((name) => name !== 'byte by byte' || size < largestByBytes);
}

/** Whether the case applies to this role and kind of connection. */
export function appliesTo(one, role, compressed) {
  return (one.role ?? role) === role && (one.only ?? (compressed ? 'compressed' : 'uncompressed')) === (compressed ? 'compressed' : 'uncompressed');
}

const asTested = (one, role) => (one.masked === 'wrong' ? { ...one, masked: role === 'client' } : one);

/** Runs a case against an endpoint of this role. Resolves with the close result that the endpoint must report. */
export async function runCase(peer, role, one, delivery) {
  const next = async () => {
    const { compressed, ...event } = await peer.next();
    return event;
  };
  await peer.send(one.send.map((frame) => asTested(frame, role)), delivery);
  if (one.endsAfterSend) peer.end();
  for (const expected of one.expect ?? []) assert.deepEqual(await next(), expected);

  if (one.endsStream) {
    peer.end();
    assert.deepEqual(await next(), { end: true });
    return { code: 1006, clean: false, initiator: 'none' };
  }
  if ('fails' in one) {
    const { close: code, reason, ...other } = await next();
    assert.equal(code, one.fails, reason ?? JSON.stringify(other));
    assert.match(reason, /RFC|limit/, 'the reason names the rule');
    assert.deepEqual(await next(), { end: true });
    peer.end();
    return { code: one.fails, clean: false, initiator: 'local' };
  }
  const answered = 'answered' in one ? one.answered : 1000;
  if (!('answered' in one)) await peer.send([close(1000, 'done')]);
  const { close: code, ...rest } = await next();
  assert.equal(code, answered, JSON.stringify(rest));
  // The server closes the TCP connection first (section 7.1.1).
  if (role === 'client' && !one.endsAfterSend) peer.end();
  assert.deepEqual(await next(), { end: true });
  if (role === 'server' && !one.endsAfterSend) peer.end();
  return { code: answered ?? 1005, clean: true, initiator: 'remote' };
}
