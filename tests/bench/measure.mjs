// The measurements of servers: CPU and speed, latency, memory. Each shows a table.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe } from './cases.mjs';
import { digits, median, shuffled } from './figures.mjs';
import { progress, show } from './report.mjs';
import { pinToCpu, startAll } from './servers.mjs';

/** `programs` is their folder. `repeats` and `seconds` are those of one measurement. */
export function measurements({ programs, repeats, seconds, short }) {
  async function runLoad(server, ...words) {
    const target = ['--port', server.port, '--pid', String(server.pid), ...(server.secure ? ['--tls'] : [])];
    const [file, ...args] = pinToCpu(1, [join(programs, 'load'), ...target, ...words]);
    try {
      const { stdout } = await promisify(execFile)(file, args, { timeout: 120_000 });
      return JSON.parse(stdout);
    } catch (error) {
      throw new Error(`${server.name}: ${error.stderr?.trim() || error.message}`);
    }
  }

  const words = ({ connections, bytes, depth, content, broadcast, handshakes, resumed, bursts, compression }, extra) => [
    ...Object.entries({ ...(handshakes ? {} : { connections, bytes, depth, content }), ...extra }).map(([name, value]) => `--${name}=${value}`),
    ...(broadcast ? ['--broadcast', '--path=/broadcast'] : []),
    ...(handshakes ? ['--handshakes'] : []),
    ...(resumed ? ['--resume'] : []),
    ...(compression ? [`--bursts=${bursts}`, `--compression=${compression}`] : []),
  ];

  /**
   * Microseconds of server CPU per message (or handshake), messages per second, and the load generator's CPU usage (up to 1).
   * A server that does not resume TLS sessions has no figures for them.
   */
  async function measure(server, one) {
    const result = await runLoad(server, ...words(one, { 'warm-up': seconds / 3, seconds }));
    const { messages, seconds: took, cpu, own_cpu: own, resumed, bytes } = result;
    if (one.resumed && resumed < 0.9) return { cpu: NaN, speed: NaN, busy: NaN };
    return { cpu: (cpu * 1e6) / messages, speed: messages / took, busy: own / took, bytes };
  }

  /** Repeats a measurement of all servers, each time in another order. Returns an array for each name. */
  async function repeat(servers, once) {
    const measured = new Map(servers.map(({ name }) => [name, []]));
    for (let i = 0; i < repeats; ++i) {
      for (const server of shuffled(servers)) measured.get(server.name).push(await once(server));
    }
    return measured;
  }

  const fastest = (list) => list.reduce((one, other) => (other.speed > one.speed ? other : one));

  /** One row per case: our absolute figures, and the others' as a multiple of ours. */
  async function compare(title, cases, servers, what = 'message') {
    const [ours, ...others] = servers;
    const present = servers.filter(({ absent }) => !absent);
    const costs = [], speeds = [], sizes = [];
    // Compilers at run time, of Node and Bun, have done their work before the first case.
    for (const server of present) await runLoad(server, ...words(cases[0], { seconds: short ? seconds : 0.5 }));
    for (const [i, one] of cases.entries()) {
      progress(`${title}: ${i + 1} of ${cases.length}, ${describe(one)}`);
      const measured = await repeat(present, (server) => measure(server, one));
      const own = measured.get(ours.name);
      // Compared with our figure of the same repeat, because a long disturbance of the machine affects both.
      const cost = ({ name, absent }) => (absent ? NaN : median(measured.get(name).map(({ cpu }, k) => cpu / own[k].cpu)));
      const speed = ({ name, absent }, unit) => {
        if (absent) return NaN;
        const best = fastest(measured.get(name));
        return digits(best.speed / unit) + (best.busy > 0.9 ? '*' : '');
      };
      costs.push([describe(one), median(own.map(({ cpu }) => cpu)), ...others.map(cost)]);
      speeds.push([describe(one), speed(ours, 1000), ...others.map((other) => speed(other, fastest(own).speed))]);
      const size = ({ name, absent }) => (absent ? NaN : median(measured.get(name).map(({ bytes }) => bytes)));
      if (one.compression) sizes.push([describe(one), ...servers.map(size)]);
    }
    progress('');
    const head = ['case', ...servers.map(({ name }) => name)];
    show(`${title}: the server's CPU for each ${what}, that of ${ours.name} in us, of the others as times that`, head, costs);
    show(`${title}: ${what}s in a second, of ${ours.name} in thousands, of the others as times that`, head, speeds);
    if (sizes.length) show(`${title}: bytes of a ${what} from the server, with its frame`, head, sizes);
  }

  /** Latency at half of the rate that our server reaches with one message in flight on each connection. */
  async function compareLatency(cases, servers) {
    for (const one of cases) {
      progress(describe(one));
      const present = servers.filter(({ absent }) => !absent);
      const most = fastest((await repeat([servers[0]], (server) => measure(server, { ...one, depth: 1 }))).get(servers[0].name));
      const rate = Math.round(most.speed / 2);
      // Longer than elsewhere: p99.9 requires thousands of messages.
      const duration = { rate, 'warm-up': seconds, seconds: seconds * 5 };
      const measured = await repeat(present, (server) => runLoad(server, ...words(one, duration)));
      const rows = servers.map(({ name, absent }) => {
        if (absent) return [name, NaN, NaN, NaN, NaN];
        const of = (key) => median(measured.get(name).map((result) => result[key]));
        // A server that has not answered these in time falls behind more and more: its latency is that of a queue.
        return [of('in_time') < 0.9 ? `${name} (saturated)` : name, of('p50'), of('p99'), of('p999'), of('late')];
      });
      progress('');
      show(`L${describe(one).slice(1)} at ${rate} messages in a second, in us`, ['server', 'p50', 'p99', 'p99.9', 'sent late'], rows);
    }
  }

  async function measureMemory(title, servers, count, ...more) {
    const connections = short ? 200 : count;
    const rows = [];
    for (const { forMany = [], ...server } of servers) {
      progress(`memory: ${server.name}`);
      // Starts a new process: free heap left by earlier cases would hide what connections take.
      const many = connections > 5_000 ? forMany : [];
      const [fresh] = await startAll([{ ...server, command: [...server.command, ...many] }]);
      const { bytes } = fresh.absent ? { bytes: NaN } : await runLoad(fresh, '--idle', `--connections=${connections}`, ...more);
      fresh.stop?.();
      rows.push([server.name, bytes]);
    }
    progress('');
    show(`${title} for each of ${connections} idle connections, after one message on each`, ['server', 'bytes'], rows);
  }

  return { compare, compareLatency, measureMemory };
}
