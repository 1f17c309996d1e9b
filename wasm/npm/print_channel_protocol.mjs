// Prints js/channel-protocol.ts: the messages of channels, generated from channel_protocol.hpp.
//
//   build/release/print_channel_protocol | node wasm/npm/print_channel_protocol.mjs >wasm/js/channel-protocol.ts

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { checkNames, moduleSource } from './typescript.mjs';

const js = join(dirname(fileURLToPath(import.meta.url)), '../js');

/** The client, which decodes the default values of members: the sources, because the package contains what is printed here. */
async function loadClient() {
  const { outputFiles } = await build({
    entryPoints: [join(js, 'core.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    external: ['*.wasm'],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const types = JSON.parse(readFileSync(process.stdin.fd, 'utf8'));
checkNames(types);
process.stdout.write(
  `// Generated from C++ by src/print_channel_protocol.cpp. Do not edit it: a test compares both.\n\n${moduleSource(types, await loadClient())}`,
);
