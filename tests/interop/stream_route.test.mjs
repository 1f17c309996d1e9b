// /stream echoes each piece of a message as it arrives, whatever the size of the message.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { encode, FrameReader, more, opcode, text } from '../conformance/frames.mjs';
import { dial, readHeader, requestText } from '../conformance/opening.mjs';
import { AsyncQueue, open } from './client.mjs';
import { example, limit, ChildProgram, serve } from './programs.mjs';

const mib = 1024 * 1024;

/** The peak memory of a process, in bytes. */
async function peak(pid) {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
  return Number(kib) * 1024;
}

test('/stream echoes each fragment before the next one is sent', limit, async (t) => {
  const server = await serve(t);
  const socket = await dial(t, server.http);
  socket.write(requestText('/stream').text);
  const { rest } = await readHeader(socket);
  assert.equal(rest.length, 0);
  const reader = new FrameReader(false, false);
  const frames = new AsyncQueue();
  socket.on('data', (bytes) => {
    reader.add(bytes);
    for (let found = reader.next(); found; found = reader.next()) frames.put(found);
  });
  const sendAndExpect = async (frame, op, payload) => {
    socket.write(encode(frame, true));
    const back = await frames.take();
    assert.deepEqual([back.op, back.fin, back.payload.toString()], [op, false, payload]);
  };
  await sendAndExpect(text('one', { fin: false }), opcode.text, 'one');
  await sendAndExpect(more('two'), opcode.continuation, 'two');
  await sendAndExpect(more('three', true), opcode.continuation, 'three');
  const last = await frames.take();
  assert.deepEqual([last.op, last.fin, last.payload.length], [opcode.continuation, true, 0]);
});

for (const compression of ['off', 'on']) {
  test(`/stream echoes a message of 40 MiB in bounded memory, compression ${compression}`, limit, async (t) => {
    const server = await serve(t, '--compression', compression);
    const options = { maxPayload: 200 * mib, perMessageDeflate: compression === 'on' };
    const client = await open(t, `${server.ws}/stream`, [], options);
    client.send('small');
    assert.equal(await client.next(), 'small');
    const before = await peak(server.pid);
    const block = randomBytes(mib);
    const sent = createHash('sha256');
    for (let i = 0; i < 40; ++i) {
      client.send(block, { binary: true, fin: i === 39, compress: compression === 'on' });
      sent.update(block);
    }
    const back = await client.next();
    assert.equal(back.length, 40 * mib);
    assert.equal(createHash('sha256').update(back).digest('hex'), sent.digest('hex'));
    const grown = (await peak(server.pid)) - before;
    assert(grown < 12 * mib, `the server grew by ${grown} bytes`);
    client.send(Buffer.from('binary'));
    assert.deepEqual(await client.next(), Buffer.from('binary'));
    assert.equal((await client.close(1000)).code, 1000);
  });
}

test('stream_copy echoes bytes and prints their number', limit, async (t) => {
  const server = new ChildProgram(t, example('stream_copy'), ['0']);
  const [, url] = await server.prints(/^serving on (ws:\S+)$/m);
  const client = await open(t, url);
  client.send('some ');
  assert.deepEqual(await client.next(), Buffer.from('some '));
  client.send('bytes');
  assert.deepEqual(await client.next(), Buffer.from('bytes'));
  assert.equal((await client.close(1000)).code, 1000);
  await server.prints(/^copied 10 bytes$/m);
  server.kill('SIGTERM');
  assert.equal(await server.ended, 0);
});
