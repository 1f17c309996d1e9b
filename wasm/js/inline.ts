// Entry point with the WebAssembly modules embedded, for bundlers that copy no other files and for single-file pages.

import { type Connect, type Reconnecting, client } from './client.js';
import type { ModuleSource } from './platform.js';
import { globalSocketClass } from './socket-class.js';

export * from './core.js';

const functions = /* @__PURE__ */ client(async () => globalSocketClass());

/** Opens a WebSocket with the platform's own `WebSocket`. */
export const connect: Connect = functions.connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = functions.reconnecting;

/** Compiles the WebAssembly module before the first `connect`. */
export const init: (source?: ModuleSource) => Promise<void> = functions.init;
