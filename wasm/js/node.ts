// Entry point for Node.

import { type Connect, type Reconnecting, connectWith, init as load, reconnectingWith } from './client.js';
import { TwinsocketError } from './errors.js';
import type { ModuleSource } from './platform.js';
import type { PlatformSocketClass } from './sockets.js';

export * from './core.js';

async function socketClass(): Promise<PlatformSocketClass> {
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
}

/** Opens a WebSocket with Node's own class, or with that of the package `ws` before Node 22, which has none. */
export const connect: Connect = ((...words: [string | URL]) => connectWith(socketClass, ...words)) as Connect;

/** Opens a WebSocket that reconnects when the connection is lost. */
export const reconnecting: Reconnecting = ((...words: [string | URL]) =>
  reconnectingWith(socketClass, ...words)) as Reconnecting;

/** Loads the WebAssembly module before the first `connect`. */
export const init: (source?: ModuleSource) => Promise<void> = load;
