// A mistake is a compile error. Its first line states what is wrong, and the output is short, with each installed
// compiler.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mistakes } from './mistakes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(process.env.TWINSOCKET_BUILD ?? join(root, 'build/release'), 'tests/misuse');
const includes = ['sdk/include', 'native/include'].map((name) => `-I${join(root, name)}`);
const maxLines = 60;

function compile(compiler, args) {
  const { status, stdout, stderr } = spawnSync(compiler, [...args, ...includes], { encoding: 'utf8', cwd: folder });
  // The quotation marks of g++ depend on the locale.
  return { status, text: `${stdout}${stderr}`.replaceAll(/[‘’]/g, "'") };
}
const firstError = (text) => /^.*(?:error|fatal error): .*$/m.exec(text)?.[0] ?? '';

/** "g++ 12", "clang++ 14", or '' if the compiler is not installed. */
function versionOf(compiler) {
  const { status, stdout } = spawnSync(compiler, ['-dumpversion'], { encoding: 'utf8' });
  return status === 0 ? `${compiler} ${stdout.trim().split('.')[0]}` : '';
}

for (const compiler of ['g++', 'clang++']) {
  const version = versionOf(compiler);
  describe(version || compiler, { skip: version ? false : 'not installed', timeout: 600_000 }, () => {
    const common = ['-Wall', '-Wextra', '-Werror=unused-result', '-fdiagnostics-color=never'];
    if (compiler === 'clang++') common.push('-Werror=dangling');
    const header = join(folder, `${compiler}.hpp`);
    const precompiled = `${header}.${compiler === 'g++' ? 'gch' : 'pch'}`;

    test('mistakes.hpp can be precompiled', () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(header, readFileSync(new URL('./mistakes.hpp', import.meta.url)));
      const made = compile(compiler, ['-std=c++20', ...common, '-x', 'c++-header', header, '-o', precompiled]);
      assert.equal(made.status, 0, made.text);
    });

    for (const { name, code, error, lines = maxLines, by = '' } of mistakes) {
      const elsewhere = by && by !== version ? `an error of ${by} alone` : false;
      test(name, { skip: elsewhere }, (t) => {
        const file = join(folder, `${compiler}-${name.replaceAll(/\W+/g, '-')}.cpp`);
        writeFileSync(file, `${code}\n`);
        const use = compiler === 'g++' ? ['-include', header] : ['-include-pch', precompiled];
        const { status, text } = compile(compiler, ['-std=c++20', ...common, '-fsyntax-only', ...use, file]);
        if (!error) return assert.equal(status, 0, text);
        assert.notEqual(status, 0, 'it compiles');
        if (error instanceof RegExp) assert.match(firstError(text), error, text);
        else assert.ok(firstError(text).includes(error), text);
        const count = text.trimEnd().split('\n').length;
        t.diagnostic(`${count} lines`);
        assert.ok(count <= lines, `${count} lines, more than ${lines}:\n${text}`);
      });
    }

    test('each header compiled as C++17 reports that twinsocket needs C++20', () => {
      const headers = ['sdk', 'native'].flatMap((part) => {
        const from = join(root, part, 'include');
        return readdirSync(from, { recursive: true }).filter((name) => name.endsWith('.hpp') && !name.includes('detail'));
      });
      const file = join(folder, `${compiler}-older.cpp`);
      // clang silently continues where g++ stops, which takes seconds per header.
      const checked = compiler === 'g++' ? headers : ['twinsocket/json.hpp', 'twinsocket/native/server.hpp'];
      for (const name of checked.filter((each) => !each.endsWith('/version.hpp'))) {
        writeFileSync(file, `#include "${name}"\n`);
        const { text } = compile(compiler, ['-std=c++17', '-fsyntax-only', file]);
        assert.match(firstError(text), /twinsocket needs C\+\+20: compile with -std=c\+\+20/, `${name}: ${text}`);
        assert.equal(text.match(/error: /g).length, 2, `${name}: ${text}`);
      }
    });
  });
}
