import type { Message } from './codec.js';
import { type ErrorCode, TwinsocketError, errorCodes } from './errors.js';
import type { Keepalive, Limits } from './options.js';
import { onPage } from './page.js';
import type { Counters } from './reconnect-options.js';
import { Session } from './session.js';
import { checkLimit, duration } from './wait.js';
import { type PlatformSocketClass, createSockets, createText } from './sockets.js';

/** State of a connection: the values of `js_connection::phase` in abi.cpp. */
export const enum Phase {
  connecting,
  open,
  closing,
  settled,
  over,
  failed,
}

/** Exports of abi.cpp and browser_socket.cpp. Pointers and handles are numbers. */
interface Exports extends ReconnectExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  twinsocket_land(written: number, more: number): number;
  twinsocket_connect(
    urlSize: number,
    timeLimit: number,
    maxMessage: number,
    inboundBytes: number,
    outboundBytes: number,
    closeTime: number,
    idleTime: number,
    interval: number,
    answerTime: number,
  ): number;
  twinsocket_delete(handle: number): void;
  twinsocket_socket(handle: number): number;
  twinsocket_phase(handle: number): number;
  twinsocket_report(handle: number): number;
  twinsocket_may_send(handle: number, size: number, buffered: number): number;
  twinsocket_taken(handle: number, size: number): void;
  twinsocket_heard(handle: number): void;
  twinsocket_probe(handle: number, replaced: number): void;
  twinsocket_heartbeats(handle: number): number;
  twinsocket_close(handle: number, code: number): void;
  twinsocket_abort(handle: number): void;
  twinsocket_opened(socket: number): void;
  twinsocket_received(socket: number, isText: number, size: number): number;
  twinsocket_ended(socket: number, code: number, reasonSize: number): void;
  twinsocket_alarm(socket: number): void;
  twinsocket_fetched(): void;
  twinsocket_xml_read(): number;
  twinsocket_xml_write(): number;
}

/** Exports of reconnect_abi.cpp. */
interface ReconnectExports {
  twinsocket_policy(
    firstDelay: number,
    growth: number,
    longestDelay: number,
    longestHint: number,
    stableTime: number,
    attempts: number,
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
  twinsocket_reconnecting_on_time(machine: number, now: number): void;
  twinsocket_reconnecting_close(machine: number): void;
  twinsocket_reconnecting_retry(machine: number, now: number): void;
  twinsocket_reconnecting_page(machine: number, bits: number, now: number): void;
}

interface Failure {
  code: number;
  message: string;
}

/** A pending connect(). */
interface Dialling {
  handle: number;
  url: string;
  limits: Required<Limits>;
  counts: Counters | undefined;
  resolve(session: Session): void;
  reject(error: TwinsocketError): void;
}

const mib = 1024 * 1024;

/** Checks the limits and fills in the defaults, which are those of limits.hpp. */
function complete(limits: Limits): Required<Limits> {
  const { maxMessage = 16 * mib, inboundBytes = mib, outboundBytes = 16 * mib, closeTime = 5000 } = limits;
  const { idleTime = 24 * 3600 * 1000 } = limits;
  const sizes = { maxMessage, inboundBytes, outboundBytes };
  for (const [name, value] of Object.entries(sizes)) checkLimit(`limits.${name}`, value);
  return {
    ...sizes,
    closeTime: duration('limits.closeTime', closeTime),
    idleTime: duration('limits.idleTime', idleTime),
  };
}

/** The heartbeat interval and the timeout of its answer, in milliseconds. An interval of 0 disables heartbeats. */
function timesOf(alive: Keepalive | false): [number, number] {
  if (!alive) return [0, 0];
  const { interval = 30_000, timeLimit = 20_000 } = alive;
  return [duration('keepalive.interval', interval), duration('keepalive.timeLimit', timeLimit)];
}

/** An instance of the WebAssembly module: the JavaScript side of abi.cpp. */
export class Engine {
  private exports!: Exports;
  private readonly sockets;
  private readonly text;
  private memory = new Uint8Array();
  private readonly dialling = new Map<number, Dialling>();
  private readonly sessions = new Map<number, Session>();
  private socketClass: PlatformSocketClass | undefined;

