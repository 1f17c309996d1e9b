// Entry point for pages, workers and bundlers.

import { type Connect, type ModuleSource, type Platform, type Reconnecting, client } from './client.js';
import { globalSocketClass, compileModule } from './module-source.js';

export * from './core.js';

const platform: Platform = {
  load: async (source) => compileModule(source ?? new URL('./twinsocket.wasm', import.meta.url)),
  socketClass: async () => globalSocketClass(),
};

const functions = /* @__PURE__ */ client(platform);

/** Opens a WebSocket. */
export const connect: Connect = functions.connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = functions.reconnecting;

/**
 * Loads the WebAssembly module before the first `connect`. `source` replaces the package's own file: pass a URL if your
 * bundler does not copy that file. Further calls do nothing once the module is loaded.
 */
export const init: (source?: ModuleSource) => Promise<void> = functions.init;
