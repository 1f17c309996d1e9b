import type { Message } from './codec.js';
import type { TwinsocketError } from './errors.js';
import { Queue } from './queue.js';
import type { OverflowPolicy } from './reconnect-options.js';

/** An outgoing message. */
export interface SendRequest {
  data: Message;
  /** Size in bytes. Set when the message is queued. */
  size: number;
  readonly overflowPolicy: OverflowPolicy;
  readonly key: string;
  /** Encodes the value for the current connection, if the codec depends on the connection. */
  readonly encode: (() => Message) | undefined;
}

interface WaitingRequest extends SendRequest {
  resolve(status: 'accepted' | 'queued'): void;
  reject(error: TwinsocketError): void;
}

/** The offline queue of a reconnecting connection. Counts dropped messages. Same as session/offline_queue.hpp in C++. */
export class OfflineQueue {
  readonly dropped = { messages: 0, bytes: 0 };
  bytes = 0;
  private readonly kept = new Queue<SendRequest>();
  private readonly waiting = new Queue<WaitingRequest>();

  constructor(private readonly limit: number) {}

  get isEmpty(): boolean {
    return this.kept.isEmpty && this.waiting.isEmpty;
  }
  /** The message to send next. */
  get first(): SendRequest | undefined {
    return this.kept.first ?? this.waiting.first;
  }

  /** Queues a copy. Returns false if the queue is full; then the message is dropped unless its policy is `wait`. */
  enqueue(message: SendRequest): boolean {
    const { size, overflowPolicy } = message;
    if (overflowPolicy === 'latest-per-key') this.drop(this.kept.find(({ key }) => key === message.key));
    // A message that is larger than the queue drops no others.
    const dropsOldest = overflowPolicy === 'drop-oldest' && size <= this.limit;
    while (dropsOldest && !this.fits(size) && !this.kept.isEmpty) this.drop(this.kept.first);
    if ((overflowPolicy === 'wait' && !this.waiting.isEmpty) || !this.fits(size)) {
      if (overflowPolicy !== 'wait') this.count(size);
      return false;
    }
    this.push(message);
    return true;
  }

  /** Waits until the message is queued or sent. */
  wait(message: SendRequest): Promise<'accepted' | 'queued'> {
    return new Promise((resolve, reject) => this.waiting.push({ ...message, resolve, reject }));
  }

  /** Removes the first message: it was sent, or can never be sent because of `why`. */
  removeFirst(why?: TwinsocketError): void {
    const { first } = this.kept;
    if (first) {
      if (why) this.drop(first);
      else this.take(first);
    } else {
      const waiter = this.waiting.shift();
      if (why) waiter?.reject(why);
      else waiter?.resolve('accepted');
    }
    for (let next = this.waiting.first; next && this.fits(next.size); next = this.waiting.first) {
      this.waiting.shift();
      this.push(next);
      next.resolve('queued');
    }
  }

  rejectWaiting(error: TwinsocketError): void {
    for (let one = this.waiting.shift(); one; one = this.waiting.shift()) one.reject(error);
  }
  dropAll(error: TwinsocketError): void {
    this.rejectWaiting(error);
    while (!this.kept.isEmpty) this.drop(this.kept.first);
  }

  // A limit of 0 queues nothing, not even empty messages.
  private fits(size: number): boolean {
    return this.limit > 0 && this.bytes + size <= this.limit;
  }
  private push({ data, ...rest }: SendRequest): void {
    this.kept.push({ ...rest, data: typeof data === 'string' ? data : data.slice() });
    this.bytes += rest.size;
  }
  private take(message: SendRequest): void {
    this.kept.remove(message);
    this.bytes -= message.size;
  }
  private drop(message: SendRequest | undefined): void {
    if (!message) return;
    this.take(message);
    this.count(message.size);
  }
  private count(size: number): void {
    this.dropped.messages += 1;
    this.dropped.bytes += size;
  }
}
