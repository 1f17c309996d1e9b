import { Phase, closeInitiators, errorCodes } from './abi.js';
import type { CloseInfo } from './close.js';
import type { Message, Sendable } from './codec.js';
import type { Counters } from './counters.js';
import { type ErrorCode, TwinsocketError } from './errors.js';
import type { Instance } from './instance.js';
import { ReceiveQueue } from './receive-queue.js';
import type { Limits, ReceiveOptions, SendStatus } from './options.js';
import { Queue } from './queue.js';
import { typeName } from './shapes/mismatch.js';
import { encodeUtf8 } from './utf8.js';

/**
 * Polling interval of `bufferedAmount` while senders wait, in milliseconds: a browser has no event for a drained buffer.
 */
const pollInterval = 10;

/** The report of the C++ session on its end. */
interface Report {
  code: number;
  reason: string;
  clean: boolean;
  initiator: number;
  failedLocally: boolean;
  failure: { code: number; message: string };
}

interface Sender {
  data: string | Uint8Array;
  resolve(status: 'accepted' | 'queued'): void;
  reject(error: TwinsocketError): void;
}

/** How the session ended, and the error of later calls. */
interface End {
  info: CloseInfo;
  failure: TwinsocketError;
  failedLocally: boolean;
}

/**
 * One open connection. The C++ session applies the limits and runs the closing handshake; the messages stay in JavaScript.
 */
export class Session {
  readonly closed: Promise<CloseInfo>;
  private settle: (info: CloseInfo) => void = () => undefined;
  private readonly receiveQueue = new ReceiveQueue<Message>((message) => this.messageDelivered(message));
  private readonly senders = new Queue<Sender>();
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private end: End | undefined;

  constructor(
    private readonly instance: Instance,
    private readonly handle: number,
    private readonly socket: number,
    readonly url: string,
    readonly subprotocol: string,
    readonly limits: Required<Limits>,
    /** True if the server answers heartbeats. Then the text message U+0000 is a heartbeat. */
    readonly heartbeats: boolean,
    /** Called when the socket has ended. */
    private readonly removed: () => void,
    /** Counters of the reconnecting connection that it belongs to. */
    private readonly counters?: Counters,
  ) {
    this.closed = new Promise((resolve) => (this.settle = resolve));
  }

  get state(): 'open' | 'closing' | 'closed' {
    if (this.end) return 'closed';
    return this.instance.phase(this.handle) === Phase.open ? 'open' : 'closing';
  }

  get bufferedAmount(): number {
    return this.instance.sockets.buffered(this.socket);
  }

  /** True if this endpoint failed the connection. */
  get failedLocally(): boolean {
    return this.end?.failedLocally === true;
  }

  trySend(data: Sendable): SendStatus {
    const bytes = toPlatformData(data);
    const status = this.senders.isEmpty ? this.sendToSocket(bytes) : 'queue_full';
    return status === 'accepted' || status === 'queued' ? status : 'refused';
  }

  send(data: Sendable): Promise<'accepted' | 'queued'> {
    const bytes = toPlatformData(data);
    const status = this.senders.isEmpty ? this.sendToSocket(bytes) : 'queue_full';
    if (status === 'accepted' || status === 'queued') return Promise.resolve(status);
    if (status === 'closed') return Promise.reject(this.failure());
    if (status !== 'queue_full') return Promise.reject(this.tooBig(bytes));
    return new Promise((resolve, reject) => {
      this.senders.push({ data: bytes, resolve, reject });
      this.pollTimer ??= setTimeout(() => this.retrySenders(), pollInterval);
    });
  }

  receive(options: ReceiveOptions = {}): Promise<Message> {
    return this.receiveQueue.take(options, this.end?.failure);
  }

  close(code: number, reason: string): void {
    if (this.end) return;
    this.instance.put(reason);
    this.instance.exports.twinsocket_close(this.handle, code, performance.now());
    this.updateState();
  }

  abort(): void {
    if (this.end) return;
    this.instance.exports.twinsocket_abort(this.handle, performance.now());
    this.updateState();
  }

