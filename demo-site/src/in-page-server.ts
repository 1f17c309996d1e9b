import { InPageSocket } from './in-page-socket.js';

/** Exports of demo_server.wasm: server/page/page_sockets.cpp, and the event loop and the transfer buffer of wasm/src. */
interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  demo_open(socket: number): void;
  demo_send(socket: number, isText: number): void;
  demo_close(socket: number, code: number): void;
  demo_drop(socket: number): void;
  demo_buffered(socket: number): number;
  twinsocket_turn(): void;
  twinsocket_prepare_transfer(written: number, more: number): number;
}

/** Identifies the time of day among the clocks of WASI. The other clocks are monotonic. */
const realTime = 0;

/** Bits of the state of the page that the event loop asks for: online and visible. */
const onlineAndVisible = 3;

/**
 * The server of the demo, compiled to WebAssembly, in this page. Its connections are those of {@link InPageServer.webSocket},
 * to any host: only the path and the query count.
 */
export class InPageServer {
  /** Takes the place of the browser's WebSocket. */
  readonly webSocket: new (
    url: string,
    subprotocols: string[],
  ) => InPageSocket;
  #exports!: Exports;
  #memory = new Uint8Array();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastNumber = 0;
  #cutUntil = Number.NEGATIVE_INFINITY;
  readonly #sockets = new Map<number, InPageSocket>();
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #channel = new MessageChannel();
  readonly #tasks: (() => void)[] = [];

  private constructor() {
    const server = this;
    this.webSocket = class extends InPageSocket {
      constructor(url: string, subprotocols: string[] = []) {
        super(server, url, subprotocols);
      }
    };
    this.#channel.port1.onmessage = () => this.#tasks.shift()?.();
  }

  /** Starts a server. `module` is the content of demo_server.wasm. */
  static async start(module: BufferSource): Promise<InPageServer> {
    const server = new InPageServer();
    const { instance } = await WebAssembly.instantiate(module, server.#imports());
    server.#exports = instance.exports as unknown as Exports;
    server.#exports._initialize();
    return server;
  }

  /** Runs a function in a task of its own, in the order of the calls, as a browser dispatches the events of a WebSocket. */
  later(task: () => void): void {
    this.#tasks.push(task);
    this.#channel.port2.postMessage(undefined);
  }

  /** Drops all connections, as a network that is cut. New ones fail for this time, in milliseconds. */
  cut(time: number): void {
    this.#cutUntil = performance.now() + time;
    for (const number of [...this.#sockets.keys()]) this.#exports.demo_drop(number);
  }

  /** Opens a connection for a socket, and returns its number; undefined while the connection is cut. */
  open(socket: InPageSocket, target: string, subprotocols: readonly string[]): number | undefined {
    if (performance.now() < this.#cutUntil) return undefined;
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    this.#sockets.set(number, socket);
    this.#put(this.#encoder.encode(`${target}\0${subprotocols.join(', ')}`));
    this.#exports.demo_open(number);
    return number;
  }

  send(number: number, data: string | Uint8Array): void {
    this.#put(typeof data === 'string' ? this.#encoder.encode(data) : data);
    this.#exports.demo_send(number, typeof data === 'string' ? 1 : 0);
  }

  close(number: number, code: number, reason: string): void {
    this.#put(this.#encoder.encode(reason));
    this.#exports.demo_close(number, code);
  }

  drop(number: number): void {
    this.#exports.demo_drop(number);
  }

  buffered(number: number): number {
    return this.#exports.demo_buffered(number);
  }

  /** Frees what keeps a program of Node alive. Afterwards nothing of the server may be used. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#channel.port1.close();
  }

  #put(bytes: Uint8Array): void {
    const at = this.#exports.twinsocket_prepare_transfer(0, bytes.length);
    this.#bytes().set(bytes, at);
    this.#exports.twinsocket_prepare_transfer(bytes.length, 0);
  }

  /** The whole memory. It may grow with every call of C++. */
  #bytes(): Uint8Array {
    const { buffer } = this.#exports.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    return this.#memory;
  }

  #text(at: number, size: number): string {
    return this.#decoder.decode(this.#bytes().subarray(at, at + size));
  }

  #take(number: number): InPageSocket | undefined {
    const socket = this.#sockets.get(number);
    this.#sockets.delete(number);
    return socket;
  }

  #imports(): WebAssembly.Imports {
    const turn = (): void => this.#exports.twinsocket_turn();
    return {
      env: {
        demo_js_opened: (number: number, at: number, size: number) =>
          this.#sockets.get(number)?.opened(this.#text(at, size)),
        demo_js_refused: (number: number) => this.#take(number)?.failed(),
        demo_js_received: (number: number, isText: number, at: number, size: number) =>
          this.#sockets
            .get(number)
            ?.received(isText ? this.#text(at, size) : this.#bytes().slice(at, at + size).buffer),
        demo_js_closed: (number: number, code: number, clean: number, at: number, size: number) =>
          this.#take(number)?.closed(code, this.#text(at, size), clean !== 0),
        demo_js_random: (at: number, size: number) => crypto.getRandomValues(this.#bytes().subarray(at, at + size)),
        twinsocket_js_now: () => performance.now(),
        twinsocket_js_wake: () => queueMicrotask(turn),
        twinsocket_js_set_wake_timer: (time: number) => {
          clearTimeout(this.#timer);
          this.#timer = time < 0 ? undefined : setTimeout(turn, Math.min(time, 0x7fffffff));
        },
        twinsocket_js_watch_page: () => onlineAndVisible,
        emscripten_notify_memory_growth: () => undefined,
      },
      wasi_snapshot_preview1: {
        clock_time_get: (clock: number, _precision: bigint, at: number) => {
          const time = clock === realTime ? Date.now() : performance.now();
          new DataView(this.#exports.memory.buffer).setBigUint64(at, BigInt(Math.round(time * 1e6)), true);
          return 0;
        },
        proc_exit: () => undefined,
        // For messages of a program that aborts.
        fd_write: () => 0,
        fd_seek: () => 0,
        fd_close: () => 0,
      },
    };
  }
}
