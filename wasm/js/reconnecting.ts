import { type CloseInfo, fitCode, fitReason } from './close.js';
import { type Codec, type CodecOption, type Message, type Sendable, codecFor } from './codec.js';
import type { Connection, TypedConnection } from './connection.js';
import type { Engine } from './engine.js';
import { TwinsocketError, errorCodes } from './errors.js';
import { Followers } from './followers.js';
import { Inbox } from './inbox.js';
import { Machine } from './machine.js';
import type { ConnectOptions, ReceiveOptions, SendStatus } from './options.js';
import { Outbox, tooBig } from './outbox.js';
import { onPage, pageNow } from './page.js';
import { EventTargetBase } from './platform.js';
import type { Counters, ReconnectOptions, ReconnectPhase, ReconnectStatus, SendOptions } from './reconnect-options.js';
import { type Session, plain } from './session.js';
import { type Outgoing, Unsent } from './unsent.js';
import { bounded, checkLimit, longestTimer } from './wait.js';

/** @internal What it is built on. */
export interface Dialler {
  /** The host that it connects to, or "" where the address is none. */
  host(): string;
  engine(): Promise<Engine>;
  open(options: ConnectOptions, counts: Counters): Promise<Session>;
}

type Options = Omit<ReconnectOptions, 'prepare'> & {
  codec?: CodecOption<unknown>;
  prepare?: (fresh: never) => Promise<void> | void;
};

/** A message, and the codec of the connection that it came from. */
interface Received {
  message: Message;
  codec: Codec<unknown>;
}

/** What passes messages on as they are. */
const asIs: Codec<unknown> = { encode: (value) => value as Message, decode: (message) => message };

/** Errors of `prepare` after which another attempt is useless. */
const final = ['cancelled', 'invalid_argument', 'unsupported'];

/**
 * A connection to one server that is made anew whenever it is lost. Messages come in their order, with a gap where a
 * connection was lost; what is sent while there is none goes out first when there is one. A `status` event tells that
 * `status` has changed.
 *
 * In a page the network and the display count too. While the browser says that it is offline, or the page is hidden, the
 * waits are long; they end when that is over, and a connection that is open has to prove within 3 seconds that it is
 * alive ({@link Keepalive}). For servers on this machine it does not matter whether there is a network. A page that is
 * left closes its connection with 1001, and comes back when it is taken from the back-forward cache.
 */
export class ReconnectingConnection<Out = Sendable, In = Message> extends EventTargetBase implements AsyncIterable<In> {
  /** Fulfilled when it has ended for good, whoever ended it and however; never rejected. */
  readonly closed: Promise<CloseInfo>;
  private settle: (info: CloseInfo) => void = () => undefined;
  private current: ReconnectStatus;
  private machine: Machine | undefined;
  private session: Session | undefined;
  private attempt: AbortController | undefined;
  private wake: () => void = () => undefined;
  private closing: CloseInfo | undefined;
  private failure: TwinsocketError | undefined;
  private lastClose: CloseInfo | undefined;
  private told = { messages: 0, bytes: 0 };
  private chosen = '';
  private page = pageNow();
  private readonly counts = { messagesReceived: 0, messagesSent: 0, bytesReceived: 0, bytesSent: 0, dropped: 0 };
  private readonly unsent: Unsent;
  private readonly outbox: Outbox;
  private readonly inbox = new Inbox<Received>(({ message }) => this.taken(message));
  private inboxBytes = 0;
  private readonly followers = new Followers();
  /** Of the present connection, or the last one. */
  private codec: Codec<unknown> | undefined;

  /** @internal */
  constructor(
    private readonly dialler: Dialler,
    private readonly options: Options,
    private readonly wrap: (session: Session) => Connection | TypedConnection<unknown>,
  ) {
    super();
    const { unsentBytes = 1024 * 1024, signal } = options;
    checkLimit('unsentBytes', unsentBytes);
    this.unsent = new Unsent(unsentBytes);
    this.outbox = new Outbox(this.unsent, () => this.up);
    this.closed = new Promise((resolve) => (this.settle = resolve));
    this.current = this.look();
    const onAbort = (): void => void this.close();
    signal?.addEventListener('abort', onAbort);
    const leavePage = onPage((bits) => this.pageIs(bits));
    if (signal?.aborted) onAbort();
    void this.run().finally(() => {
      signal?.removeEventListener('abort', onAbort);
      leavePage();
    });
  }

