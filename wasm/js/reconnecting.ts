import type { CloseInfo } from './close.js';
import type { Codec, Message, Sendable } from './codec.js';
import type { Connection, TypedConnection } from './connection.js';
import type { Engine } from './engine.js';
import { TwinsocketError, errorCodes } from './errors.js';
import { Followers } from './followers.js';
import { Inbox } from './inbox.js';
import { Machine } from './machine.js';
import type { ConnectOptions, ReceiveOptions, SendStatus } from './options.js';
import { Outbox, tooBig } from './outbox.js';
import { pageNow, watchPage } from './page.js';
import type { ReconnectOptions, ReconnectPhase, ReconnectStatus, TypedReconnectOptions } from './reconnect-options.js';
import { type Session, plain } from './session.js';
import { Unsent } from './unsent.js';
import { bounded, checkLimit } from './wait.js';

/** @internal What it is built on. */
export interface Dialler {
  engine(): Promise<Engine>;
  open(options: ConnectOptions): Promise<Session>;
}

type Options<T> = Omit<ReconnectOptions, 'prepare'> &
  Partial<Pick<TypedReconnectOptions<T>, 'codec'>> & { prepare?: (fresh: never) => Promise<void> | void };

/**
 * A connection to one server that is made anew whenever it is lost. Messages come in their order, with a gap where a
 * connection was lost; what is sent while there is none goes out first when there is one. A `status` event tells that
 * `status` has changed.
 *
 * In a page the network and the display count too: nothing is tried while the browser is offline, and it comes back at
 * once when it is online again; while the page is hidden the waits are long, and they end when it is shown.
 */
export class ReconnectingConnection<Out = Sendable, In = Message> extends EventTarget implements AsyncIterable<In> {
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
  private readonly unsent: Unsent;
  private readonly outbox: Outbox;
  private readonly inbox = new Inbox((message) => this.taken(message));
  private inboxBytes = 0;
  private readonly followers = new Followers();
  private readonly codec: Codec<unknown> | undefined;

