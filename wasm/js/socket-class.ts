import { TwinsocketError } from './errors.js';
import type { PlatformSocketClass } from './sockets.js';

/** Returns the platform's own WebSocket class. Throws `unsupported` if there is none. */
export function globalSocketClass(): PlatformSocketClass {
  const own = (globalThis as { WebSocket?: unknown }).WebSocket;
  if (own) return own as PlatformSocketClass;
  throw new TwinsocketError('unsupported', 'this platform has no WebSocket');
}