  static async start(this: void, module: WebAssembly.Module): Promise<Engine> {
    const engine = new Engine();
    const instance = await WebAssembly.instantiate(module, engine.imports());
    engine.exports = instance.exports as unknown as Exports;
    engine.exports._initialize();
    onPage((bits) => engine.onPage(bits));
    return engine;
  }

  private constructor() {
    this.text = createText(
      () => this.bytes(),
      (written, more) => this.exports.twinsocket_land(written, more),
    );
    this.sockets = createSockets(
      {
        opened: (id, subprotocol) => this.opened(id, subprotocol),
        received: (id, data) => this.received(id, data),
        ended: (id, code, reason, why) => this.ended(id, code, reason, why),
        alarm: (id) => this.alarm(id),
      },
      () => this.socketClass as PlatformSocketClass,
    );
  }

  /**
   * Connects and then calls `resolve` or `reject`. The returned function cancels the attempt. Throws for invalid
   * arguments. `counts` are the counters of the reconnecting connection that this connection belongs to, if any.
   */
  connect(
    socketClass: PlatformSocketClass,
    url: string,
    subprotocols: readonly string[],
    timeLimit: number,
    limits: Limits,
    alive: Keepalive | false,
    counts: Counters | undefined,
    resolve: (session: Session) => void,
    reject: (error: TwinsocketError) => void,
  ): () => void {
    const all = complete(limits);
    const times = timesOf(alive);
    this.socketClass = socketClass;
    // The URL is ASCII here, so its length is its size in bytes.
    this.text.put(url + subprotocols.map((name) => `${name}\0`).join(''));
    const handle = this.exports.twinsocket_connect(
      url.length,
      timeLimit,
      Math.min(all.maxMessage, 0xffffffff),
      Math.min(all.inboundBytes, 0xffffffff),
      Math.min(all.outboundBytes, 0xffffffff),
      all.closeTime,
      all.idleTime,
      ...times,
    );
    if (!handle) throw errorOf(this.report(0) as Failure);
    const socket = this.exports.twinsocket_socket(handle);
    this.dialling.set(socket, { handle, url, limits: all, counts, resolve, reject });
    return () => {
      if (this.dialling.delete(socket)) this.exports.twinsocket_delete(handle);
    };
  }

  // Called by reconnecting connections.

  get calls(): ReconnectExports {
    return this.exports;
  }
  /** Writes a text to the transfer buffer for the next call. */
  land(text: string): void {
    this.text.put(text);
  }

  // Called by sessions.