  /** Where it stands now. */
  get status(): ReconnectStatus {
    return this.current;
  }
  /** The subprotocol that was agreed on for the present or the last connection, or "". */
  get subprotocol(): string {
    return this.chosen;
  }
  get counters(): Readonly<Counters> {
    return { ...this.counts, dropped: this.unsent.dropped.messages };
  }
  /** Bytes that are kept, and those that the present connection has not sent yet. */
  get bufferedAmount(): number {
    return this.unsent.bytes + (this.session?.bufferedAmount ?? 0);
  }

  /** The changes of `status` from the present one on, until it has ended for good. */
  statuses(): AsyncIterableIterator<ReconnectStatus> {
    return this.followers.follow(this.current);
  }

  /**
   * Sends a message, or keeps it until there is a connection: then the result is `queued`. Where no more is kept
   * `whenFull` says what happens. Rejects with `closed` when it has ended for good, and with `queue_full`.
   */
  async send(data: Out, options: SendOptions = {}): Promise<Exclude<SendStatus, 'refused'>> {
    const message = this.outgoing(data, options);
    const status = this.outbox.hand(message.data);
    if (status === 'accepted' || status === 'queued') return status;
    if (this.isOver) throw this.over();
    if (status === 'message_too_big') throw tooBig();
    if (this.outbox.keep(message)) return 'queued';
    if (message.whenFull === 'wait') return this.outbox.wait(message);
    if (this.closesFor(message)) throw this.over();
    const { unsentBytes } = this.options;
    const text = `a message of ${message.size}, and ${this.unsent.bytes} of ${unsentBytes} bytes are kept already`;
    throw new TwinsocketError('queue_full', `the send queue is full: ${text}`);
  }

  /** Sends a message, or keeps it, without waiting. */
  trySend(data: Out, options: SendOptions = {}): SendStatus {
    const message = this.outgoing(data, options);
    const status = this.outbox.hand(message.data);
    if (status === 'accepted' || status === 'queued') return status;
    if (this.isOver || status === 'message_too_big') return 'refused';
    if (this.outbox.keep(message)) return 'queued';
    this.closesFor(message);
    return 'refused';
  }

  /**
   * The next message, of whichever connection. A time-out (`timed_out`) or an abort (`cancelled`) gives up this wait
   * only. It rejects otherwise only when it is over for good: with `closed`, or with what made another attempt useless.
   */
  async receive(options: ReceiveOptions = {}): Promise<In> {
    return decode(await this.take(options)) as In;
  }

  /**
   * The messages, across all connections, until it is over for good. It throws when no connection could be made any
   * more, and when a message does not decode.
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
   * Ends it for good, in whatever phase. On an open connection what was sent before goes out first; what is kept for a
   * connection that is not there is dropped. A code that may not be sent is replaced by 1011, and a reason is cut to 123
   * bytes of UTF-8.
   */
  close(code = 1000, reason = ''): Promise<CloseInfo> {
    if (this.isOver) return this.closed;
    this.unsent.refuseWaiting(this.over());
    this.outbox.flush(Infinity);
    const asked = { code: fitCode(code), reason: fitReason(reason), clean: false, initiator: 'local' as const };
    this.closing = Object.freeze(asked);
    this.session?.close(asked.code, asked.reason);
    this.leave();
    return this.closed;
  }

  /** Ends it for good without a closing handshake. */
  abort(): void {
    this.closing ??= Object.freeze({ code: 1006, reason: '', clean: false, initiator: 'local' });
    this.session?.abort();
    this.leave();
  }

  /** Does not wait any longer for the next attempt. */
  retryNow(): void {
    this.change((machine) => machine.retry());
  }

  /**
   * Tells it that there is no network, or that there is one again, as a page's own events do: for Node, and for who knows
   * more than the browser.
   */
  setOnline(on: boolean): void {
    this.pageIs(on ? this.page | 9 : this.page & ~1);
    if (on) this.session?.probe();
  }

