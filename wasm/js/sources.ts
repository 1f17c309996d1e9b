import type { ModuleSource } from './client.js';
import { TwinsocketError } from './errors.js';
import type { PlatformSocketClass } from './sockets.js';

/** Compiles the module from whatever the caller has of it. */
export async function moduleFrom(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource);
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok)
    throw new TwinsocketError('unsupported', `${response.url}: ${response.status} ${response.statusText}`);
  // A server that does not know the type can still be used, only without compiling while it loads.
  const isTyped = response.headers.get('content-type')?.split(';')[0]?.trim() === 'application/wasm';
  return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The platform's own WebSocket. */
export function globalSocketClass(): PlatformSocketClass {
  const own = (globalThis as { WebSocket?: unknown }).WebSocket;
  if (own) return own as PlatformSocketClass;
  throw new TwinsocketError('unsupported', 'this platform has no WebSocket');
}
