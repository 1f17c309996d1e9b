import { TwinsocketError } from './errors.js';
import type { ModuleSource } from './platform.js';

/** Returns the package's own file of a module. */
export type ModuleFile = () => ModuleSource | Promise<ModuleSource>;

/** A WebAssembly module that is loaded once, when it is needed. */
export class ModuleLoader<T> {
  /** The result of `start`, once the module is loaded. */
  loaded: T | undefined;
  private loading: Promise<T> | undefined;

  constructor(
    private readonly file: ModuleFile,
    private readonly start: (module: WebAssembly.Module) => Promise<T>,
  ) {}

  /** `source` replaces the package's own file. After a failure the next call tries again. */
  load(source?: ModuleSource): Promise<T> {
    this.loading ??= this.run(source).catch((error: unknown) => {
      this.loading = undefined;
      throw error instanceof TwinsocketError
        ? error
        : new TwinsocketError('unsupported', `the WebAssembly module could not be loaded: ${String(error)}`);
    });
    return this.loading;
  }

  private async run(source?: ModuleSource): Promise<T> {
    return (this.loaded = await this.start(await compile(source ?? (await this.file()))));
  }
}

/** Compiles a module from any of its sources. */
async function compile(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource);
  const response = source instanceof Response ? source : await fetch(source as string | URL);
  if (!response.ok)
    throw new TwinsocketError('unsupported', `${response.url}: ${response.status} ${response.statusText}`);
  // Streaming compilation requires the type application/wasm. Otherwise the module is compiled after loading.
  const isTyped = response.headers.get('content-type')?.split(';')[0]?.trim() === 'application/wasm';
  return isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
