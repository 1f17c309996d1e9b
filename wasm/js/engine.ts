import type { Message } from './codec.js';
import { type ErrorCode, TwinsocketError, errorCodes } from './errors.js';
import type { Keepalive, Limits } from './options.js';
import { onPageChange } from './page.js';
import type { Counters } from './reconnect-options.js';
import { Session } from './session.js';
import { checkLimit, checkDuration } from './with-timeout.js';
import { type PlatformSocketClass, createSockets, createText } from './sockets.js';

/** State of a connection: the values of `js_connection::phase` in abi.cpp. */
export const enum Phase {
  connecting,
  open,
  closing,
  settled,
  ended,
  failed,
}

/** Exports of abi.cpp and browser_socket.cpp. Pointers and handles are numbers. */
interface Exports extends ReconnectExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  twinsocket_prepare_transfer(written: number, more: number): number;
  twinsocket_connect(
    urlSize: number,
    timeout: number,
    maxMessageSize: number,
    receiveQueueBytes: number,
    sendQueueBytes: number,
    closeTimeout: number,
    idleTimeout: number,
    interval: number,
    answerTimeout: number,
  ): number;
  twinsocket_delete(handle: number): void;
  twinsocket_socket(handle: number): number;
  twinsocket_phase(handle: number): number;
  twinsocket_report(handle: number): number;
  twinsocket_may_send(handle: number, size: number, buffered: number): number;
  twinsocket_message_delivered(handle: number, size: number): void;
  twinsocket_heartbeat_received(handle: number): void;
  twinsocket_probe(handle: number, canReconnect: number): void;
  twinsocket_heartbeats(handle: number): number;
  twinsocket_close(handle: number, code: number): void;
  twinsocket_abort(handle: number): void;
  twinsocket_opened(socket: number): void;
  twinsocket_received(socket: number, isText: number, size: number): number;
  twinsocket_ended(socket: number, code: number, reasonSize: number): void;
  twinsocket_socket_timer(socket: number): void;
  twinsocket_clear_transfer(): void;
  twinsocket_xml_read(): number;
  twinsocket_xml_write(): number;
}

/** Exports of reconnect_abi.cpp. */
interface ReconnectExports {
  twinsocket_policy(
    initialDelay: number,
    growthFactor: number,
    maxDelay: number,
    maxRetryAfter: number,
    minUptime: number,
    maxAttempts: number,
  ): number;
  twinsocket_policy_rule(policy: number, first: number, last: number, stop: number): void;
  twinsocket_reconnecting(policy: number, now: number): number;
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

/** A pending connect(). */
interface PendingConnect {
  handle: number;
  url: string;
  limits: Required<Limits>;
  counters: Counters | undefined;
  resolve(session: Session): void;
  reject(error: TwinsocketError): void;
}

const mib = 1024 * 1024;

/** Checks the limits and fills in the defaults, which are those of limits.hpp. */
function withDefaults(limits: Limits): Required<Limits> {
  const { maxMessageSize = 16 * mib, receiveQueueBytes = mib, sendQueueBytes = 16 * mib, closeTimeout = 5000 } = limits;
  const { idleTimeout = 24 * 3600 * 1000 } = limits;
  const sizes = { maxMessageSize, receiveQueueBytes, sendQueueBytes };
  for (const [name, value] of Object.entries(sizes)) checkLimit(`limits.${name}`, value);
  return {
    ...sizes,
    closeTimeout: checkDuration('limits.closeTimeout', closeTimeout),
    idleTimeout: checkDuration('limits.idleTimeout', idleTimeout),
  };
}

/** The heartbeat interval and the timeout of its answer, in milliseconds. An interval of 0 disables heartbeats. */
function heartbeatTimes(alive: Keepalive | false): [number, number] {
  if (!alive) return [0, 0];
  const { interval = 30_000, timeout = 20_000 } = alive;
  return [checkDuration('keepalive.interval', interval), checkDuration('keepalive.timeout', timeout)];
}

/** An instance of the WebAssembly module: the JavaScript side of abi.cpp. */
export class Engine {
  private exports!: Exports;
  private readonly sockets;
  private readonly text;
  private memory = new Uint8Array();
  private readonly pendingConnects = new Map<number, PendingConnect>();
  private readonly sessions = new Map<number, Session>();
  private socketClass: PlatformSocketClass | undefined;

