// The npm package in Hermes, the engine of React Native, as Metro bundles it: with the condition react-native, and transformed by
// the preset of React Native. npm has no newer engine than that of React Native 0.71, and no React Native without a phone.

import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transformAsync } from '@babel/core';
import { root } from '../npm/package.mjs';
import { expected } from './conversation.js';
import { createApplication, hermes, run } from './programs.mjs';

const { build } = createRequire(join(root, 'wasm/package.json'))('esbuild');
const preset = fileURLToPath(import.meta.resolve('metro-react-native-babel-preset'));

/** Bundles app.js of a folder as a script for Hermes. */
async function bundleFor(folder) {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['app.js'],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    conditions: ['react-native'],
    write: false,
    logLevel: 'error',
  });
  const presets = [[preset, { enableBabelRuntime: false, disableImportExportTransform: true }]];
  const { code } = await transformAsync(outputFiles[0].text, { presets, configFile: false, babelrc: false, filename: join(folder, 'app.js') });
  writeFileSync(join(folder, 'bundle.js'), code);
}

describe('Hermes', { timeout: 120_000 }, () => {
  test('holds the conversation, with a simulated socket', async () => {
    const folder = createApplication();
    cpSync(fileURLToPath(new URL('hermes_platform.js', import.meta.url)), join(folder, 'hermes_platform.js'));
    const app = `import './hermes_platform.js';
import * as twinsocket from 'twinsocket';
import { converse } from './conversation.js';
converse(twinsocket, 'ws://127.0.0.1:1').then(
  (results) => print(JSON.stringify(results)),
  (error) => print(error.stack),
);
`;
    writeFileSync(join(folder, 'app.js'), app);
    await bundleFor(folder);
    assert.deepEqual(JSON.parse(await run(folder, hermes, '-w', 'bundle.js')), expected);
  });
});
