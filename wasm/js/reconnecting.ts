import { CloseCode, PageBit, defaultOfflineQueueBytes, defaultTimeout, errorCodes, messageOverhead } from './abi.js';
import { type CloseInfo, toSendableCode, truncateReason } from './close.js';
import { type Codec, type CodecOption, type Message, type Sendable, codecFor } from './codec.js';
import type { Connection, TypedConnection } from './connection.js';
import type { Counters } from './counters.js';
import type { Engine } from './engine.js';
import { TwinsocketError } from './errors.js';
import { StatusSubscribers } from './status-subscribers.js';
import { ReceiveQueue } from './receive-queue.js';
import { ReconnectMachine } from './reconnect-machine.js';
import type { ConnectOptions, ReceiveOptions, SendStatus } from './options.js';
import { QueuedSender, tooBig } from './queued-sender.js';
import { onPageChange, pageState } from './page.js';
import { EventTargetBase, createEvent } from './platform.js';
import type { ReconnectOptions, ReconnectPhase, ReconnectStatus, SendOptions } from './reconnect-options.js';
import { type Session, toPlatformData } from './session.js';
import { type SendRequest, OfflineQueue } from './offline-queue.js';
import { withTimeout, checkLimit, maxTimerDelay } from './with-timeout.js';

/** @internal The functions that a reconnecting connection uses to connect. */
export interface Connector {
  /** The host of the URL, or "" if the URL is invalid. */
  host(): string;
  engine(): Promise<Engine>;
  /** Connects. Loads the codec, unless the subprotocol selects it. */
  open(options: ConnectOptions & { codec?: CodecOption<unknown> }, counters: Counters): Promise<Session>;
}

type Options = Omit<ReconnectOptions, 'onConnected'> & {
  codec?: CodecOption<unknown>;
  onConnected?: (fresh: never) => Promise<void> | void;
};

/** A message and the codec of the connection that received it. */
interface Received {
  message: Message;
  codec: Codec<unknown>;
}

/** The codec of untyped connections. */
const identityCodec: Codec<unknown> = { encode: (value) => value as Message, decode: (message) => message };

/** Error codes of `onConnected` after which no further attempt is made. */
const permanentErrors = ['cancelled', 'invalid_argument', 'unsupported'];

/**
 * A connection to one server that reconnects whenever it is lost. Messages are received in order; some may be missing
 * where a connection was lost. Messages sent while there is no connection are queued, and sent first on the next one. A
 * `status` event is dispatched when `status` has changed.
 *
 * In a page it follows network state and visibility. While the browser is offline or the page is hidden, delays are long.
 * When that ends, it reconnects at once, and an open connection is probed: it is lost if nothing arrives within 3 seconds
 * ({@link Keepalive}). For servers on the local machine the network state is ignored. When the page is left, the
 * connection is closed with 1001. It reconnects if the page is restored from the back-forward cache.
 */
export class ReconnectingConnection<Out = Sendable, In = Message> extends EventTargetBase implements AsyncIterable<In> {
  /** Fulfilled when it is closed for good, for whatever reason. Never rejected. */
  readonly closed: Promise<CloseInfo>;
  private settle: (info: CloseInfo) => void = () => undefined;
  private current: ReconnectStatus;
  private machine: ReconnectMachine | undefined;
  private session: Session | undefined;
  private attempt: AbortController | undefined;
  private wake: () => void = () => undefined;
  private closing: CloseInfo | undefined;
  private failure: TwinsocketError | undefined;
  /** Why the signal closed it. */
  private aborted: { cause: unknown } | undefined;
  private lastClose: CloseInfo | undefined;
  private reportedDropped = { messages: 0, bytes: 0 };
  private negotiatedSubprotocol = '';
  private page = pageState();
  private readonly totals = { messagesReceived: 0, messagesSent: 0, bytesReceived: 0, bytesSent: 0, dropped: 0 };
  private readonly offlineQueue: OfflineQueue;
  private readonly queuedSender: QueuedSender;
  private readonly receiveQueue = new ReceiveQueue<Received>(({ message }) => this.messageDelivered(message));
  private receiveQueueSize = 0;
  private readonly subscribers = new StatusSubscribers();
  /** The codec of the current or the last connection. */
  private codec: Codec<unknown> | undefined;
  /** The number of calls of `send` that wait until their codec is loaded. */
  private sendsWaiting = 0;
  private codecLoading: Promise<void> | undefined;