  static async start(this: void, module: WebAssembly.Module): Promise<Engine> {
    const engine = new Engine();
    const instance = await WebAssembly.instantiate(module, engine.imports());
    engine.exports = instance.exports as unknown as Exports;
    engine.exports._initialize();
    onPageChange((bits) => engine.onPageChange(bits));
    return engine;
  }

  private constructor() {
    this.text = createText(
      () => this.bytes(),
      (written, more) => this.exports.twinsocket_prepare_transfer(written, more),
    );
    this.sockets = createSockets(
      {
        opened: (id, subprotocol) => this.opened(id, subprotocol),
        received: (id, data) => this.received(id, data),
        ended: (id, code, reason, why) => this.ended(id, code, reason, why),
        timer: (id) => this.socketTimer(id),
      },
      () => this.socketClass as PlatformSocketClass,
    );
  }

  /**
   * Connects and then calls `resolve` or `reject`. The returned function cancels the attempt. Throws for invalid
   * arguments. `counters` are the counters of the reconnecting connection that this connection belongs to, if any.
   */
  connect(
    socketClass: PlatformSocketClass,
    url: string,
    subprotocols: readonly string[],
    timeout: number,
    limits: Limits,
    alive: Keepalive | false,
    counters: Counters | undefined,
    resolve: (session: Session) => void,
    reject: (error: TwinsocketError) => void,
  ): () => void {
    const all = withDefaults(limits);
    const times = heartbeatTimes(alive);
    this.socketClass = socketClass;
    // The URL is ASCII here, so its length is its size in bytes.
    this.text.put(url + subprotocols.map((name) => `${name}\0`).join(''));
    const handle = this.exports.twinsocket_connect(
      url.length,
      timeout,
      Math.min(all.maxMessageSize, 0xffffffff),
      Math.min(all.receiveQueueBytes, 0xffffffff),
      Math.min(all.sendQueueBytes, 0xffffffff),
      all.closeTimeout,
      all.idleTimeout,
      ...times,
    );
    if (!handle) throw errorOf(this.report(0) as Failure);
    const socket = this.exports.twinsocket_socket(handle);
    this.pendingConnects.set(socket, { handle, url, limits: all, counters, resolve, reject });
    return () => {
      if (this.pendingConnects.delete(socket)) this.exports.twinsocket_delete(handle);
    };
  }

  // Called by reconnecting connections.

  get reconnectExports(): ReconnectExports {
    return this.exports;
  }
  /** Writes a text to the transfer buffer for the next call. */
  writeText(text: string): void {
    this.text.put(text);
  }

  // Called by sessions.

  phase(handle: number): Phase {
    return this.exports.twinsocket_phase(handle);
  }
  /** Returns the report of the C++ side on a connection that has failed or ended. */
  report(handle: number): unknown {
    return JSON.parse(this.readText(this.exports.twinsocket_report(handle)));
  }
  /** 0: the message may be sent. -1: it may be sent, and the socket is congested. Otherwise the number of an error. */
  maySend(handle: number, size: number, buffered: number): number {
    return this.exports.twinsocket_may_send(handle, size, buffered);
  }
  send(socket: number, data: string | Uint8Array): void {
    this.sockets.send(socket, data);
  }
  buffered(socket: number): number {
    return this.sockets.buffered(socket);
  }
  messageDelivered(handle: number, size: number): void {
    this.exports.twinsocket_message_delivered(handle, size);
  }
  close(handle: number, code: number, reason: string): void {
    this.text.put(reason);
    this.exports.twinsocket_close(handle, code);
  }
  abort(handle: number): void {
    this.exports.twinsocket_abort(handle);
  }
  heartbeatReceived(handle: number): void {
    this.exports.twinsocket_heartbeat_received(handle);
  }
  probe(handle: number, canReconnect: boolean): void {
    this.exports.twinsocket_probe(handle, canReconnect ? 1 : 0);
  }
  removeSession(socket: number, handle: number): void {
    if (this.sessions.delete(socket)) this.exports.twinsocket_delete(handle);
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
    this.text.put(input);
    const size = work();
    const output = this.readText(Math.abs(size));
    if (size < 0) throw errorOf(JSON.parse(output) as Failure);
    return output;
  }

