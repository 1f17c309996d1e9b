import { errorCodes } from './abi.js';
import { type ErrorCode, TwinsocketError } from './errors.js';
import { type ModuleCode, type ModuleImports, instantiate } from './module-code.js';
import { createText } from './sockets.js';
import { utf8Decoder, utf8Encoder } from './utf8.js';

/** Exports of transfer_buffer.cpp and of Emscripten, which each module has. Pointers are numbers. */
export interface TransferExports {
  memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  twinsocket_prepare_transfer(written: number, more: number): number;
  twinsocket_clear_transfer(): void;
}

/** An error that C++ reports: json_report.hpp. */
interface Failure {
  code: number;
  message: string;
}

/** An instance of a WebAssembly module of the package, and its transfer buffer. */
export class ModuleInstance<Exports extends TransferExports> {
  exports!: Exports;
  protected readonly text;
  private memory = new Uint8Array();

  protected constructor() {
    this.text = createText(
      () => this.bytes(),
      (written, more) => this.exports.twinsocket_prepare_transfer(written, more),
      utf8Encoder(),
      utf8Decoder(),
    );
  }

  /** `functions` are those that the module imports. */
  protected async instantiate(module: ModuleCode, functions: ModuleImports): Promise<this> {
    this.exports = (await instantiate(module, functions)) as Exports;
    this.exports._initialize();
    return this;
  }

  /** Appends a text to what the transfer buffer contains for the next call. Returns its size. */
  put(text: string): number {
    return this.text.put(text);
  }

  /** Takes a text of this size from the transfer buffer. */
  protected take(size: number): string {
    const text = this.text.get(this.exports.twinsocket_prepare_transfer(0, 0) - size, size);
    this.exports.twinsocket_clear_transfer();
    return text;
  }

  private bytes(): Uint8Array {
    if (this.memory.buffer !== this.exports.memory.buffer) this.memory = new Uint8Array(this.exports.memory.buffer);
    return this.memory;
  }
}

/** Converts the report of an error. */
export function toError(report: string): TwinsocketError {
  const { code, message } = JSON.parse(report) as Failure;
  return new TwinsocketError(errorCodes[code] as ErrorCode, message);
}
