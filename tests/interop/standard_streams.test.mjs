// The program's standard streams: closed, full, non-blocking, never read, and with a reader that exits.

import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { limit, program, python, ChildProgram, run, serve } from './programs.mjs';

const stream_failed = 4;
const serving = ['serve', '--port', '0', '--sensors', 'simulated', '--no-site'];

/** Runs the program in a shell with these redirections of its streams. */
const inShell = (t, args, redirections, options) =>
  run(t, '/bin/sh', ['-c', `exec "$0" "$@" ${redirections}`, program, ...args], options);

for (const [redirection, input, code, complaint] of [
  ['<&-', '', 0, /^$/],
  ['>&-', '', 0, /^$/],
  ['>&-', 'hello\n', stream_failed, /standard output cannot be written.*Bad file descriptor/],
  ['>/dev/full', 'hello\n', stream_failed, /standard output cannot be written.*No space left/],
  ['<&- >&- 2>&-', '', 0, /^$/],
  ['2>&-', 'hello\n', 0, /^$/],
  ['</', '', stream_failed, /standard input cannot be read.*Is a directory/],
]) {
  test(`connect ${redirection} with the input ${JSON.stringify(input)} exits with ${code}`, limit, async (t) => {
    const server = await serve(t);
    const ended = await inShell(t, ['connect', `${server.ws}/echo`], redirection, { input });
    assert.match(ended.stderr, complaint);
    assert.equal(ended.code, code);
  });
}

test('connect exits with 4 if it cannot write a warning to standard error', limit, async (t) => {
  const server = await serve(t);
  for (const redirection of ['2>&-', '2>/dev/full']) {
    const ended = await inShell(t, ['connect', `${server.ws}/echo`, '--insecure'], redirection);
    assert.equal(ended.code, stream_failed);
  }
});

test('--help and --version exit with 4 if standard output cannot be written', limit, async (t) => {
  for (const word of ['--help', '--version']) {
    const { code, stderr } = await inShell(t, [word], '>/dev/full');
    assert.equal(code, stream_failed);
    assert.match(stderr, /standard output/);
  }
});

/** Runs the program with a pipe as output: Python holds the reading end and reports the program's exit code. */
const piped = (t, how, args, body) => {
  const text = `
import fcntl, os, subprocess, sys, signal
reading, writing = os.pipe()
if ${how.includes('O_NONBLOCK') ? 'True' : 'False'}: os.set_blocking(writing, False)
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, ${how.includes('stderr') ? 'stderr' : 'stdout'}=writing)
os.close(writing)
def say(*words): print(*words, flush=True)
${body}
say('exit', child.wait())
`;
  return new ChildProgram(t, python, ['-c', text, program, ...args]);
};

test('connect closes with 1000 and exits with 4 when the reader of its output closes the pipe', limit, async (t) => {
  const server = await serve(t);
  const client = piped(t, '', ['connect', `${server.ws}/echo`], `
child.stdin.write(b'one\\n'); child.stdin.flush()
say(os.read(reading, 100).decode().strip())
os.close(reading)`);
  await client.prints(/^one$/m);
  await client.prints(/^exit 4$/m);
  await client.prints(/standard output cannot be written.*Broken pipe/, 'stderr');
  await metric(server, 'twinsocket_websockets_closed_total{code="1000",initiator="remote"} 1');
});

/** Waits until the server's metrics contain this line. */
async function metric(server, line) {
  for (;;) {
    const text = await (await fetch(`${server.http}/metrics`)).text();
    if (text.includes(line)) return;
  }
}

