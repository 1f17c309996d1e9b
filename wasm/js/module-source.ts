import type { ModuleSource } from './client.js';
import { TwinsocketError } from './errors.js';
import type { PlatformSocketClass } from './sockets.js';

/** Compiles the module from any of its sources. */
export async function compileModule(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource);
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok)
    throw new TwinsocketError('unsupported', `${response.url}: ${response.status} ${response.statusText}`);
  // Streaming compilation requires the type application/wasm. Otherwise the module is compiled after loading.
  const isTyped = response.headers.get('content-type')?.split(';')[0]?.trim() === 'application/wasm';
  return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Returns the platform's own WebSocket class. Throws `unsupported` if there is none. */
export function globalSocketClass(): PlatformSocketClass {
  const own = (globalThis as { WebSocket?: unknown }).WebSocket;
  if (own) return own as PlatformSocketClass;
  throw new TwinsocketError('unsupported', 'this platform has no WebSocket');
}
