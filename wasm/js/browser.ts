// The entry for pages, workers and bundlers.

import { type Connect, type ModuleSource, type Platform, type Reconnecting, client } from './client.js';
import { globalSocketClass, moduleFrom } from './sources.js';

export * from './core.js';

const platform: Platform = {
  load: async (source) => moduleFrom(source ?? new URL('./twinsocket.wasm', import.meta.url)),
  socketClass: async () => globalSocketClass(),
};

const functions = /* @__PURE__ */ client(platform);

/** Opens a WebSocket. */
export const connect: Connect = functions.connect;

/** Opens a WebSocket that comes back when it is lost. */
export const reconnecting: Reconnecting = functions.reconnecting;

/**
 * Loads the WebAssembly module ahead of the first `connect`, or from another place than the package's own file: where a
 * bundler does not carry that along, give its address here. Once it is loaded this does nothing more.
 */
export const init: (source?: ModuleSource) => Promise<void> = functions.init;
