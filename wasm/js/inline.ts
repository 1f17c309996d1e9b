// Entry point with the WebAssembly module embedded, for bundlers that copy no other files and for single-file pages.

import { type Connect, type ModuleSource, type Platform, type Reconnecting, client } from './client.js';
import bytes from './inline-bytes.js';
import { globalSocketClass, compileModule } from './module-source.js';

export * from './core.js';

const platform: Platform = {
  load: async (source) => compileModule(source ?? bytes),
  socketClass: async () => globalSocketClass(),
};

const functions = /* @__PURE__ */ client(platform);

/** Opens a WebSocket with the platform's own `WebSocket`. */
export const connect: Connect = functions.connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = functions.reconnecting;

/** Compiles the WebAssembly module before the first `connect`. */
export const init: (source?: ModuleSource) => Promise<void> = functions.init;