  private get isOver(): boolean {
    return this.closing !== undefined || this.current.phase === 'closed';
  }
  /** The connection that takes messages. */
  private get up(): Session | undefined {
    const takes = this.current.phase === 'open' && this.session?.state === 'open' && !this.closing;
    return takes ? this.session : undefined;
  }
  private over(): TwinsocketError {
    const known = this.current.phase === 'closed' ? this.failure : undefined;
    return known ?? new TwinsocketError('closed', 'the connection is closed');
  }
  private codecOn(subprotocol: string): Codec<unknown> {
    const { codec } = this.options;
    return codec ? codecFor(codec, subprotocol) : asIs;
  }
  private outgoing(value: Out, { key, whenFull = this.options.whenFull }: SendOptions): Outgoing {
    // Before there is a connection, what is preferred is the best guess.
    const codec = (this.codec ??= this.codecOn(this.options.subprotocols?.[0] ?? ''));
    const data = plain(codec.encode(value));
    return {
      data,
      size: 0,
      whenFull: key === undefined ? (whenFull ?? 'wait') : 'latest-per-key',
      key: key ?? '',
      encode:
        typeof this.options.codec === 'function'
          ? () => (this.codec === codec ? data : plain((this.codec as Codec<unknown>).encode(value)))
          : undefined,
    };
  }
  /** Closes it for good, where a message for which there is no room asks for that. */
  private closesFor({ whenFull }: Outgoing): boolean {
    if (whenFull !== 'close') return false;
    this.unsent.dropAll(this.over());
    void this.close(1013, 'the offline queue is full');
    return true;
  }

  // From phase to phase.

  private async run(): Promise<void> {
    try {
      const engine = await this.load();
      this.machine = new Machine(engine, this.options, this.dialler.host());
      this.machine.page(this.page);
      while (this.machine.phase !== 'closed') {
        const { phase } = this.machine;
        if (phase === 'connecting') await this.connect(this.machine);
        else if (phase === 'preparing') await this.prepare(this.machine, this.session as Session);
        else if (phase === 'open') await this.listen(this.machine, this.session as Session);
        else await this.rest(this.machine);
      }
    } catch (error) {
      this.failure = asError(error);
    }
    this.finish();
  }

  /** Loading may take as long as the network likes, and ends with all else when this is closed. */
  private load(): Promise<Engine> {
    const { signal } = (this.attempt = new AbortController());
    if (this.closing) this.attempt.abort();
    return bounded({ signal }, '', (resolve, reject) => {
      this.dialler.engine().then(resolve, reject);
      return () => undefined;
    });
  }

  private async connect(machine: Machine): Promise<void> {
    if (this.closing) return machine.close();
    this.attempt = new AbortController();
    try {
      this.session = await this.dialler.open({ ...this.options, signal: this.attempt.signal }, this.counts);
      this.chosen = this.session.subprotocol;
      machine.connected();
      // It may have been closed meanwhile, which TypeScript does not see.
      const asked = this.closing as CloseInfo | undefined;
      if (asked) this.session.close(asked.code, asked.reason);
      this.report();
    } catch (error) {
      this.fail(machine, error);
    } finally {
      this.attempt = undefined;
    }
  }

  private async prepare(machine: Machine, session: Session): Promise<void> {
    const { prepare, timeout = 30_000 } = this.options;
    let isWaiting = false;
    try {
      if (!this.codec || typeof this.options.codec === 'function') this.codec = this.codecOn(session.subprotocol);
      if (prepare) {
        const work = Promise.resolve(prepare(this.wrap(session) as never));
        isWaiting = true;
        const done = (): void => void (isWaiting = false);
        work.then(done, done);
        await bounded<void>({ timeout }, 'the connection was not set up', (resolve, reject) => {
          void session.closed.then(() => resolve());
          work.then(resolve, reject);
          return () => undefined;
        });
      }
    } catch (error) {
      if (session.state === 'open') {
        if (isWaiting) session.abort();
        else session.close(1000, '');
        this.session = undefined;
        const why = asError(error);
        if (final.includes(why.code)) machine.close();
        this.fail(machine, why);
        return;
      }
    }
    if (session.state !== 'open') return this.lose(machine, session);
    machine.prepared();
    this.report();
    this.lastClose = this.failure = undefined;
    this.outbox.flush();
  }