  /** @internal */
  constructor(
    private readonly connector: Connector,
    private readonly options: Options,
    private readonly wrap: (
      session: Session,
      codec: Codec<unknown> | undefined,
    ) => Connection | TypedConnection<unknown>,
  ) {
    super();
    const { offlineQueueBytes = defaultOfflineQueueBytes, signal } = options;
    checkLimit('offlineQueueBytes', offlineQueueBytes);
    this.offlineQueue = new OfflineQueue(offlineQueueBytes);
    this.queuedSender = new QueuedSender(this.offlineQueue, () => this.openSession);
    this.closed = new Promise((resolve) => (this.settle = resolve));
    this.current = this.createStatus();
    const onAbort = (): void => {
      if (!this.isClosed) this.aborted = { cause: signal?.reason };
      void this.close();
    };
    signal?.addEventListener('abort', onAbort);
    const leavePage = onPageChange((bits) => this.setPageState(bits));
    if (signal?.aborted) onAbort();
    void this.run().finally(() => {
      signal?.removeEventListener('abort', onAbort);
      leavePage();
    });
  }

  /** The current status. */
  get status(): ReconnectStatus {
    return this.current;
  }
  /** The negotiated subprotocol of the current or the last connection, or "". */
  get subprotocol(): string {
    return this.negotiatedSubprotocol;
  }
  get counters(): Readonly<Counters> {
    return { ...this.totals, dropped: this.offlineQueue.dropped.messages };
  }
  /** Bytes in the offline queue and in the send queue of the current connection. */
  get bufferedAmount(): number {
    return this.offlineQueue.bytes + (this.session?.bufferedAmount ?? 0);
  }

  /** Iterates over the changes of `status`, beginning with the current one, until it is closed for good. */
  statuses(): AsyncIterableIterator<ReconnectStatus> {
    return this.subscribers.subscribe(this.current);
  }

  /**
   * Sends a message. Without a connection the message is queued, and the result is `queued`. If the offline queue is full,
   * `overflowPolicy` applies. Waits until the codec is loaded. Rejects with `closed` if it is closed for good, with
   * `queue_full`, or with the error of loading the codec.
   */
  async send(data: Out, options: SendOptions = {}): Promise<Exclude<SendStatus, 'refused'>> {
    if (!this.canEncode()) {
      ++this.sendsWaiting;
      try {
        // The subprotocol may have selected another codec in the meantime.
        do await this.codecLoading;
        while (!this.isCodecLoaded());
      } finally {
        --this.sendsWaiting;
      }
    }
    const message = this.createRequest(data, options);
    const status = this.queuedSender.sendToConnection(message.data);
    if (status === 'accepted' || status === 'queued') return status;
    if (this.isClosed) throw this.closedError();
    if (status === 'message_too_big') throw tooBig();
    if (this.queuedSender.enqueue(message)) return 'queued';
    if (message.overflowPolicy === 'wait') return this.queuedSender.wait(message);
    if (this.closeOnOverflow(message)) throw this.closedError();
    const { offlineQueueBytes } = this.options;
    const text = `a message of ${message.size}, and ${this.offlineQueue.bytes} of ${offlineQueueBytes} bytes are kept already`;
    throw new TwinsocketError('queue_full', `the send queue is full: ${text}`);
  }

  /** Sends or queues a message without waiting. `refused` also while the codec is not loaded. */
  trySend(data: Out, options: SendOptions = {}): SendStatus {
    if (!this.canEncode()) return 'refused';
    const message = this.createRequest(data, options);
    const status = this.queuedSender.sendToConnection(message.data);
    if (status === 'accepted' || status === 'queued') return status;
    if (this.isClosed || status === 'message_too_big') return 'refused';
    if (this.queuedSender.enqueue(message)) return 'queued';
    this.closeOnOverflow(message);
    return 'refused';
  }

  /**
   * Returns the next message of any of its connections. A timeout (`timed_out`) or an abort (`cancelled`) ends only this
   * call. Otherwise it rejects only when it is closed for good: with `closed`, or with the error that ruled out further
   * attempts.
   */
  async receive(options: ReceiveOptions = {}): Promise<In> {
    return decode(await this.take(options)) as In;
  }