  /** Delivers a message that the C++ session has accepted. */
  deliver(message: Message): void {
    if (this.counters) {
      this.counters.messagesReceived += 1;
      this.counters.bytesReceived += byteLength(message);
    }
    this.receiveQueue.put(message);
  }

  /** Called for the answer to a heartbeat. */
  heartbeatReceived(): void {
    if (!this.end) this.instance.exports.twinsocket_heartbeat_received(this.handle, performance.now());
  }

  /** Called when the page becomes active. Without heartbeats only a connection that can reconnect is probed. */
  probe(): void {
    if (this.end) return;
    const canReconnect = this.counters ? 1 : 0;
    this.instance.exports.twinsocket_probe(this.handle, canReconnect, performance.now());
    this.updateState();
  }

  /** Checks whether the session has ended. Call it after everything that may end it. */
  updateState(): void {
    const phase = this.instance.phase(this.handle);
    if (phase >= Phase.settled && !this.end) this.finish(JSON.parse(this.instance.report(this.handle)) as Report);
    if (phase === Phase.ended) this.removed();
  }

  /** Passes a message to the socket, or returns why it could not. */
  sendToSocket(data: string | Uint8Array): 'accepted' | 'queued' | ErrorCode {
    if (this.end) return 'closed';
    const { exports } = this.instance;
    const verdict = exports.twinsocket_may_send(this.handle, data.length, this.bufferedAmount, performance.now());
    if (verdict > 0) return errorCodes[verdict] as ErrorCode;
    this.instance.sockets.send(this.socket, data);
    if (this.counters) {
      this.counters.messagesSent += 1;
      this.counters.bytesSent += byteLength(data);
    }
    return verdict === 0 ? 'accepted' : 'queued';
  }

  private retrySenders(): void {
    this.pollTimer = undefined;
    for (let first = this.senders.first; first; first = this.senders.first) {
      const status = this.sendToSocket(first.data);
      if (status === 'queue_full') {
        this.pollTimer = setTimeout(() => this.retrySenders(), pollInterval);
        return;
      }
      this.senders.shift();
      if (status === 'accepted' || status === 'queued') first.resolve(status);
      else first.reject(this.failure());
    }
  }

  private messageDelivered(message: Message): void {
    if (!this.end) this.instance.exports.twinsocket_message_delivered(this.handle, message.length);
  }

  private tooBig(data: string | Uint8Array): TwinsocketError {
    const size = `${data.length} ${typeof data === 'string' ? 'characters' : 'bytes'}`;
    const limit = `the send queue holds ${this.limits.sendQueueBytes} bytes`;
    return new TwinsocketError('message_too_big', `the message is too big: ${size}, ${limit}`);
  }

  /** The error of calls after the end. */
  failure(): TwinsocketError {
    return this.end?.failure ?? new TwinsocketError('closed', 'the connection is closing');
  }

  private finish(report: Report): void {
    const info: CloseInfo = Object.freeze({
      code: report.code,
      reason: report.reason,
      clean: report.clean,
      initiator: closeInitiators[report.initiator] ?? 'none',
    });
    const { code, message } = report.failure;
    const failure = new TwinsocketError(errorCodes[code] as ErrorCode, message, info);
    this.end = { info, failure, failedLocally: report.failedLocally };
    clearTimeout(this.pollTimer);
    this.receiveQueue.refuse(failure);
    for (let waiter = this.senders.shift(); waiter; waiter = this.senders.shift()) waiter.reject(failure);
    this.settle(info);
  }
}

/** Size of a message in bytes. Text counts as UTF-8. */
export function byteLength(data: Message): number {
  return typeof data === 'string' ? encodeUtf8(data).length : data.length;
}

/** Converts data to what WebSocket.send() accepts. */
export function toPlatformData(data: Sendable): string | Uint8Array {
  if (typeof data === 'string') return data;
  // The constructor of Uint8Array would also accept numbers, arrays and other objects.
  if (!ArrayBuffer.isView(data) && !/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(data)))
    throw new TwinsocketError('invalid_argument', `only text and bytes can be sent, not ${typeName(data)}`);
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  // WebSocket.send() does not accept a view of a SharedArrayBuffer.
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}
