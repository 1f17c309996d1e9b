// Entry point for pages, workers and bundlers.

import { type Connect, type Reconnecting, connectWith, init as load, reconnectingWith } from './client.js';
import type { ModuleSource } from './platform.js';
import { globalSocketClass } from './socket-class.js';
import type { PlatformSocketClass } from './sockets.js';

export * from './core.js';

const socketClass = async (): Promise<PlatformSocketClass> => globalSocketClass();

/** Opens a WebSocket. */
export const connect: Connect = ((...words: [string | URL]) => connectWith(socketClass, ...words)) as Connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = ((...words: [string | URL]) =>
  reconnectingWith(socketClass, ...words)) as Reconnecting;

/**
 * Loads the WebAssembly module before the first `connect`. `source` replaces the package's own file: pass a URL if your
 * bundler does not copy that file. Further calls do nothing once the module is loaded.
 */
export const init: (source?: ModuleSource) => Promise<void> = load;