  /** @internal */
  constructor(
    private readonly dialler: Dialler,
    private readonly options: Options<unknown>,
    private readonly wrap: (session: Session) => Connection | TypedConnection<unknown>,
  ) {
    super();
    const { unsentBytes = 1024 * 1024, whenFull = 'wait', codec, signal } = options;
    checkLimit('unsentBytes', unsentBytes);
    this.codec = codec;
    this.unsent = new Unsent(unsentBytes, whenFull);
    this.outbox = new Outbox(this.unsent, () => this.up);
    this.closed = new Promise((resolve) => (this.settle = resolve));
    this.current = this.look();
    const onAbort = (): void => void this.close();
    signal?.addEventListener('abort', onAbort);
    const leavePage = watchPage({
      online: (on) => this.change((machine) => machine.setOnline(on)),
      visible: (on) => this.change((machine) => machine.setVisible(on)),
    });
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
  /** The subprotocol that was agreed on for the present connection, or "". */
  get subprotocol(): string {
    return this.session?.subprotocol ?? '';
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
  async send(data: Out): Promise<Exclude<SendStatus, 'refused'>> {
    const bytes = plain(this.encode(data));
    const status = this.outbox.hand(bytes);
    if (status === 'accepted' || status === 'queued') return status;
    if (this.isOver) throw this.over();
    if (status === 'message_too_big') throw tooBig();
    return this.outbox.keepOrWait(bytes);
  }

  /** Sends a message, or keeps it, without waiting. */
  trySend(data: Out): SendStatus {
    const bytes = plain(this.encode(data));
    const status = this.outbox.hand(bytes);
    if (status === 'accepted' || status === 'queued') return status;
    return this.isOver || status === 'message_too_big' ? 'refused' : this.outbox.keep(bytes);
  }

  /**
   * The next message, of whichever connection. A time-out (`timed_out`) or an abort (`cancelled`) gives up this wait
   * only. It rejects otherwise only when it is over for good: with `closed`, or with what made another attempt useless.
   */
  async receive(options: ReceiveOptions = {}): Promise<In> {
    return this.decode(await this.take(options));
  }

  /**
   * The messages, across all connections, until it is over for good. It throws when no connection could be made any
   * more, and when a message does not decode.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void, undefined> {
    for (;;) {
      let message: Message;
      try {
        message = await this.take({});
      } catch (error) {
        if (this.failure?.code === 'closed') return;
        throw error;
      }
      yield this.decode(message);
    }
  }

  /**
   * Ends it for good, in whatever phase. On an open connection what was sent before goes out first; what is kept for a
   * connection that is not there is dropped.
   */
  close(code = 1000, reason = ''): Promise<CloseInfo> {
    if (this.isOver) return this.closed;
    this.outbox.flush(Infinity);
    this.closing = Object.freeze({ code, reason, clean: false, initiator: 'local' });
    this.unsent.refuseWaiting(this.over());
    this.session?.close(code, reason);
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

  private get isOver(): boolean {
    return this.closing !== undefined || this.current.phase === 'closed';
  }
  /** The connection that takes messages. */
  private get up(): Session | undefined {
    const takes = this.current.phase === 'open' && this.session?.state === 'open' && !this.closing;
    return takes ? this.session : undefined;
  }
  private over(): TwinsocketError {
    return this.failure ?? new TwinsocketError('closed', 'the connection is closed');
  }
  private encode(value: Out): Sendable {
    return this.codec ? this.codec.encode(value) : (value as Sendable);
  }
  private decode(message: Message): In {
    return (this.codec ? this.codec.decode(message) : message) as In;
  }

  // From phase to phase.

  private async run(): Promise<void> {
    try {
      const engine = await this.load();
      this.machine = new Machine(engine, this.options);
      const { online, visible } = pageNow();
      this.machine.setOnline(online);
      this.machine.setVisible(visible);
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
      this.session = await this.dialler.open({ ...this.options, signal: this.attempt.signal });
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
    try {
      if (prepare) {
        const work = Promise.resolve(prepare(this.wrap(session) as never));
        await bounded<void>({ timeout }, 'what is said first on a connection was not said', (resolve, reject) => {
          void session.closed.then(() => resolve());
          work.then(resolve, reject);
          return () => undefined;
        });
      }
    } catch (error) {
      if (session.state === 'open') {
        const late = error instanceof TwinsocketError && error.code === 'timed_out';
        if (late) session.abort();
        else session.close(1000, '');
        this.session = undefined;
        this.fail(machine, error);
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
        this.inboxBytes += cost(message);
        this.inbox.put(message);
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
    else machine.failed(errorCodes.indexOf(this.failure.code), status);
    if (machine.phase !== 'closed') this.report();
  }

  private async lose(machine: Machine, session: Session): Promise<void> {
    const info = await session.closed;
    this.lastClose = info;
    this.failure = await session.receive().then(() => undefined, asError);
    this.session = undefined;
    if (this.closing) machine.close();
    else machine.lost(info.code, info.reason);
    if (machine.phase !== 'closed') this.report();
  }

  private finish(): void {
    const info = this.lastClose ?? this.closing ?? { code: 1006, reason: '', clean: false, initiator: 'none' };
    if (this.closing && !this.lastClose) this.failure = undefined;
    this.failure ??= new TwinsocketError(
      'closed',
      `the connection is closed: ${info.code} ${info.reason}`.trim(),
      info,
    );
    this.outbox.stop();
    this.unsent.dropAll(this.failure);
    this.report('closed');
    this.machine?.free();
    this.machine = undefined;
    this.inbox.refuse(this.failure);
    this.settle(Object.freeze(info));
  }

  /** Waits until something has changed, or the time has passed. */
  private async park(time?: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (time !== undefined) timer = setTimeout(resolve, time);
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
    const before = this.machine.phase;
    what(this.machine);
    const { phase } = this.machine;
    if (phase !== before && phase !== 'connecting') this.report();
    this.wake();
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

  private report(phase?: ReconnectPhase): void {
    this.current = this.look(phase);
    if (this.current.phase === 'open') this.told = { ...this.unsent.dropped };
    this.followers.tell(this.current);
    this.dispatchEvent(new Event('status'));
  }

  // Messages.

  private take(options: ReceiveOptions): Promise<Message> {
    return this.inbox.take(options, this.current.phase === 'closed' ? this.over() : undefined);
  }

  private taken(message: Message): void {
    this.inboxBytes -= cost(message);
    this.wake();
  }
}

/** What a message takes up that nobody has asked for yet. */
function cost(message: Message): number {
  return message.length + 64;
}

function asError(error: unknown): TwinsocketError {
  return error instanceof TwinsocketError ? error : new TwinsocketError('handshake_failed', String(error));
}
