import { CloseCode, defaultOfflineQueueBytes, limitDefaults, messageOverhead } from './abi.js';
import { type CloseInfo, toSendableCode, truncateReason } from './close.js';
import { type Codec, type CodecOption, type Message, codecFor } from './codec.js';
import type { Counters } from './counters.js';
import { TwinsocketError } from './errors.js';
import type { ReceiveOptions, SendStatus } from './options.js';
import { EventTargetBase, createEvent } from './platform.js';
import { ReceiveQueue } from './receive-queue.js';
import type { ReconnectStatus, SendOptions } from './reconnect-options.js';
import { byteLength, toPlatformData } from './session.js';
import type { FreshConnection, SharedConnection, SharedOptions } from './shared-options.js';
import { TabSender } from './shared-sender.js';
import { WorkerPort, restartDelay } from './shared-port.js';
import { type ToTab, copyError, toError, toStatus } from './shared-protocol.js';
import { StatusSubscribers } from './status-subscribers.js';
import { checkLimit } from './with-timeout.js';

type Options = Omit<SharedOptions, 'onConnected'> & {
  codec?: CodecOption<unknown>;
  onConnected?: (fresh: never) => Promise<void> | void;
};

type Accepted = Exclude<SendStatus, 'refused'>;

/** A message and the codec of the connection that received it. */
interface Received {
  message: Message;
  codec: Codec<unknown>;
}

const identityCodec: Codec<unknown> = { encode: (value) => value as Message, decode: (message) => message };

/** A tab's part of a connection in the shared worker, which {@link SharedSession} has. */
export class TabConnection extends EventTargetBase implements SharedConnection<unknown, unknown> {
  readonly closed: Promise<CloseInfo>;
  private settle: (info: CloseInfo) => void = () => undefined;
  private readonly worker: WorkerPort;
  private readonly subscribers = new StatusSubscribers();
  private current: ReconnectStatus = Object.freeze({
    phase: 'connecting',
    failures: 0,
    delay: 0,
    close: undefined,
    error: undefined,
    dropped: { messages: 0, bytes: 0 },
  });
  private negotiatedSubprotocol = '';
  /** The codec of the current or the last connection. Before the first one it is unknown if it depends on the subprotocol. */
  private codec: Codec<unknown> | undefined;
  /** Fulfilled when the first connection is open, or when there will be none. */
  private readonly connected: Promise<void>;
  private setConnected: () => void = () => undefined;
  private codecReady: Promise<void> | undefined;
  /** The number of calls of `send` that wait for their codec. */
  private sendsWaiting = 0;
  private isClosing = false;
  private failure: TwinsocketError | undefined;
  private readonly totals = { messagesReceived: 0, bytesReceived: 0 };
  private readonly receiveQueue = new ReceiveQueue<Received>(({ message }) => this.messageDelivered(message));
  /** Bytes that were received by the program and not yet reported to the worker. */
  private delivered = 0;
  private readonly receiveQueueBytes: number;
  private readonly sender: TabSender;
  private readonly onAbort = (): void => void this.close();

  constructor(
    private readonly url: string,
    private readonly options: Options,
    name: string,
    file: string | URL | undefined,
  ) {
    super();
    const { codec, onConnected, signal, webSocket, ...copied } = options;
    const { offlineQueueBytes = defaultOfflineQueueBytes, limits = {}, subprotocols = [] } = options;
    checkLimit('offlineQueueBytes', offlineQueueBytes);
    this.receiveQueueBytes = limits.receiveQueueBytes ?? limitDefaults.receiveQueueBytes;
    if (typeof codec !== 'function') this.codec = this.codecForSubprotocol('');
    this.closed = new Promise((resolve) => (this.settle = resolve));
    this.connected = new Promise((resolve) => (this.setConnected = resolve));
    this.worker = new WorkerPort(
      {
        key: JSON.stringify([url, [subprotocols].flat(), name]),
        url,
        options: copied,
        prepares: onConnected !== undefined,
        receiveQueueBytes: this.receiveQueueBytes,
      },
      file,
      (message) => this.handle(message),
      (error) => this.finish({ code: CloseCode.abnormal, reason: '', clean: false, initiator: 'none' }, error),
      () => this.workerLost(),
    );
    this.sender = new TabSender(offlineQueueBytes, (data, with_) =>
      this.worker.request({ type: 'send', data, options: with_ }),
    );
    signal?.addEventListener('abort', this.onAbort);
    if (signal?.aborted) this.onAbort();
  }

  get status(): ReconnectStatus {
    return this.current;
  }
  get subprotocol(): string {
    return this.negotiatedSubprotocol;
  }
  /** Those of this tab. */
  get counters(): Readonly<Counters> {
    return { ...this.totals, ...this.sender.totals };
  }
  get bufferedAmount(): number {
    return this.sender.bufferedAmount;
  }

  statuses(): AsyncIterableIterator<ReconnectStatus> {
    return this.subscribers.subscribe(this.current);
  }

  async send(data: unknown, options: SendOptions = {}): Promise<Accepted> {
    if (!this.canEncode()) {
      ++this.sendsWaiting;
      try {
        do await this.codecReady;
        while (!this.isCodecReady());
      } finally {
        --this.sendsWaiting;
      }
    }
    return this.sender.send(this.encode(data), options);
  }

  trySend(data: unknown, options: SendOptions = {}): SendStatus {
    return this.canEncode() && !this.isClosing ? this.sender.trySend(this.encode(data), options) : 'refused';
  }

