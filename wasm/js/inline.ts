// Entry point with the WebAssembly modules embedded, for bundlers that copy no other files and for single-file pages.

import { type Connect, type Reconnecting, connectWith, init as load, reconnectingWith } from './client.js';
import type { ModuleSource } from './platform.js';
import { globalSocketClass } from './socket-class.js';
import type { PlatformSocketClass } from './sockets.js';

export * from './core.js';

const socketClass = async (): Promise<PlatformSocketClass> => globalSocketClass();

/** Opens a WebSocket with the platform's own `WebSocket`. */
export const connect: Connect = ((...words: [string | URL]) => connectWith(socketClass, ...words)) as Connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = ((...words: [string | URL]) =>
  reconnectingWith(socketClass, ...words)) as Reconnecting;

/** Compiles the WebAssembly module before the first `connect`. */
export const init: (source?: ModuleSource) => Promise<void> = load;
