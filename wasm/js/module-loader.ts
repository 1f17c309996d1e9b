import { TwinsocketError } from './errors.js';
import { type ModuleCode, type ModuleFile, compile } from './module-code.js';
import type { ModuleSource } from './platform.js';

/** A module that is loaded once, when it is needed. */
export class ModuleLoader<T> {
  /** The result of `start`, once the module is loaded. */
  loaded: T | undefined;
  private loading: Promise<T> | undefined;

  constructor(
    private readonly file: ModuleFile,
    private readonly start: (module: ModuleCode) => Promise<T>,
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
    return (this.loaded = await this.start(await compile(this.file, source)));
  }
}
