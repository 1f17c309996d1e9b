// Measures our server and our codecs beside others:
//
//   node run.mjs --programs FOLDER --twinsocket PROGRAM [--repeats 5] [--seconds 0.09] [--only TEXT] [--short]
//
// --only runs only the cases whose description contains TEXT. --short runs everything once; its figures are not reliable.
// README.md explains the tables.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { broadcastCases, describe, echoCases, secureCases } from './cases.mjs';
import { digits, median, shuffled, table } from './figures.mjs';
import { makeCertificate, pinToCpu, secureServersIn, serversIn, start } from './servers.mjs';

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string' },
    twinsocket: { type: 'string' },
    repeats: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.09' },
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
  },
});
const repeats = options.short ? 1 : Number(options.repeats);
const seconds = options.short ? 0.1 : Number(options.seconds);
const wanted = (list) => list.filter((one) => describe(one).includes(options.only)).slice(0, options.short ? 1 : undefined);

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

async function runLoad(server, ...words) {
  const target = ['--port', server.port, '--pid', String(server.pid), ...(server.secure ? ['--tls'] : [])];
  const [file, ...args] = pinToCpu(1, [join(options.programs, 'load'), ...target, ...words]);
  try {
    const { stdout } = await promisify(execFile)(file, args, { timeout: 120_000 });
    return JSON.parse(stdout);
  } catch (error) {
    throw new Error(`${server.name}: ${error.stderr?.trim() || error.message}`);
  }
}

/** Microseconds of server CPU per message, messages per second, and the load generator's CPU usage (up to 1). */
async function measure(server, one) {
  const { connections, bytes, depth, content, broadcast } = one;
  const words = Object.entries({ connections, bytes, depth, content }).map(([name, value]) => `--${name}=${value}`);
  if (broadcast) words.push('--broadcast', '--path=/broadcast');
  words.push(`--warm-up=${seconds / 3}`, `--seconds=${seconds}`);
  const { messages, seconds: took, cpu, own_cpu: own } = await runLoad(server, ...words);
  return { cpu: (cpu * 1e6) / messages, speed: messages / took, busy: own / took };
}

/** Builds one row per case: our absolute figures, and the others' as a multiple of ours. */
async function compare(title, cases, servers) {
  const [ours, ...others] = servers;
  const rows = [];
  for (const [i, one] of cases.entries()) {
    progress(`${title}: ${i + 1} of ${cases.length}, ${describe(one)}`);
    const measured = new Map(servers.map(({ name }) => [name, []]));
    for (let repeat = 0; repeat < repeats; ++repeat) {
      for (const server of shuffled(servers)) measured.get(server.name).push(await measure(server, one));
    }
    const own = measured.get(ours.name);
    const best = (list) => list.reduce((one, other) => (other.speed > one.speed ? other : one));
    const mark = ({ busy }) => (busy > 0.9 ? '*' : '');
    const fastest = best(own);
    rows.push([
      describe(one),
      digits(median(own.map(({ cpu }) => cpu))),
      // Compared with our figure of the same repeat, because a long disturbance of the machine affects both.
      ...others.map(({ name }) => digits(median(measured.get(name).map(({ cpu }, k) => cpu / own[k].cpu)))),
      digits(fastest.speed / 1000) + mark(fastest),
      ...others.map(({ name }) => best(measured.get(name))).map((one) => digits(one.speed / fastest.speed) + mark(one)),
    ]);
  }
  progress('');
  const names = others.map(({ name }) => name);
  console.log(`\n${title}: the server's CPU for each message, that of ${ours.name} in us, of the others as times that`);
  console.log(table(['case', ours.name, ...names], rows.map((row) => row.slice(0, servers.length + 1))));
  console.log(`\n${title}: messages in a second, of ${ours.name} in thousands, of the others as times that`);
  console.log(table(['case', ours.name, ...names], rows.map((row) => [row[0], ...row.slice(servers.length + 1)])));
}

async function measureMemory(title, servers, count) {
  const connections = options.short ? 200 : count;
  const rows = [];
  for (const { name, ...server } of servers) {
    progress(`memory: ${name}`);
    // Starts a new process: free heap left by earlier cases would hide what connections take.
    const fresh = await start({ name, ...server });
    const { bytes } = await runLoad(fresh, '--idle', `--connections=${connections}`);
    fresh.stop();
    rows.push([name, digits(bytes)]);
  }
  progress('');
  console.log(`\n${title} for each of ${connections} idle connections, after one message on each`);
  console.log(table(['server', 'bytes'], rows));
}

/** Runs `work` with a temporary folder, which is removed afterwards. */
async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'twinsocket-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureCodecs(folder) {
  const lines = [];
  for (const program of ['codecs', 'codecs_go']) {
    progress(program);
    const [file, ...words] = pinToCpu(0, [join(options.programs, program), folder, String(options.short ? 0.005 : 0.15)]);
    const { stdout } = await promisify(execFile)(file, words).catch((error) => {
      if (program === 'codecs_go' && error.code === 'ENOENT') return { stdout: '' };
      throw error;
    });
    lines.push(...stdout.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)));
  }
  progress('');
  const find = (own, library) => lines.find((line) => line.library === library && line.codec === own.codec && line.items === own.items);
  const rows = lines.filter(({ library }) => library === 'twinsocket').map((own) => {
    const ratio = (library) => digits((find(own, library)?.speed ?? NaN) / own.speed);
    return [`${own.codec}, ${own.bytes} B`, digits(own.speed), ratio('nlohmann'), ratio('Go')];
  });
  console.log('\nCodecs, to and from a described struct: MB/s of CPU time, of the others as times that');
  console.log(table(['codec', 'twinsocket', 'nlohmann', 'Go'], rows));
}

/** TLS uses fewer cases: our code above TLS is the same. */
async function measureSecure(folder) {
  const certificate = makeCertificate(folder);
  if (!certificate) return console.log('\nThere is no openssl to make a certificate with: TLS is not measured.');
  const servers = [];
  for (const server of secureServersIn(options, certificate)) servers.push(await start(server));
  await compare('Echo over TLS', wanted(secureCases), servers);
  for (const { stop } of servers) stop();
  if (!options.only) await measureMemory('Memory with TLS', servers, 2_000);
}

const started = performance.now();
console.log(`${cpus().length} x ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)} at the start, ${new Date().toISOString().slice(0, 10)}`);
const servers = [];
for (const server of serversIn(options)) servers.push(await start(server));
const echoing = servers.filter(({ echo }) => echo);
const broadcasting = servers.filter(({ broadcast }) => broadcast);
if (wanted(echoCases).length) await compare('Echo', wanted(echoCases), echoing);
if (wanted(broadcastCases).length) await compare('Broadcast', wanted(broadcastCases), broadcasting);
if (wanted(secureCases).length) await inFolder(measureSecure);
if (!options.only) {
  await measureMemory('Memory', echoing, 10_000);
  await inFolder(measureCodecs);
}
console.log(`\nload ${loadavg()[0].toFixed(1)} at the end, after ${((performance.now() - started) / 1000).toFixed(0)} s`);
process.exit(); // ends the servers
