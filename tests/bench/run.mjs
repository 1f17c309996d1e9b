// Measures our server and our codecs beside others:
//
//   node run.mjs --programs FOLDER --twinsocket PROGRAM [--results FOLDER] [--repeats 5] [--seconds 0.09] [--only TEXT] [--short]
//
// --results also writes the tables (results.md) and a plot of the echo table (echo.svg). --only runs only the cases whose description contains TEXT. --short
// runs everything once; its figures are not reliable. README.md explains the tables.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { broadcastCases, compressionCases, describe, echoCases, handshakeCases, latencyCases, secureCases, secureHandshakeCases } from './cases.mjs';
import { measureCodecs } from './codecs.mjs';
import { measureCodecsInJavaScript } from './codecs_javascript.mjs';
import { measurements } from './measure.mjs';
import { plot } from './plot.mjs';
import { measureParts } from './memory.mjs';
import { markdown, say } from './report.mjs';
import { compressingServersIn, makeCertificate, secureServersIn, serversIn, startAll } from './servers.mjs';

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string' },
    twinsocket: { type: 'string' },
    results: { type: 'string' },
    repeats: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.09' },
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
  },
});
const { programs, short } = options;
const repeats = short ? 1 : Number(options.repeats);
const seconds = short ? 0.1 : Number(options.seconds);
const wanted = (list) => list.filter((one) => describe(one).includes(options.only)).slice(0, short ? 1 : undefined);
const { compare, compareLatency, measureMemory } = measurements({ programs, repeats, seconds, short });

/** Runs `work` with a temporary folder, which is removed afterwards. */
async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'twinsocket-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** TLS uses fewer cases: our code above TLS is the same. */
async function measureSecure(folder) {
  const certificate = makeCertificate(folder);
  if (!certificate) return say('There is no openssl to make a certificate with: TLS is not measured.');
  const servers = await startAll(secureServersIn(options, certificate));
  if (wanted(secureCases).length) await compare('Echo over TLS', wanted(secureCases), servers);
  if (wanted(secureHandshakeCases).length) await compare('Handshakes over TLS', wanted(secureHandshakeCases), servers, 'handshake');
  for (const { stop } of servers) stop?.();
  if (!options.only) await measureMemory('Memory with TLS', servers, 2_000);
}

/** Compression is off by default; our own program has it without context takeover. */
async function measureCompressed() {
  for (const [compression, title] of [['each-message', 'Echo, compressed'], ['takeover', 'Echo, compressed with context takeover']]) {
    const cases = wanted(compressionCases.filter((one) => one.compression === compression));
    if (!cases.length) continue;
    const servers = await startAll(compressingServersIn(options, compression));
    await compare(title, cases, servers);
    for (const { stop } of servers) stop?.();
    if (!options.only)
      await measureMemory(`Memory, ${title.slice(6)}`, servers, 1_000, `--compression=${compression}`, '--bytes=1024', '--content=json');
  }
}

const started = performance.now();
say(`${cpus().length} x ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)} at the start, ${new Date().toISOString().slice(0, 10)}`);
const servers = await startAll(serversIn(options));
for (const { name, absent } of servers) if (absent) say(`${name} is not measured: ${absent}.`);
const echoing = servers.filter(({ echo }) => echo);
const broadcasting = servers.filter(({ broadcast }) => broadcast);
if (wanted(echoCases).length) await compare('Echo', wanted(echoCases), echoing);
if (wanted(latencyCases).length) await compareLatency(wanted(latencyCases), echoing);
if (wanted(broadcastCases).length) await compare('Broadcast', wanted(broadcastCases), broadcasting);
if (wanted(handshakeCases).length) await compare('Handshakes', wanted(handshakeCases), echoing, 'handshake');
if (wanted([...secureCases, ...secureHandshakeCases]).length) await inFolder(measureSecure);
await measureCompressed();
if (!options.only) {
  await measureMemory('Memory', echoing, 10_000);
  await measureParts({ programs });
  await inFolder((folder) => measureCodecs(folder, { programs, seconds: short ? 0.005 : 0.15 }));
  await measureCodecsInJavaScript({ seconds: short ? 0.005 : 0.5 });
}
say(`load ${loadavg()[0].toFixed(1)} at the end, after ${((performance.now() - started) / 1000).toFixed(0)} s`);
if (options.results) {
  mkdirSync(options.results, { recursive: true });
  writeFileSync(join(options.results, 'results.md'), markdown());
  if (wanted(echoCases).length) writeFileSync(join(options.results, 'echo.svg'), plot(markdown()));
}
process.exit(); // ends the servers
