// The machine of a client of channels, from the sources: the package exports only what is made of it.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './package.mjs';

const { build } = createRequire(join(root, 'wasm/package.json'))('esbuild');
const entryPoints = [join(root, 'wasm/js/channel-machine.ts')];
const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', target: 'es2022', write: false });

export const { ChannelMachine } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
