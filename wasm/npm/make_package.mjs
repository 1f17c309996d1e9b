// Creates an npm package with described types and the twinsocket client:
//
//   node make_package.mjs --types types.json --client node_modules/twinsocket --out DIR --name N --version V
//     [--description TEXT] [--license SPDX]
//
// Output: the folder DIR/N (without the scope of a scoped name), and the archive that `npm pack` creates from it. types.json
// is the output of describe_types.hpp.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { generateChecks } from './checks.mjs';
import { checkNames, declarations, definitions } from './typescript.mjs';
import { readme } from './readme.mjs';

const { values } = parseArgs({
  options: Object.fromEntries(
    ['types', 'client', 'out', 'name', 'version', 'description', 'license'].map((name) => [name, { type: 'string' }]),
  ),
});
const { name, version } = values;
const client = resolve(values.client);
const out = resolve(values.out);

function fail(text) {
  console.error(`${name}: ${text}`);
  process.exit(1);
}

/** Where an export of the client is in this package: the main entries export the messages, too, all others are the client's. */
function targetOf(path, target) {
  if (['.', './inline', './js', './package.json'].includes(path)) return target;
  if (typeof target === 'string') return target.replace('./dist/', './dist/client/');
  return Object.fromEntries(Object.entries(target).map(([condition, file]) => [condition, targetOf(path, file)]));
}

function nameOf(packageFolder) {
  try {
    return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).name;
  } catch {
    return undefined;
  }
}

if (!existsSync(join(client, 'dist/browser.js')))
  fail(`${client} is not the folder of the npm package twinsocket: it has no dist/browser.js`);
const clientManifest = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
const types = JSON.parse(readFileSync(values.types, 'utf8'));
try {
  checkNames(types);
} catch (error) {
  fail(error.message);
}

const folder = join(out, name.replace(/^@[^/]*\//, ''));
const dist = join(folder, 'dist');
// The folder is deleted and written again each time, but only if it contains this package.
if (existsSync(folder) && readdirSync(folder).length > 0 && nameOf(folder) !== name)
  fail(`${folder} exists and is not this package: use another OUTPUT_DIRECTORY`);
rmSync(folder, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

// The manifest is written first, so that the folder is recognized the next time even if this run fails.
const { exports, type, sideEffects, engines, peerDependencies, peerDependenciesMeta } = clientManifest;
const manifest = {
  name,
  version,
  description: values.description || `Messages of ${types.map((each) => each.name).join(', ')} over WebSockets`,
  license: values.license || 'UNLICENSED',
  type,
  sideEffects: sideEffects.map((file) => targetOf(file, file)),
  engines,
  files: ['dist'],
  exports: Object.fromEntries(Object.entries(exports).map(([path, target]) => [path, targetOf(path, target)])),
  peerDependencies,
  peerDependenciesMeta,
};
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

cpSync(join(client, 'dist'), join(dist, 'client'), { recursive: true });
cpSync(join(client, 'LICENSE'), join(dist, 'client/LICENSE'));

// The client decodes the default values of members.
const twinsocket = await import(pathToFileURL(join(client, clientManifest.exports['.'].node)));
const checks = generateChecks(types, './client/check-helpers.js');
writeFileSync(join(dist, 'checks.js'), `// Generated from the types. Called by their descriptions.\n\n${checks.code}`);
const code = definitions(types, twinsocket, checks.functions);
for (const entry of ['browser', 'browser.development', 'node', 'inline', 'javascript'])
  writeFileSync(
    join(dist, `${entry}.js`),
    `import * as $ from './client/${entry}.js';\nimport * as $checks from './checks.js';\nexport * from './client/${entry}.js';\n\n${code}`,
  );
writeFileSync(join(dist, 'messages.d.ts'), declarations(types));
const names = types.map((type) => type.name).join(', ');
// A name that is exported here takes precedence over the same name of the client.
for (const entry of ['browser', 'inline', 'javascript'])
  writeFileSync(
    join(dist, `${entry}.d.ts`),
    `export * from './client/${entry}.js';\nexport { ${names} } from './messages.js';\n`,
  );

writeFileSync(join(folder, 'README.md'), readme({ name, types, description: values.description }));

const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', out], { cwd: folder, encoding: 'utf8' });
if (packed.status !== 0) fail(`npm pack failed: ${packed.error ?? packed.stderr}`);
