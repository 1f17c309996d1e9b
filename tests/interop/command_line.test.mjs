// The program's reactions to its command line.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { limit, program, run, serve } from './programs.mjs';

for (const [line, complaint] of [
  ['', /a command is required: serve or connect/],
  ['frobnicate', /unknown command "frobnicate"/],
  ['--frobnicate serve', /unknown option "--frobnicate"/],
  ['--frobnicate', /unknown option "--frobnicate"/],
  ['serve --colour red', /unknown option "--colour"/],
  ['serve extra words', /unexpected argument "extra"/],
  ['serve --port', /--port takes one value/],
  ['serve --port 65536', /--port: "65536" is not a number from 0 to 65535/],
  ['serve --port http', /--port: "http" /],
  ['serve --port 80x', /--port: "80x" /],
  ['serve --port -1', /--port: "-1" /],
  ['serve --port 1 --port 2', /--port takes one value/],
  ['serve --threads 1025', /--threads: "1025" is not a number from 0 to 1024/],
  ['serve --max-message 0', /--max-message: "0" /],
  ['serve --max-message 1e9', /--max-message: "1e9" is not a size; write a number of bytes, or of KiB, MiB or GiB/],
  ['serve --max-message 64MB', /--max-message: "64MB" /],
  ['serve --max-message MiB', /--max-message: "MiB" /],
  ['serve --max-message 1025GiB', /--max-message: "1025GiB" .* to 1024GiB/],
  ['serve --max-message 99999999999999999999GiB', /--max-message: "9+GiB" /],
  ['serve --site a --no-site', /--(no-)?site/],
  ['serve --interval soon', /--interval: "soon" is not an interval/],
  ['serve --interval 5', /--interval: "5" /],
  ['serve --interval 0s', /--interval: "0s" /],
  ['serve --interval 2h', /--interval: "2h" /],
  ['serve --sensors thermometer', /"thermometer"/],
  ['serve --sensors command:', /command ""/],
  ['serve --sensors simulated --broker somewhere', /--broker: .*redis:\/\//],
  ['serve --sensors command:/no/such/program', /\/no\/such\/program/],
  ['serve --port 0 --sensors simulated --site /no/such/folder', /\/no\/such\/folder/],
  ['serve --port 0 --sensors simulated --site /etc/passwd', /\/etc\/passwd/],
  ['serve --port 0 --sensors simulated --host 999.1.1.1', /999\.1\.1\.1/],
  // An address of a documentation network (RFC 5737), which this machine does not have.
  ['serve --port 0 --sensors simulated --host 192.0.2.1', /192\.0\.2\.1/],
  ['serve --port 0 --sensors simulated --origin elsewhere', /"elsewhere"/],
  ['serve --sensors simulated --unix /no/such/folder/socket', /unix:\/no\/such\/folder\/socket/],
  ['serve --sensors simulated --unix /etc/passwd', /unix:\/etc\/passwd.*not a socket/],
  ['serve --unix /tmp/x --unix-mode 0888', /--unix-mode: "0888" /],
  ['serve --unix /tmp/x --unix-mode 1777', /--unix-mode: "1777" /],
  ['serve --fd -1', /--fd: "-1" /],
  ['serve --fd 3x', /--fd: "3x" /],
  ['serve --sensors simulated --fd 0', /the descriptor 0/],
  ['serve --sensors simulated --socket-activation', /LISTEN_PID and LISTEN_FDS are not set/],
  ['serve --port 0 --sensors simulated --trusted-proxy 10.0.0.0/40', /"10\.0\.0\.0\/40"/],
  ['serve --port 0 --sensors simulated --tls-client-ca /no/such', /has no certificate/],
  ['serve --port 0 --sensors simulated --tls-self-signed --tls-client-ca /no/such', /\/no\/such/],
  ['serve --tls-cert cert.pem', /--tls-key/],
  ['serve --tls-key key.pem', /--tls-cert/],
  ['serve --tls-self-signed --tls-cert a --tls-key b', /--tls-(cert|self-signed)/],
  ['serve --port 0 --sensors simulated --tls-cert /no/such --tls-key /no/key', /\/no\/such/],
  ['serve --compression maybe', /--compression: "maybe" is neither on nor off/],
  ['connect ws://127.0.0.1:1/ --header nothing', /"nothing" is not of the form/],
  ['connect ws://127.0.0.1:1/ --header Host:a', /"Host" belongs to the handshake/],
  ['connect ws://127.0.0.1:1/ --proxy ftp://a', /"ftp"/],
  ['connect ws://127.0.0.1:1/ --cert a', /--key/],
  ['connect', /URL/],
  ['connect ftp://127.0.0.1/', /ftp/],
  ['connect nowhere', /nowhere/],
  ['connect ws://127.0.0.1:0/', /port/],
  ['connect ws://127.0.0.1:1/ --subprotocol (', /\(/],
]) {
  test(`'twinsocket${line && ' '}${line}' prints one error line and exits with 2`, limit, async (t) => {
    const { code, stdout, stderr } = await run(t, program, line.split(' ').filter(Boolean));
    assert.match(stderr, complaint);
    assert.match(stderr, /^twinsocket: [^\n]+\n$/);
    assert.equal(stdout, '');
    assert.equal(code, 2);
  });
}

test('an error message contains no control characters of a wrong option value', limit, async (t) => {
  const { code, stderr } = await run(t, program, ['serve', '--port', '1\n\x1b[2J']);
  assert.match(stderr, /^twinsocket: [^\n\x1b]+\n$/);
  assert.equal(code, 2);
});

test('serve on a port in use prints one error line and exits with 2', limit, async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  const port = String(other.address().port);
  const { code, stdout, stderr } = await run(t, program, ['serve', '--port', port, '--sensors', 'simulated']);
  assert.match(stderr, new RegExp(`^twinsocket: [^\\n]*${port}[^\\n]*\\n$`));
  assert.equal(stdout, '');
  assert.equal(code, 2);
});

test('--port 0 listens on a free port and prints it', limit, async (t) => {
  const servers = [await serve(t), await serve(t), await serve(t, '--host', 'localhost')];
  const ports = servers.map(({ http }) => new URL(http).port);
  assert.equal(new Set(ports).size, 3);
  for (const port of ports) assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
});

test('serve prints an IPv6 address in brackets', limit, async (t) => {
  const server = await serve(t, '--host', '::1');
  assert.match(server.http, /^http:\/\/\[::1\]:\d+$/);
  assert.equal((await fetch(`${server.http}/healthz`)).status, 200);
});

test('--help prints to standard output and exits with 0', limit, async (t) => {
  for (const [args, words] of [
    [['--help'], ['serve', 'connect', '--version']],
    [['serve', '--help'], ['--unix', '--unix-mode', '--fd', '--socket-activation', '--trusted-proxy', '--tls-client-ca']],
    [['serve', '--help'], ['--host', '--port', '--site', '--threads', '--sensors', '--interval', '--origin']],
    [['serve', '--help'], ['--max-message', /[=[]8080\b/, /[=[]2s\b/, /[=[]auto\b/]],
    [['connect', '--help'], ['URL', '--subprotocol', '--json', '--xml']],
  ]) {
    const { code, stdout, stderr } = await run(t, program, args);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    for (const word of words)
      assert(typeof word === 'string' ? stdout.includes(word) : word.test(stdout), `${args} does not mention ${word}`);
  }
});

test('--version prints the version and exits with 0', limit, async (t) => {
  const { code, stdout } = await run(t, program, ['--version']);
  assert.equal(code, 0);
  assert.match(stdout, /^twinsocket \d+\.\d+\.\d+\n$/);
});