  phase(handle: number): Phase {
    return this.exports.twinsocket_phase(handle);
  }
  /** Returns the report of the C++ side on a connection that has failed or ended. */
  report(handle: number): unknown {
    return JSON.parse(this.fetch(this.exports.twinsocket_report(handle)));
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
  taken(handle: number, size: number): void {
    this.exports.twinsocket_taken(handle, size);
  }
  close(handle: number, code: number, reason: string): void {
    this.text.put(reason);
    this.exports.twinsocket_close(handle, code);
  }
  abort(handle: number): void {
    this.exports.twinsocket_abort(handle);
  }
  heard(handle: number): void {
    this.exports.twinsocket_heard(handle);
  }
  probe(handle: number, replaced: boolean): void {
    this.exports.twinsocket_probe(handle, replaced ? 1 : 0);
  }
  forget(socket: number, handle: number): void {
    if (this.sessions.delete(socket)) this.exports.twinsocket_delete(handle);
  }

  // XML, by tinyxml2.

  /** Parses a document into the JSON tree of xml_bridge.hpp. Throws `syntax` and the like. */
  readXml(document: string): string {
    return this.convert(document, this.exports.twinsocket_xml_read);
  }
  /** Writes the document for a sequence of marks (XmlMarks). */
  writeXml(marks: string): string {
    return this.convert(marks, this.exports.twinsocket_xml_write);
  }

  private convert(input: string, work: () => number): string {
    this.text.put(input);
    const size = work();
    const output = this.fetch(Math.abs(size));
    if (size < 0) throw errorOf(JSON.parse(output) as Failure);
    return output;
  }

  // Events of the platform's sockets.

  private opened(socket: number, subprotocol: string): void {
    const waiting = this.dialling.get(socket);
    if (!waiting) return;
    this.text.put(subprotocol);
    this.exports.twinsocket_opened(socket);
    const { handle, url, limits, counts, resolve } = waiting;
    if (this.phase(handle) !== Phase.open) return this.failed(socket);
    this.dialling.delete(socket);
    const heartbeats = this.exports.twinsocket_heartbeats(handle) !== 0;
    const chosen = subprotocol.replace(/\+heartbeat$/, '');
    const session = new Session(this, handle, socket, url, chosen, limits, heartbeats, counts);
    this.sessions.set(socket, session);
    resolve(session);
  }

  private received(socket: number, data: string | ArrayBuffer): void {
    const session = this.sessions.get(socket);
    if (!session) return;
    if (session.heartbeats && data === '\0') return session.heard();
    const message: Message = typeof data === 'string' ? data : new Uint8Array(data);
    const isText = typeof data === 'string' ? 1 : 0;
    const size = typeof data === 'string' ? sizeFor(data, session.limits.maxMessage) : data.byteLength;
    if (this.exports.twinsocket_received(socket, isText, size)) session.deliver(message);
    else session.look();
  }

  private ended(socket: number, code: number, reason: string, why: string): void {
    const size = this.text.put(reason);
    if (why) this.text.put(why);
    this.exports.twinsocket_ended(socket, code, size);
    this.failed(socket);
    this.sessions.get(socket)?.look();
  }

  private alarm(socket: number): void {
    this.exports.twinsocket_alarm(socket);
    this.failed(socket);
    this.sessions.get(socket)?.look();
  }

  /** Closes all connections when the page is left. Probes the open connections when it becomes active again. */
  private onPage(bits: number): void {
    if (bits & 4) {
      const error = new TwinsocketError('connect_failed', 'the page was left');
      for (const socket of this.dialling.keys()) this.failed(socket, error);
      for (const session of this.sessions.values()) session.close(1001, error.message);
    } else if (bits & 8) {
      for (const session of this.sessions.values()) session.probe();
    }
  }

  private failed(socket: number, why?: TwinsocketError): void {
    const waiting = this.dialling.get(socket);
    if (!waiting) return;
    const error = why ?? errorOf(this.report(waiting.handle) as Failure);
    this.dialling.delete(socket);
    this.exports.twinsocket_delete(waiting.handle);
    waiting.reject(error);
  }

  // WebAssembly memory.

  private bytes(): Uint8Array {
    if (this.memory.buffer !== this.exports.memory.buffer) this.memory = new Uint8Array(this.exports.memory.buffer);
    return this.memory;
  }

  private fetch(size: number): string {
    const text = this.text.get(this.exports.twinsocket_land(0, 0) - size, size);
    this.exports.twinsocket_fetched();
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
        twinsocket_js_beat: (id: number): void => this.sockets.send(id, '\0'),
        twinsocket_js_now: (): number => performance.now(),
        twinsocket_js_drop: (id: number): void => this.sockets.drop(id),
        twinsocket_js_alarm: (id: number, milliseconds: number): void => this.sockets.alarm(id, milliseconds),
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
function sizeFor(text: string, limit: number): number {
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  const bytes = new TextEncoder().encode(text).byteLength;
  return bytes > limit ? bytes : text.length;
}

/** The module instance, which all connections share, and the promise that creates it. */
export const engineSlot: { engine: Engine | undefined; starting: Promise<Engine> | undefined } = {
  engine: undefined,
  starting: undefined,
};

export function running(): Engine {
  if (engineSlot.engine) return engineSlot.engine;
  throw new TwinsocketError('unsupported', 'the WebAssembly module is not loaded yet: await init() first');
}
