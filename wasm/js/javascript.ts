// Entry point without WebAssembly, for platforms that have none, such as React Native, and for pages whose
// Content-Security-Policy forbids it. The same C++ code is compiled to JavaScript.

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

/** Prepares the code before the first `connect`. There is nothing to load, so `source` has no effect. */
export const init: (source?: ModuleSource) => Promise<void> = load;
