import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../run.sh', import.meta.url));
const run = (...options) => spawnSync(script, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test('help prints to standard output and exits with 0', () => {
  const { status, stdout, stderr } = run('help');
  assert.equal(status, 0);
  for (const verb of ['setup', 'build', 'demo', 'test', 'bench', 'docs', 'site', 'package', 'fuzz']) assert.match(stdout, new RegExp(`^  ${verb}\\b`, 'm'));
  assert.equal(stderr, '');
});

for (const [options, complaint] of [
  [[], 'missing command'],
  [['biuld'], "unknown command 'biuld'"],
  [['build', '--fast'], "build takes no options, but was given '--fast'"],
  [['test', '--slow'], "test: unknown option '--slow'"],
  [['test', '--posix', '--libcxx'], "test: unknown option '--posix --libcxx'"],
  [['demo', '--prot', '1'], "demo: unknown option '--prot'"],
  [['demo', '--port'], "--port requires a number from 0 to 65535, not ''"],
  [['demo', '--port', '65536'], "--port requires a number from 0 to 65535, not '65536'"],
  [['demo', '--port', '08080'], "--port requires a number from 0 to 65535, not '08080'"],
  [['demo', '--port', '80 80'], "--port requires a number from 0 to 65535, not '80 80'"],
  [['fuzz', 'soon'], "fuzz requires a number of seconds, not 'soon'"],
  [['fuzz', '1', '2'], "fuzz takes one number, but was given '1 2'"],
  [['site', 'example.com'], "site requires an http or https URL, not 'example.com'"],
  [['site', 'https://example.com/ x'], "site requires an http or https URL, not 'https://example.com/ x'"],
  [['docs', 'now'], "docs takes no options, but was given 'now'"],
]) {
  test(`'${['run.sh', ...options].join(' ')}' prints an error and the usage and exits with 2`, () => {
    const { status, stdout, stderr } = run(...options);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    const [first, second] = stderr.split('\n');
    assert.equal(first, `run.sh: ${complaint}`);
    assert.match(second, /^usage: /);
  });
}