  private async listen(machine: Machine, session: Session): Promise<void> {
    const limit = session.limits.inboundBytes;
    try {
      for (;;) {
        const message = await session.receive();
        // Who closes does not wait for a receiver who does not come.
        if (this.closing && this.inboxBytes > limit) continue;
        this.inboxBytes += cost(message);
        this.inbox.put({ message, codec: this.codec as Codec<unknown> });
        while (this.inboxBytes > limit && !this.closing) await this.park();
      }
    } catch {
      await this.lose(machine, session);
    }
  }

  private async rest(machine: Machine): Promise<void> {
    const { delay } = machine;
    await this.park(delay);
    machine.onTime();
    if (machine.phase === 'connecting') this.report();
  }

  private fail(machine: Machine, error: unknown): void {
    this.failure = asError(error);
    const status = Number(/Unexpected server response: (\d{3})$/.exec(this.failure.message)?.[1] ?? 0);
    if (this.closing) machine.close();
    else if (machine.phase !== 'closed') machine.failed(errorCodes.indexOf(this.failure.code), status);
    if (machine.phase !== 'closed') this.report();
  }

  private async lose(machine: Machine, session: Session): Promise<void> {
    const info = await session.closed;
    this.lastClose = info;
    this.failure = session.failure();
    this.session = undefined;
    if (this.closing) machine.close();
    else machine.lost(info.code, info.reason);
    if (machine.phase !== 'closed') this.report();
  }

  private finish(): void {
    const info = this.lastClose ?? this.closing ?? { code: 1006, reason: '', clean: false, initiator: 'none' };
    if (this.closing && !this.lastClose) this.failure = undefined;
    const text = `the connection is closed: ${info.code} ${info.reason}`.trim();
    const why = this.failure ?? new TwinsocketError('closed', text, info);
    this.outbox.stop();
    this.unsent.dropAll(why);
    this.current = this.look('closed');
    this.failure = why;
    this.tell();
    this.machine?.free();
    this.machine = undefined;
    this.inbox.refuse(why);
    this.settle(Object.freeze(info));
  }

  /** Waits until something has changed, or the time has passed. */
  private async park(time?: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      // Where a timer cannot hold all of it, it is looked at again in between.
      if (time !== undefined) timer = setTimeout(resolve, Math.min(time, longestTimer));
    });
    clearTimeout(timer);
  }

  /** Leaves whatever phase it is in, for good. */
  private leave(): void {
    if (!this.session) this.lastClose = undefined;
    if (!this.session) this.machine?.close();
    this.attempt?.abort();
    this.wake();
  }

  private change(what: (machine: Machine) => void): void {
    if (!this.machine) return;
    const { phase: before, due } = this.machine;
    what(this.machine);
    const { phase } = this.machine;
    const isAway = phase === 'waiting' || phase === 'paused';
    if (isAway && (phase !== before || this.machine.due !== due)) this.report();
    this.wake();
  }
  private pageIs(bits: number): void {
    this.page = bits & 7;
    this.change((machine) => machine.page(bits));
  }

  private look(phase: ReconnectPhase = this.machine?.phase ?? 'connecting'): ReconnectStatus {
    const { messages, bytes } = this.unsent.dropped;
    return Object.freeze({
      phase,
      failures: this.machine?.failures ?? 0,
      delay: this.machine?.delay ?? 0,
      close: this.lastClose,
      error: this.failure,
      dropped: { messages: messages - this.told.messages, bytes: bytes - this.told.bytes },
    });
  }

  private report(): void {
    this.current = this.look();
    this.tell();
  }
  private tell(): void {
    if (this.current.phase === 'open') this.told = { ...this.unsent.dropped };
    this.followers.tell(this.current);
    this.dispatchEvent(new Event('status'));
  }

  // Messages.

  private take(options: ReceiveOptions): Promise<Received> {
    return this.inbox.take(options, this.current.phase === 'closed' ? this.over() : undefined);
  }

  private taken(message: Message): void {
    this.inboxBytes -= cost(message);
    this.wake();
  }
}

function decode({ message, codec }: Received): unknown {
  return codec.decode(message);
}

/** What a message takes up that nobody has asked for yet. */
function cost(message: Message): number {
  return message.length + 64;
}

function asError(error: unknown): TwinsocketError {
  return error instanceof TwinsocketError ? error : new TwinsocketError('handshake_failed', String(error));
}
