// Entry point for pages, workers and bundlers.

import { type Connect, type Reconnecting, client } from './client.js';
import type { ModuleSource } from './platform.js';
import { globalSocketClass } from './socket-class.js';

export * from './core.js';

const functions = /* @__PURE__ */ client(async () => globalSocketClass());

/** Opens a WebSocket. */
export const connect: Connect = functions.connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = functions.reconnecting;

/**
 * Loads the WebAssembly module before the first `connect`. `source` replaces the package's own file: pass a URL if your
 * bundler does not copy that file. Further calls do nothing once the module is loaded.
 */
export const init: (source?: ModuleSource) => Promise<void> = functions.init;