  /**
   * Iterates over the messages of all connections until it is closed for good. Throws if it gave up reconnecting, or if a
   * message cannot be decoded.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void, undefined> {
    for (;;) {
      let received: Received;
      try {
        received = await this.take({});
      } catch (error) {
        if (this.failure?.code === 'closed') return;
        throw error;
      }
      yield decode(received) as In;
    }
  }

  /**
   * Closes it for good, in any phase. On an open connection all queued messages are sent first. Without one they are
   * dropped. A close code that must not be sent is replaced by 1011. A reason is truncated to 123 bytes of UTF-8.
   */
  close(code: number = CloseCode.normal, reason = ''): Promise<CloseInfo> {
    if (this.isClosed) return this.closed;
    this.offlineQueue.rejectWaiting(this.closedError());
    this.queuedSender.flush(Infinity);
    const asked = {
      code: toSendableCode(code),
      reason: truncateReason(reason),
      clean: false,
      initiator: 'local' as const,
    };
    this.closing = Object.freeze(asked);
    this.session?.close(asked.code, asked.reason);
    this.endPhase();
    return this.closed;
  }

  /** Closes it for good without a closing handshake. */
  abort(): void {
    this.closing ??= Object.freeze({ code: CloseCode.abnormal, reason: '', clean: false, initiator: 'local' });
    this.session?.abort();
    this.endPhase();
  }

  /** Makes the next attempt now. */
  retryNow(): void {
    this.updateMachine((machine) => machine.retry());
  }

  /**
   * Sets the network state, as the `online` and `offline` events of a page do. For Node, and for programs that know more
   * than the browser.
   */
  setOnline(on: boolean): void {
    this.setPageState(on ? this.page | PageBit.online | PageBit.resumed : this.page & ~PageBit.online);
    if (on) this.session?.probe();
  }

  private get isClosed(): boolean {
    return this.closing !== undefined || this.current.phase === 'closed';
  }
  /** The connection, if messages can be sent on it. */
  private get openSession(): Session | undefined {
    const takes = this.current.phase === 'open' && this.session?.state === 'open' && !this.closing;
    return takes ? this.session : undefined;
  }
  private closedError(): TwinsocketError {
    const known = this.current.phase === 'closed' ? this.failure : undefined;
    return known ?? new TwinsocketError('closed', 'the connection is closed', undefined, this.aborted);
  }
  private codecForSubprotocol(subprotocol: string): Codec<unknown> {
    const { codec } = this.options;
    return codec ? codecFor(codec, subprotocol) : identityCodec;
  }
  /** The codec of the next message. Before the first connection the preferred subprotocol is the best guess. */
  private encoder(): Codec<unknown> {
    return (this.codec ??= this.codecForSubprotocol([this.options.subprotocols ?? []].flat()[0] ?? ''));
  }
  /** Starts to load the codec of the next message, if it is not loaded. */
  private isCodecLoaded(): boolean {
    const loading = this.encoder().load?.();
    if (!loading) return true;
    this.codecLoading = loading;
    loading.catch(() => undefined); // Whoever waits for it gets the error.
    return false;
  }
  /** False if a message must wait for its codec, or for messages that wait for theirs. */
  private canEncode(): boolean {
    return this.sendsWaiting === 0 && this.isCodecLoaded();
  }
  private createRequest(value: Out, { key, overflowPolicy = this.options.overflowPolicy }: SendOptions): SendRequest {
    const codec = this.encoder();
    const data = toPlatformData(codec.encode(value));
    return {
      data,
      size: 0,
      overflowPolicy: key === undefined ? (overflowPolicy ?? 'wait') : 'latest-per-key',
      key: key ?? '',
      encode:
        typeof this.options.codec === 'function'
          ? () => (this.codec === codec ? data : toPlatformData((this.codec as Codec<unknown>).encode(value)))
          : undefined,
    };
  }
  /** Applies the policy `close` to a message that could not be queued. Returns true if it closed the connection. */
  private closeOnOverflow({ overflowPolicy }: SendRequest): boolean {
    if (overflowPolicy !== 'close') return false;
    this.offlineQueue.dropAll(this.closedError());
    void this.close(CloseCode.tryAgainLater, 'the offline queue is full');
    return true;
  }