  // Events of the platform's sockets.

  private opened(socket: number, subprotocol: string): void {
    const waiting = this.pendingConnects.get(socket);
    if (!waiting) return;
    this.text.put(subprotocol);
    this.exports.twinsocket_opened(socket);
    const { handle, url, limits, counters, resolve } = waiting;
    if (this.phase(handle) !== Phase.open) return this.failed(socket);
    this.pendingConnects.delete(socket);
    const heartbeats = this.exports.twinsocket_heartbeats(handle) !== 0;
    const chosen = subprotocol.replace(/\+heartbeat$/, '');
    const session = new Session(this, handle, socket, url, chosen, limits, heartbeats, counters);
    this.sessions.set(socket, session);
    resolve(session);
  }

  private received(socket: number, data: string | ArrayBuffer): void {
    const session = this.sessions.get(socket);
    if (!session) return;
    if (session.heartbeats && data === '\0') return session.heartbeatReceived();
    const message: Message = typeof data === 'string' ? data : new Uint8Array(data);
    const isText = typeof data === 'string' ? 1 : 0;
    const size = typeof data === 'string' ? sizeForLimit(data, session.limits.maxMessageSize) : data.byteLength;
    if (this.exports.twinsocket_received(socket, isText, size)) session.deliver(message);
    else session.updateState();
  }

  private ended(socket: number, code: number, reason: string, why: string): void {
    const size = this.text.put(reason);
    if (why) this.text.put(why);
    this.exports.twinsocket_ended(socket, code, size);
    this.failed(socket);
    this.sessions.get(socket)?.updateState();
  }

  private socketTimer(socket: number): void {
    this.exports.twinsocket_socket_timer(socket);
    this.failed(socket);
    this.sessions.get(socket)?.updateState();
  }

  /** Closes all connections when the page is left. Probes the open connections when it becomes active again. */
  private onPageChange(bits: number): void {
    if (bits & 4) {
      const error = new TwinsocketError('connect_failed', 'the page was left');
      for (const socket of this.pendingConnects.keys()) this.failed(socket, error);
      for (const session of this.sessions.values()) session.close(1001, error.message);
    } else if (bits & 8) {
      for (const session of this.sessions.values()) session.probe();
    }
  }

  private failed(socket: number, why?: TwinsocketError): void {
    const waiting = this.pendingConnects.get(socket);
    if (!waiting) return;
    const error = why ?? errorOf(this.report(waiting.handle) as Failure);
    this.pendingConnects.delete(socket);
    this.exports.twinsocket_delete(waiting.handle);
    waiting.reject(error);
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
          if (why) this.text.put(why);
          return why ? 1 : 0;
        },
        twinsocket_js_close: (id: number, code: number, reason: number, size: number): void =>
          this.sockets.close(id, code, this.text.get(reason, size)),
        twinsocket_js_send_heartbeat: (id: number): void => this.sockets.send(id, '\0'),
        twinsocket_js_now: (): number => performance.now(),
        twinsocket_js_drop: (id: number): void => this.sockets.drop(id),
        twinsocket_js_set_timer: (id: number, milliseconds: number): void => this.sockets.setTimer(id, milliseconds),
        emscripten_notify_memory_growth: (): void => undefined,
      },
      wasi_snapshot_preview1: { proc_exit: (): void => undefined },
    };
  }
}

function errorOf(failure: Failure): TwinsocketError {
  return new TwinsocketError(errorCodes[failure.code] as ErrorCode, failure.message);
}

/** Size of a text for a limit in bytes of UTF-8. Exact if it exceeds the limit, else the UTF-16 length. */
function sizeForLimit(text: string, limit: number): number {
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  const bytes = new TextEncoder().encode(text).byteLength;
  return bytes > limit ? bytes : text.length;
}

/** The module instance, which all connections share, and the promise that creates it. */
export const sharedEngine: { engine: Engine | undefined; starting: Promise<Engine> | undefined } = {
  engine: undefined,
  starting: undefined,
};

export function loadedEngine(): Engine {
  if (sharedEngine.engine) return sharedEngine.engine;
  throw new TwinsocketError('unsupported', 'the WebAssembly module is not loaded yet: await init() first');
}
