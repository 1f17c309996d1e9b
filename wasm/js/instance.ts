import { type ErrorCode, TwinsocketError } from './errors.js';
import { errorCodes, type Phase } from './abi.js';
import { type PlatformSocketClass, type SocketEvents, createSockets, createText } from './sockets.js';

/**
 * Exports of abi.cpp and browser_socket.cpp. Pointers and handles are numbers. `now` is the time of `performance.now()`,
 * which is read once per event: the module does not ask for it.
 */
interface Exports extends ReconnectExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  twinsocket_prepare_transfer(written: number, more: number): number;
  twinsocket_connect(urlSize: number, now: number): number;
  twinsocket_delete(handle: number): void;
  twinsocket_socket(handle: number): number;
  twinsocket_phase(handle: number): number;
  twinsocket_report(handle: number): number;
  /** 0: the message may be sent. -1: it may be sent, and the socket is congested. Otherwise the number of an error. */
  twinsocket_may_send(handle: number, size: number, buffered: number, now: number): number;
  twinsocket_message_delivered(handle: number, size: number): void;
  twinsocket_heartbeat_received(handle: number, now: number): void;
  twinsocket_probe(handle: number, canReconnect: number, now: number): void;
  twinsocket_heartbeats(handle: number): number;
  twinsocket_close(handle: number, code: number, now: number): void;
  twinsocket_abort(handle: number, now: number): void;
  twinsocket_opened(socket: number, now: number): void;
  twinsocket_received(socket: number, isText: number, size: number, now: number): number;
  twinsocket_ended(socket: number, code: number, reasonSize: number, now: number): void;
  twinsocket_socket_timer(socket: number, now: number): void;
  twinsocket_clear_transfer(): void;
  twinsocket_xml_read(): number;
  twinsocket_xml_write(): number;
}

/** Exports of reconnect_abi.cpp. */
interface ReconnectExports {
  twinsocket_reconnecting(rules: number, now: number): number;
  twinsocket_reconnecting_delete(machine: number): void;
  twinsocket_reconnecting_phase(machine: number): number;
  twinsocket_reconnecting_failures(machine: number): number;
  twinsocket_reconnecting_due(machine: number): number;
  twinsocket_reconnecting_connected(machine: number): void;
  twinsocket_reconnecting_prepared(machine: number, now: number): void;
  twinsocket_reconnecting_failed(machine: number, code: number, status: number, chance: number, now: number): void;
  twinsocket_reconnecting_lost(machine: number, code: number, chance: number, now: number): void;
  twinsocket_reconnecting_on_timer(machine: number, now: number): void;
  twinsocket_reconnecting_close(machine: number): void;
  twinsocket_reconnecting_retry(machine: number, now: number): void;
  twinsocket_reconnecting_page(machine: number, bits: number, now: number): void;
}

interface Failure {
  code: number;
  message: string;
}

/** An instance of the WebAssembly module: the JavaScript side of abi.cpp and reconnect_abi.cpp. */
export class Instance {
  exports!: Exports;
  readonly sockets;
  private readonly text;
  private memory = new Uint8Array();
  /** The class of the socket that is opened next. */
  socketClass: PlatformSocketClass | undefined;

  /** The instance that all connections share, once it is loaded. */
  private static loaded: Instance | undefined;

  /** `events` are the events of the sockets that the module opens. */
  static async start(module: WebAssembly.Module, events: SocketEvents): Promise<Instance> {
    const made = new Instance(events);
    const { exports } = await WebAssembly.instantiate(module, made.imports());
    made.exports = exports as unknown as Exports;
    made.exports._initialize();
    Instance.loaded = made;
    return made;
  }
  static get(): Instance {
    if (Instance.loaded) return Instance.loaded;
    throw new TwinsocketError('unsupported', 'the WebAssembly module is not loaded yet: await init() first');
  }

  private constructor(events: SocketEvents) {
    this.text = createText(
      () => this.bytes(),
      (written, more) => this.exports.twinsocket_prepare_transfer(written, more),
    );
    this.sockets = createSockets(events, () => this.socketClass as PlatformSocketClass);
  }

  /** Appends a text to what the transfer buffer contains for the next call. Returns its size. */
  put(text: string): number {
    return this.text.put(text);
  }
  /** The same for the numbers of options, in the order of abi_types.hpp. */
  putNumbers(numbers: readonly number[]): void {
    const view = new DataView(new ArrayBuffer(8 * numbers.length));
    numbers.forEach((number, i) => view.setFloat64(8 * i, number, true));
    this.text.putBytes(view.buffer);
  }

  // Connections.

  phase(handle: number): Phase {
    return this.exports.twinsocket_phase(handle);
  }
  /** Returns the report of the C++ side on a connection that has failed or ended. */
  report(handle: number): unknown {
    return JSON.parse(this.readText(this.exports.twinsocket_report(handle)));
  }
  /** The error of a connection that could not be opened; for 0, that of the last twinsocket_connect(). */
  errorOf(handle: number): TwinsocketError {
    return toError(this.report(handle) as Failure);
  }
  // XML.

  /** Parses a document into the JSON tree of xml_bridge.hpp. Throws `malformed` and the like. */
  readXml(document: string): string {
    return this.convert(document, this.exports.twinsocket_xml_read);
  }
  /** Writes the document for a sequence of tokens (XmlTokens). */
  writeXml(tokens: string): string {
    return this.convert(tokens, this.exports.twinsocket_xml_write);
  }

  private convert(input: string, work: () => number): string {
    this.put(input);
    const size = work();
    const output = this.readText(Math.abs(size));
    if (size < 0) throw toError(JSON.parse(output) as Failure);
    return output;
  }

  // WebAssembly memory.

  private bytes(): Uint8Array {
    if (this.memory.buffer !== this.exports.memory.buffer) this.memory = new Uint8Array(this.exports.memory.buffer);
    return this.memory;
  }

  private readText(size: number): string {
    const text = this.text.get(this.exports.twinsocket_prepare_transfer(0, 0) - size, size);
    this.exports.twinsocket_clear_transfer();
    return text;
  }

  private imports(): WebAssembly.Imports {
    return {
      env: {
        twinsocket_js_open: (id: number, url: number, urlSize: number, names: number, namesSize: number): number => {
          const offered = this.text.get(names, namesSize).split('\0').slice(0, -1);
          const why = this.sockets.open(id, this.text.get(url, urlSize), offered);
          if (why) this.put(why);
          return why ? 1 : 0;
        },
        twinsocket_js_close: (id: number, code: number, reason: number, size: number): void =>
          this.sockets.close(id, code, this.text.get(reason, size)),
        twinsocket_js_send_heartbeat: (id: number): void => this.sockets.send(id, '\0'),
        twinsocket_js_drop: (id: number): void => this.sockets.drop(id),
        twinsocket_js_set_timer: (id: number, milliseconds: number): void => this.sockets.setTimer(id, milliseconds),
        emscripten_notify_memory_growth: (): void => undefined,
      },
      wasi_snapshot_preview1: { proc_exit: (): void => undefined },
    };
  }
}

function toError(failure: Failure): TwinsocketError {
  return new TwinsocketError(errorCodes[failure.code] as ErrorCode, failure.message);
}