  // Phases.

  private async run(): Promise<void> {
    try {
      const engine = await this.load();
      this.machine = new ReconnectMachine(engine.instance, this.options, this.connector.host());
      this.machine.page(this.page);
      while (this.machine.phase !== 'closed') {
        const { phase } = this.machine;
        if (phase === 'connecting') await this.connect(this.machine);
        else if (phase === 'preparing') await this.prepare(this.machine, this.session as Session);
        else if (phase === 'open') await this.receiveMessages(this.machine, this.session as Session);
        else await this.waitForAttempt(this.machine);
      }
    } catch (error) {
      this.failure = asError(error);
    }
    this.finish();
  }

  /** Loads the module without a timeout. Closing the connection cancels it. */
  private load(): Promise<Engine> {
    const { signal } = (this.attempt = new AbortController());
    if (this.closing) this.attempt.abort();
    return withTimeout({ signal }, '', (resolve, reject) => {
      this.connector.engine().then(resolve, reject);
      return () => undefined;
    });
  }

  private async connect(machine: ReconnectMachine): Promise<void> {
    if (this.closing) return machine.close();
    this.attempt = new AbortController();
    try {
      this.session = await this.connector.open({ ...this.options, signal: this.attempt.signal }, this.totals);
      this.negotiatedSubprotocol = this.session.subprotocol;
      machine.connected();
      // close() may have been called during the await, which TypeScript does not see.
      const asked = this.closing as CloseInfo | undefined;
      if (asked) this.session.close(asked.code, asked.reason);
      this.publishStatus();
    } catch (error) {
      this.fail(machine, error);
    } finally {
      this.attempt = undefined;
    }
  }

  private async prepare(machine: ReconnectMachine, session: Session): Promise<void> {
    const { onConnected, timeout = defaultTimeout } = this.options;
    let isWaiting = false;
    try {
      if (!this.codec || typeof this.options.codec === 'function')
        this.codec = this.codecForSubprotocol(session.subprotocol);
      const loading = this.codec.load?.();
      if (onConnected || loading) {
        const work = this.setUp(session, this.codec, loading);
        isWaiting = true;
        const done = (): void => void (isWaiting = false);
        work.then(done, done);
        await withTimeout<void>({ timeout }, 'the connection was not set up', (resolve, reject) => {
          void session.closed.then(() => resolve());
          work.then(resolve, reject);
          return () => undefined;
        });
      }
    } catch (error) {
      if (session.state === 'open') {
        if (isWaiting) session.abort();
        else session.close(CloseCode.normal, '');
        this.session = undefined;
        const why = asError(error);
        if (permanentErrors.includes(why.code)) machine.close();
        this.fail(machine, why);
        return;
      }
    }
    if (session.state !== 'open') return this.connectionLost(machine, session);
    machine.prepared();
    this.publishStatus();
    this.lastClose = this.failure = undefined;
    this.queuedSender.flush();
  }

  /** Waits for the codec of a new connection and calls `onConnected`. */
  private async setUp(session: Session, codec: Codec<unknown>, loading: Promise<void> | undefined): Promise<void> {
    if (loading) {
      await loading;
      if (session.state !== 'open') return;
    }
    const { onConnected, codec: option } = this.options;
    await onConnected?.(this.wrap(session, option && codec) as never);
  }

  private async receiveMessages(machine: ReconnectMachine, session: Session): Promise<void> {
    const limit = session.limits.receiveQueueBytes;
    try {
      for (;;) {
        const message = await session.receive();
        // While closing, messages beyond the limit are discarded, so that the close does not depend on a receiver.
        if (this.closing && this.receiveQueueSize > limit) continue;
        this.receiveQueueSize += queueCost(message);
        this.receiveQueue.put({ message, codec: this.codec as Codec<unknown> });
        while (this.receiveQueueSize > limit && !this.closing) await this.waitForWakeup();
      }
    } catch {
      await this.connectionLost(machine, session);
    }
  }

  private async waitForAttempt(machine: ReconnectMachine): Promise<void> {
    const { delay } = machine;
    await this.waitForWakeup(delay);
    machine.onTimer();
    if (machine.phase === 'connecting') this.publishStatus();
  }

