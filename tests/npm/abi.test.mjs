// The enumerations, the options and their defaults are those of C++: wasm/js/abi.ts is what wasm/src/print_abi.cpp prints. So are the
// messages of channels: wasm/js/channel-protocol.ts is generated from what wasm/src/print_channel_protocol.cpp prints.

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

test('wasm/js/channel-protocol.ts is generated from the output of print_channel_protocol', () => {
  const program = process.env.TWINSOCKET_PRINT_CHANNEL_PROTOCOL ?? join(root, 'build/release/print_channel_protocol');
  const generator = join(root, 'wasm/npm/print_channel_protocol.mjs');
  const printed = execFileSync(process.execPath, [generator], { encoding: 'utf8', input: execFileSync(program) });
  const file = readFileSync(join(root, 'wasm/js/channel-protocol.ts'), 'utf8');
  assert.equal(file, printed, `C++ has changed: ${program} | node ${generator} >wasm/js/channel-protocol.ts`);
});