  async receive(options: ReceiveOptions = {}): Promise<unknown> {
    return decode(await this.take(options));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    for (;;) {
      let received: Received;
      try {
        received = await this.take({});
      } catch (error) {
        if (this.failure?.code === 'closed') return;
        throw error;
      }
      yield decode(received);
    }
  }

  /** Ends this tab's part. Without other tabs the connection is closed, and the result is that of the connection. */
  close(code: number = CloseCode.normal, reason = ''): Promise<CloseInfo> {
    this.detach(toSendableCode(code), truncateReason(reason), false);
    return this.closed;
  }
  abort(): void {
    this.detach(CloseCode.abnormal, '', true);
  }
  retryNow(): void {
    this.worker.post({ type: 'retry' });
  }
  setOnline(on: boolean): void {
    this.worker.post({ type: 'online', on });
  }

  private detach(code: number, reason: string, drop: boolean): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.setConnected();
    this.sender.rejectWaiting(this.closedError());
    if (this.worker.isAttached) this.worker.post({ type: 'detach', code, reason, drop });
    else this.finish({ code, reason, clean: false, initiator: 'local' }, undefined);
  }

  private handle(message: ToTab): void {
    if (message.type === 'message') this.receiveMessage(message.message);
    else if (message.type === 'status') this.setStatus(toStatus(message.status), message.subprotocol);
    else if (message.type === 'detached') this.finish(message.info, message.error && toError(message.error));
    else if (message.type === 'prepare') void this.prepare(message.attempt, message.subprotocol);
  }

  private finish(info: CloseInfo, error: TwinsocketError | undefined): void {
    if (this.current.phase === 'closed') return;
    this.isClosing = true;
    const text = `the connection is closed: ${info.code} ${info.reason}`.trim();
    this.failure = error ?? new TwinsocketError('closed', text, info);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.setConnected();
    this.worker.end(this.failure);
    this.sender.rejectWaiting(this.failure);
    this.publishStatus({ ...this.current, phase: 'closed', delay: 0, close: info, error });
    this.receiveQueue.refuse(this.failure);
    this.settle(Object.freeze(info));
  }

  private closedError(): TwinsocketError {
    return this.failure ?? new TwinsocketError('closed', 'the connection is closed');
  }

  private setStatus(status: ReconnectStatus, subprotocol: string): void {
    this.negotiatedSubprotocol = subprotocol;
    if (status.phase === 'open') {
      if (!this.codec || typeof this.options.codec === 'function') this.codec = this.codecForSubprotocol(subprotocol);
      this.setConnected();
    }
    if (status.phase !== 'closed') this.publishStatus(status); // finish() follows and does it
  }
  private workerLost(): void {
    const close: CloseInfo = Object.freeze({ code: CloseCode.abnormal, reason: '', clean: false, initiator: 'none' });
    this.publishStatus({ ...this.current, phase: 'waiting', delay: restartDelay, close });
  }
  private publishStatus(status: ReconnectStatus): void {
    this.current = Object.freeze(status);
    this.subscribers.publish(this.current);
    this.dispatchEvent(createEvent('status'));
  }

  /** Performs `onConnected` for a new connection of the worker. */
  private async prepare(attempt: number, subprotocol: string): Promise<void> {
    try {
      const codec = this.codecForSubprotocol(subprotocol);
      await codec.load?.();
      const { url, worker } = this;
      const fresh: FreshConnection<unknown, unknown> = {
        url,
        subprotocol,
        async send(data) {
          const message = toPlatformData(codec.encode(data));
          return (await worker.request({ type: 'fresh-send', attempt, data: message })) as Accepted;
        },
        receive: async ({ timeout = Infinity } = {}) =>
          codec.decode(await worker.request({ type: 'fresh-receive', attempt, timeout })),
      };
      await this.options.onConnected?.(fresh as never);
      this.worker.post({ type: 'prepared', attempt, error: undefined });
    } catch (error) {
      this.worker.post({ type: 'prepared', attempt, error: copyError(error) });
    }
  }

  // Codecs.

  private codecForSubprotocol(subprotocol: string): Codec<unknown> {
    const { codec } = this.options;
    return codec ? codecFor(codec, subprotocol) : identityCodec;
  }
  private isCodecReady(): boolean {
    if (this.isClosing) return true;
    const loading = this.codec ? this.codec.load?.() : this.connected;
    if (!loading) return true;
    this.codecReady = loading;
    loading.catch(() => undefined); // Whoever waits for it gets the error.
    return false;
  }
  private canEncode(): boolean {
    return this.sendsWaiting === 0 && this.isCodecReady();
  }
  private encode(value: unknown): Message {
    if (this.isClosing || !this.codec) throw this.closedError();
    return toPlatformData(this.codec.encode(value));
  }

  // Messages from the worker, which counts those that the program has not received.

  private receiveMessage(message: Message): void {
    this.totals.messagesReceived += 1;
    this.totals.bytesReceived += byteLength(message);
    this.receiveQueue.put({ message, codec: this.codec ?? identityCodec });
  }
  private messageDelivered(message: Message): void {
    this.delivered += message.length + messageOverhead;
    if (this.delivered < this.receiveQueueBytes / 4 || this.current.phase === 'closed') return;
    this.worker.post({ type: 'received', bytes: this.delivered });
    this.delivered = 0;
  }
  private async take(options: ReceiveOptions): Promise<Received> {
    const received = await this.receiveQueue.take(
      options,
      this.current.phase === 'closed' ? this.closedError() : undefined,
    );
    await received.codec.load?.();
    return received;
  }
}

function decode({ message, codec }: Received): unknown {
  return codec.decode(message);
}
