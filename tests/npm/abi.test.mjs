// The enumerations, the options and their defaults are those of C++: wasm/js/abi.ts is what wasm/src/print_abi.cpp prints.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './package.mjs';

test('wasm/js/abi.ts equals the output of print_abi', () => {
  const program = process.env.TWINSOCKET_PRINT_ABI ?? join(root, 'build/release/print_abi');
  const printed = execFileSync(program, { encoding: 'utf8' });
  const file = readFileSync(join(root, 'wasm/js/abi.ts'), 'utf8');
  assert.equal(file, printed, `C++ has changed: ${program} >wasm/js/abi.ts`);
});
