// Every C++ fragment of the README files compiles. Whole files, which stand below their name, are compiled by the build.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { snippets } from './snippets.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(process.env.TWINSOCKET_BUILD ?? join(root, 'build/release'), 'tests/misuse');

function fragmentsOf(readme) {
  const text = readFileSync(join(root, readme), 'utf8');
  return [...text.matchAll(/^```cpp\n(.*?)^```$/gms)]
    .filter(({ index }) => !/^`[^`\n]+\.cpp`/m.test(text.slice(text.lastIndexOf('\n', index - 3) + 1, index)))
    .map((match) => ({ readme, line: text.slice(0, match.index).split('\n').length + 1, code: match[1] }));
}

/** The fragment as part of a program, in a namespace of its own. Errors name the line of the README. */
function programOf({ readme, line, code }, { before = '', parameters, split = false }, number) {
  const place = (from) => `#line ${from} "${readme}"\n`;
  const cut = split ? code.indexOf('\n\n') + 2 : 0;
  const declarations = parameters === undefined ? code : code.slice(0, cut);
  const statements = parameters === undefined ? '' : code.slice(cut);
  const coroutine = `task<void> fragment(${parameters}) {\n${place(line + code.slice(0, cut).split('\n').length - 1)}${statements}co_return;\n}\n`;
  return `namespace fragment_${number} {\n${before}\n${place(line)}${declarations}${statements && coroutine}}\n`;
}

test('the C++ fragments of the README files compile', { timeout: 120_000 }, () => {
  const fragments = ['README.md', 'sdk/README.md', 'native/README.md'].flatMap(fragmentsOf);
  const unused = new Set(snippets);
  const programs = fragments.map((fragment, number) => {
    const context = snippets.find(({ first }) => fragment.code.startsWith(first));
    assert.ok(context, `${fragment.readme}:${fragment.line}: this fragment is not in snippets.mjs`);
    unused.delete(context);
    return programOf(fragment, context, number);
  });
  assert.deepEqual([...unused], []);

  mkdirSync(folder, { recursive: true });
  const headers = ['async_event.hpp', 'cbor.hpp', 'channel_client.hpp', 'connect.hpp', 'json.hpp', 'reconnect.hpp', 'xml.hpp'];
  const native = ['channels.hpp', 'client_options.hpp', 'run.hpp', 'server.hpp'];
  const source = [
    ...['algorithm', 'chrono', 'csignal', 'functional', 'span', 'string', 'vector'].map((name) => `#include <${name}>\n`),
    ...headers.map((name) => `#include "twinsocket/${name}"\n`),
    ...native.map((name) => `#include "twinsocket/native/${name}"\n`),
    'using namespace twinsocket;\nusing namespace std::chrono_literals;\n',
    ...programs,
  ].join('');
  const file = join(folder, 'readme.cpp');
  writeFileSync(file, source);
  const includes = ['sdk/include', 'native/include'].map((name) => `-I${join(root, name)}`);
  const { status, stdout, stderr } = spawnSync('g++', ['-std=c++20', '-fsyntax-only', ...includes, file], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