for (const how of ['', 'O_NONBLOCK']) {
  test(`connect loses no output if its reader is slow${how && ' and the pipe non-blocking'}`, limit, async (t) => {
    const server = await serve(t);
    // The pipe is full before anybody reads, and the program waits.
    const client = piped(t, how, ['connect', `${server.ws}/echo`], `
import threading
line = b'x' * 9999 + b'\\n'
def feed():
  for i in range(100): child.stdin.write(line)
  child.stdin.close()
threading.Thread(target=feed).start()
import select, array, termios
waiting = array.array('i', [0])
while waiting[0] < 40000: fcntl.ioctl(reading, termios.FIONREAD, waiting)
total = 0
while True:
  part = os.read(reading, 1 << 16)
  if not part: break
  total += len(part)
say('read', total)`);
    await client.prints(/^read 1000000$/m);
    await client.prints(/^exit 0$/m);
  });
}

test('SIGINT ends connect while its output pipe is full', limit, async (t) => {
  const server = await serve(t);
  const client = piped(t, '', ['connect', `${server.ws}/echo`], `
import threading, array, termios
def feed():
  try:
    while True: child.stdin.write(b'x' * 9999 + b'\\n')
  except OSError: pass
threading.Thread(target=feed, daemon=True).start()
waiting = array.array('i', [0])
while waiting[0] < 40000: fcntl.ioctl(reading, termios.FIONREAD, waiting)
child.send_signal(signal.SIGINT)`);
  const [, code] = await client.prints(/^exit (\d+)$/m);
  assert.notEqual(code, '0');
});

for (const redirection of ['>&-', '>/dev/full']) {
  test(`serve ${redirection} does not start, because it cannot print its address`, limit, async (t) => {
    const { code, stderr } = await inShell(t, serving, redirection);
    assert.match(stderr, /^twinsocket: .*standard output cannot be written/);
    assert.equal(code, stream_failed);
  });
}

test('serve with standard input and error closed serves requests, and exits with 4 for its lost log', limit, async (t) => {
  const args = ['-c', 'exec "$0" "$@" <&- 2>&-', program, ...serving, '--log', 'debug'];
  const server = new ChildProgram(t, '/bin/sh', args);
  const [, http] = await server.prints(/^serving on (http:\S+)\/$/m);
  assert.equal((await fetch(`${http}/healthz`)).status, 200);
  server.kill('SIGTERM');
  assert.equal(await server.ended, stream_failed); // its log could not be written
});

test('serve | head -1 keeps serving, and exits with 4 if it had more output', limit, async (t) => {
  const server = piped(t, '', serving, `
say(os.read(reading, 65536).decode())
os.close(reading)
sys.stdin.readline()
child.terminate()`);
  const [, address] = await server.prints(/^serving on http:\/\/(\S+)\/$/m);
  const sendPerson = () => run(t, program, ['connect', `ws://${address}/person/json`], { input: '{"Name":"Jan","Emails":[]}\n' });
  assert.equal((await sendPerson()).code, 0);
  assert.equal((await sendPerson()).code, 0);
  assert.match(server.stderr, /^twinsocket: .*standard output cannot be written.*Broken pipe/m);
  server.type('\n');
  await server.prints(/^exit 4$/m);
});

test('serve keeps serving while its log pipe is full', limit, async (t) => {
  const server = piped(t, 'stderr', [...serving, '--log', 'debug'], `
sys.stdin.readline()
child.terminate()`);
  const [, http] = await server.prints(/^serving on (http:\S+)\/$/m);
  // More than the pipe and the program's buffer hold.
  const path = 'x'.repeat(4000);
  for (let i = 0; i < 50; i += 1) assert.equal((await fetch(`${http}/${path}`)).status, 404);
  server.type('\n');
  await server.prints(/^exit 4$/m);
});

test('connect writes output to a file unchanged', limit, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'twinsocket-streams-'));
  t.after(() => rm(folder, { recursive: true }));
  const server = await serve(t);
  const text = `${'y'.repeat(100_000)}\n`;
  const { code } = await inShell(t, ['connect', `${server.ws}/echo`], `>${join(folder, 'out')}`, { input: text });
  assert.equal(code, 0);
  const file = await open(join(folder, 'out'));
  assert.equal(await file.readFile('utf8'), text);
  await file.close();
});
