/** A field of a frame. Bits are counted from the beginning of the frame. ../frames/describe_frames.hpp */
export interface FrameField {
  name: string;
  first_bit: number;
  bits: number;
  value: string;
  meaning: string;
}

export interface FrameDescription {
  /** In hexadecimal, with spaces. */
  bytes: string;
  fields: FrameField[];
}

export interface FrameOptions {
  isText: boolean;
  isClient: boolean;
  /** Bytes of each fragment; 0 for one frame. */
  fragmentSize: number;
  isCompressed: boolean;
}

/** Exports of demo_frames.wasm: ../frames/frames_abi.cpp and the transfer buffer. */
interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  demo_describe_frames(isText: number, isClient: number, fragmentSize: number, isCompressed: number): number;
  demo_handshake_keys(): number;
  twinsocket_prepare_transfer(written: number, more: number): number;
  twinsocket_clear_transfer(): void;
}

/** The frames of the C++ library. */
export class Frames {
  readonly #exports: Exports;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  static async load(): Promise<Frames> {
    const response = await fetch(new URL('../../build/wasm/demo_frames.wasm', import.meta.url));
    if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
    let exports: Exports | undefined;
    const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), {
      env: {
        demo_js_random: (at: number, size: number) => {
          if (exports) crypto.getRandomValues(new Uint8Array(exports.memory.buffer, at, size));
        },
        emscripten_notify_memory_growth: () => undefined,
      },
      wasi_snapshot_preview1: { proc_exit: () => undefined },
    });
    exports = instance.exports as unknown as Exports;
    exports._initialize();
    return new Frames(exports);
  }

  /** The frames of a message with this payload. */
  describe(payload: Uint8Array, options: FrameOptions): FrameDescription[] {
    const at = this.#exports.twinsocket_prepare_transfer(0, payload.length);
    new Uint8Array(this.#exports.memory.buffer).set(payload, at);
    this.#exports.twinsocket_prepare_transfer(payload.length, 0);
    const { isText, isClient, fragmentSize, isCompressed } = options;
    const size = this.#exports.demo_describe_frames(
      Number(isText),
      Number(isClient),
      fragmentSize,
      Number(isCompressed),
    );
    return JSON.parse(this.#take(size)) as FrameDescription[];
  }

  /** A new Sec-WebSocket-Key, and the Sec-WebSocket-Accept for it. */
  handshakeKeys(): { key: string; accept: string } {
    const [key = '', accept = ''] = this.#take(this.#exports.demo_handshake_keys()).split(' ');
    return { key, accept };
  }

  #take(size: number): string {
    const end = this.#exports.twinsocket_prepare_transfer(0, 0);
    const text = new TextDecoder().decode(new Uint8Array(this.#exports.memory.buffer, end - size, size));
    this.#exports.twinsocket_clear_transfer();
    return text;
  }
}
