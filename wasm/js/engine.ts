import { CloseCode, PageBit, Phase, keepaliveDefaults, limitDefaults } from './abi.js';
import type { Message } from './codec.js';
import type { Counters } from './counters.js';
import { TwinsocketError } from './errors.js';
import { Instance } from './instance.js';
import type { Keepalive, Limits } from './options.js';
import type { ModuleCode } from './module-code.js';
import { onPageChange } from './page.js';
import { Session } from './session.js';
import type { PlatformSocketClass } from './sockets.js';
import { encodeUtf8 } from './utf8.js';
import { withDefaults } from './with-defaults.js';

/** A pending connect(). */
interface PendingConnect {
  handle: number;
  url: string;
  limits: Required<Limits>;
  counters: Counters | undefined;
  resolve(session: Session): void;
  reject(error: TwinsocketError): void;
}

/** An interval of 0 disables heartbeats. */
const noKeepalive: Required<Keepalive> = { interval: 0, timeout: 0 };

/** The connections of an instance of the WebAssembly module. */
export class Engine {
  instance!: Instance;
  private readonly pendingConnects = new Map<number, PendingConnect>();
  private readonly sessions = new Map<number, Session>();

  static async start(this: void, module: ModuleCode): Promise<Engine> {
    const engine = new Engine();
    engine.instance = await Instance.start(module, {
      opened: (id, subprotocol) => engine.opened(id, subprotocol),
      received: (id, data) => engine.received(id, data),
      ended: (id, code, reason, why) => engine.ended(id, code, reason, why),
      timer: (id) => engine.socketTimer(id),
    });
    onPageChange((bits) => engine.onPageChange(bits));
    return engine;
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
    const all = withDefaults('limits.', limitDefaults, limits);
    const times = alive ? withDefaults('keepalive.', keepaliveDefaults, alive) : noKeepalive;
    const { instance } = this;
    instance.socketClass = socketClass;
    instance.putNumbers([timeout, ...Object.values(all), ...Object.values(times)]);
    // The URL is ASCII here, so its length is its size in bytes.
    instance.put(url + subprotocols.map((name) => `${name}\0`).join(''));
    const handle = instance.exports.twinsocket_connect(url.length, performance.now());
    if (!handle) throw instance.errorOf(0);
    const socket = instance.exports.twinsocket_socket(handle);
    this.pendingConnects.set(socket, { handle, url, limits: all, counters, resolve, reject });
    return () => {
      if (this.pendingConnects.delete(socket)) instance.exports.twinsocket_delete(handle);
    };
  }

  // Events of the platform's sockets.

  private opened(socket: number, subprotocol: string): void {
    const waiting = this.pendingConnects.get(socket);
    if (!waiting) return;
    const { instance } = this;
    instance.put(subprotocol);
    instance.exports.twinsocket_opened(socket, performance.now());
    const { handle, url, limits, counters, resolve } = waiting;
    if (instance.phase(handle) !== Phase.open) return this.failed(socket);
    this.pendingConnects.delete(socket);
    const heartbeats = instance.exports.twinsocket_heartbeats(handle) !== 0;
    const chosen = subprotocol.replace(/\+heartbeat$/, '');
    const removed = (): void => {
      if (this.sessions.delete(socket)) instance.exports.twinsocket_delete(handle);
    };
    const session = new Session(instance, handle, socket, url, chosen, limits, heartbeats, removed, counters);
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
    if (this.instance.exports.twinsocket_received(socket, isText, size, performance.now())) session.deliver(message);
    else session.updateState();
  }

  private ended(socket: number, code: number, reason: string, why: string): void {
    const size = this.instance.put(reason);
    if (why) this.instance.put(why);
    this.instance.exports.twinsocket_ended(socket, code, size, performance.now());
    this.failed(socket);
    this.sessions.get(socket)?.updateState();
  }

  private socketTimer(socket: number): void {
    this.instance.exports.twinsocket_socket_timer(socket, performance.now());
    this.failed(socket);
    this.sessions.get(socket)?.updateState();
  }

  /** Closes all connections when the page is left. Probes the open connections when it becomes active again. */
  private onPageChange(bits: number): void {
    if (bits & PageBit.left) {
      const error = new TwinsocketError('connect_failed', 'the page was left');
      for (const socket of this.pendingConnects.keys()) this.failed(socket, error);
      for (const session of this.sessions.values()) session.close(CloseCode.goingAway, error.message);
    } else if (bits & PageBit.resumed) {
      for (const session of this.sessions.values()) session.probe();
    }
  }

  private failed(socket: number, why?: TwinsocketError): void {
    const waiting = this.pendingConnects.get(socket);
    if (!waiting) return;
    const error = why ?? this.instance.errorOf(waiting.handle);
    this.pendingConnects.delete(socket);
    this.instance.exports.twinsocket_delete(waiting.handle);
    waiting.reject(error);
  }
}

/** Size of a text for a limit in bytes of UTF-8. Exact if it exceeds the limit, else the UTF-16 length. */
function sizeForLimit(text: string, limit: number): number {
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  const bytes = encodeUtf8(text).byteLength;
  return bytes > limit ? bytes : text.length;
}
