// Compiles and instantiates the modules of the package. In the entry point without WebAssembly build.mjs replaces this file by
// module-code.javascript.ts.

import { TwinsocketError } from './errors.js';
import type { ModuleSource } from './platform.js';

/** The code of a module. */
export type ModuleCode = WebAssembly.Module;

/** Returns the package's own file of a module. */
export type ModuleFile = () => ModuleSource | Promise<ModuleSource>;

/** The functions that a module imports. */
export type ModuleImports = Record<string, (...numbers: number[]) => unknown>;

/** Compiles a module from any of its sources. `own` is the package's file, which is used if there is no `source`. */
export async function compile(own: ModuleFile, source?: ModuleSource): Promise<ModuleCode> {
  const from = source ?? (await own());
  if (from instanceof WebAssembly.Module) return from;
  if (from instanceof ArrayBuffer || ArrayBuffer.isView(from)) return WebAssembly.compile(from as BufferSource);
  const response = from instanceof Response ? from : await fetch(from as string | URL);
  if (!response.ok)
    throw new TwinsocketError('unsupported', `${response.url}: ${response.status} ${response.statusText}`);
  // Streaming compilation requires the type application/wasm. Otherwise the module is compiled after loading.
  const isTyped = response.headers.get('content-type')?.split(';')[0]?.trim() === 'application/wasm';
  return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** Returns what a new instance of the module exports. */
export async function instantiate(code: ModuleCode, functions: ModuleImports): Promise<unknown> {
  const { exports } = await WebAssembly.instantiate(code, {
    env: { ...functions, emscripten_notify_memory_growth: () => undefined },
    wasi_snapshot_preview1: { proc_exit: () => undefined },
  });
  return exports;
}
