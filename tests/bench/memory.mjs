// What an idle connection of our server holds on the heap, by part.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { progress, say, show } from './report.mjs';

// The function that allocates a block tells what it is. Others are shown by their name.
const parts = [
  [/^\(anonymous namespace\)::echo\(/, 'the coroutine frame of the echo handler'],
  [/::worker::handle_connection\(/, 'the coroutine frame of the conversation'],
  [/::start_tcp_transport\(/, 'the transport'],
  [/::start_transport\(/, 'the connection and its session'],
  [/::epoll_set::watch\(/, 'the entry of the socket in the epoll set'],
];

export async function measureParts({ programs }) {
  progress('memory by part');
  const program = join(programs, 'idle_memory');
  const { stdout } = await promisify(execFile)(program);
  const blocks = stdout.trim().split('\n').map((line) => JSON.parse(line));
  const addresses = blocks.map(({ caller }) => `0x${caller.toString(16)}`);
  const { stdout: names } = await promisify(execFile)('addr2line', ['-f', '-C', '-e', program, ...addresses]);
  // Each address gets two lines: the function, and the file.
  const functions = names.split('\n').filter((_, i) => i % 2 === 0);
  const part = (name) => parts.find(([pattern]) => pattern.test(name))?.[1] ?? name;
  const rows = blocks.map(({ bytes, count }, i) => [part(functions[i]), bytes * count]);
  progress('');
  rows.sort(([, one], [, other]) => other - one);
  const sum = rows.reduce((all, [, bytes]) => all + bytes, 0);
  show('What an idle connection of twinsocket holds on the heap', ['part', 'bytes'], [...rows, ['together', sum]]);
  say("Besides, malloc's header of each block takes 8 bytes.");
}
