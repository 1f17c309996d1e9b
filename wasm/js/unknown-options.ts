// Warnings about misspelt options. Without them such an option would have no effect, and nobody would notice. TypeScript reports
// most of them, but JavaScript and objects of wider types reach the run time.

import { keepaliveDefaults, limitDefaults, reconnectDefaults } from './abi.js';
import type { ConnectOptions, TypedConnectOptions } from './options.js';
import type { TypedReconnectOptions } from './reconnect-options.js';

type Names<Options> = Readonly<Record<keyof Options, unknown>>;

const connectNames: Names<TypedConnectOptions<unknown>> = {
  codec: 0,
  keepalive: 0,
  limits: 0,
  signal: 0,
  subprotocols: 0,
  timeout: 0,
  webSocket: 0,
};

/** The names of the options of a reconnecting connection. */
function reconnectNames(): Names<TypedReconnectOptions<unknown>> {
  const more = { offlineQueueBytes: 0, onConnected: 0, overflowPolicy: 0, reconnectOn: 0, stopOn: 0 };
  return { ...connectNames, ...reconnectDefaults, ...more };
}

const warned = new Set<string>();

/** Warns about the unknown options of `connect`, once about each name. */
export function warnOfConnectOptions(options: ConnectOptions, known: object = connectNames): void {
  const { limits = {}, keepalive } = options;
  warnOfUnknown(options, known);
  warnOfUnknown(limits, limitDefaults, 'limits.');
  warnOfUnknown(keepalive || {}, keepaliveDefaults, 'keepalive.');
}

/** The same for those of `reconnecting`. `more` has the names of further options that the caller knows. */
export function warnOfReconnectOptions(options: ConnectOptions, more: object = {}): void {
  warnOfConnectOptions(options, { ...reconnectNames(), ...more });
}

function warnOfUnknown(given: object, known: object, path = ''): void {
  for (const name of Object.keys(given)) {
    const whole = path + name;
    if (Object.hasOwn(known, name) || warned.has(whole)) continue;
    warned.add(whole);
    const [nearest] = Object.keys(known).sort((a, b) => distance(name, a) - distance(name, b));
    console.warn(`twinsocket: there is no option ${whole}. Did you mean ${path}${nearest}?`);
  }
}

/** The Levenshtein distance. */
function distance(from: string, to: string): number {
  let row = [...Array(to.length + 1).keys()];
  for (let i = 0; i < from.length; ++i) {
    const above = row;
    row = [i + 1];
    for (let j = 0; j < to.length; ++j) {
      const replaced = (above[j] as number) + (from[i] === to[j] ? 0 : 1);
      row.push(Math.min(replaced, 1 + (above[j + 1] as number), 1 + (row[j] as number)));
    }
  }
  return row[to.length] as number;
}
