// Entry point for Node.

import { readFile } from 'node:fs/promises';
import { type Connect, type ModuleSource, type Platform, type Reconnecting, client } from './client.js';
import { TwinsocketError } from './errors.js';
import { compileModule } from './module-source.js';
import type { PlatformSocketClass } from './sockets.js';

export * from './core.js';

const platform: Platform = {
  // Node's fetch() cannot read file: URLs.
  load: async (source) => compileModule(source ?? (await readFile(new URL('./twinsocket.wasm', import.meta.url)))),
  async socketClass() {
    const own = (globalThis as { WebSocket?: unknown }).WebSocket;
    if (own) return own as PlatformSocketClass;
    try {
      return (await import('ws')).WebSocket as PlatformSocketClass;
    } catch {
      throw new TwinsocketError(
        'unsupported',
        'this version of Node has no WebSocket: install the package "ws" (npm install ws)',
      );
    }
  },
};

const functions = /* @__PURE__ */ client(platform);

/** Opens a WebSocket with Node's own class, or with that of the package `ws` before Node 22, which has none. */
export const connect: Connect = functions.connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = functions.reconnecting;

/** Loads the WebAssembly module before the first `connect`. */
export const init: (source?: ModuleSource) => Promise<void> = functions.init;