  private fail(machine: ReconnectMachine, error: unknown): void {
    this.failure = asError(error);
    const status = Number(/Unexpected server response: (\d{3})$/.exec(this.failure.message)?.[1] ?? 0);
    if (this.closing) machine.close();
    else if (machine.phase !== 'closed') machine.failed(errorCodes.indexOf(this.failure.code), status);
    if (machine.phase !== 'closed') this.publishStatus();
  }

  private async connectionLost(machine: ReconnectMachine, session: Session): Promise<void> {
    const info = await session.closed;
    this.lastClose = info;
    this.failure = session.failure();
    this.session = undefined;
    if (this.closing) machine.close();
    else machine.lost(info.code, info.reason);
    if (machine.phase !== 'closed') this.publishStatus();
  }

  private finish(): void {
    const info = this.lastClose ??
      this.closing ?? { code: CloseCode.abnormal, reason: '', clean: false, initiator: 'none' };
    if (this.closing && !this.lastClose) this.failure = undefined;
    const text = `the connection is closed: ${info.code} ${info.reason}`.trim();
    const why = this.failure ?? new TwinsocketError('closed', text, info);
    if (this.aborted) Object.assign(why, this.aborted);
    this.queuedSender.stop();
    this.offlineQueue.dropAll(why);
    this.current = this.createStatus('closed');
    this.failure = why;
    this.dispatchStatus();
    this.machine?.free();
    this.machine = undefined;
    this.receiveQueue.refuse(why);
    this.settle(Object.freeze(info));
  }

  /** Waits for `wake` or until the time has passed. */
  private async waitForWakeup(time?: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      // Beyond the longest timer this returns early, and the caller checks again.
      if (time !== undefined) timer = setTimeout(resolve, Math.min(time, maxTimerDelay));
    });
    clearTimeout(timer);
  }

  /** Ends the current phase for good. */
  private endPhase(): void {
    if (!this.session) this.lastClose = undefined;
    if (!this.session) this.machine?.close();
    this.attempt?.abort();
    this.wake();
  }

  private updateMachine(what: (machine: ReconnectMachine) => void): void {
    if (!this.machine) return;
    const { phase: before, due } = this.machine;
    what(this.machine);
    const { phase } = this.machine;
    const isAway = phase === 'waiting' || phase === 'paused';
    if (isAway && (phase !== before || this.machine.due !== due)) this.publishStatus();
    this.wake();
  }
  private setPageState(bits: number): void {
    this.page = bits & ~PageBit.resumed;
    this.updateMachine((machine) => machine.page(bits));
  }

  private createStatus(phase: ReconnectPhase = this.machine?.phase ?? 'connecting'): ReconnectStatus {
    const { messages, bytes } = this.offlineQueue.dropped;
    return Object.freeze({
      phase,
      failures: this.machine?.failures ?? 0,
      delay: this.machine?.delay ?? 0,
      close: this.lastClose,
      error: this.failure,
      dropped: { messages: messages - this.reportedDropped.messages, bytes: bytes - this.reportedDropped.bytes },
    });
  }

  private publishStatus(): void {
    this.current = this.createStatus();
    this.dispatchStatus();
  }
  private dispatchStatus(): void {
    if (this.current.phase === 'open') this.reportedDropped = { ...this.offlineQueue.dropped };
    this.subscribers.publish(this.current);
    this.dispatchEvent(createEvent('status'));
  }

  // Messages.

  private take(options: ReceiveOptions): Promise<Received> {
    return this.receiveQueue.take(options, this.current.phase === 'closed' ? this.closedError() : undefined);
  }

  private messageDelivered(message: Message): void {
    this.receiveQueueSize -= queueCost(message);
    this.wake();
  }
}

function decode({ message, codec }: Received): unknown {
  return codec.decode(message);
}

/** Bytes that a message occupies in the receive queue, with its overhead. */
function queueCost(message: Message): number {
  return message.length + messageOverhead;
}

function asError(error: unknown): TwinsocketError {
  if (error instanceof TwinsocketError) return error;
  return new TwinsocketError('handshake_failed', String(error), undefined, { cause: error });
}
