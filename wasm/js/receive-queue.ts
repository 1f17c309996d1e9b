import type { TwinsocketError } from './errors.js';
import { Queue } from './queue.js';
import { type TimeoutOptions, withTimeout } from './with-timeout.js';

interface PendingReceive<T> {
  resolve(message: T): void;
  reject(error: unknown): void;
}

/** Receive queue: messages that have not been received yet, and pending receive calls. At most one of both is non-empty. */
export class ReceiveQueue<T> {
  private readonly messages = new Queue<T>();
  private readonly receivers = new Queue<PendingReceive<T>>();

  /** `delivered` is called for each message when it is delivered. */
  constructor(private readonly delivered: (message: T) => void) {}

  put(message: T): void {
    const receiver = this.receivers.shift();
    if (!receiver) {
      this.messages.push(message);
      return;
    }
    this.delivered(message);
    receiver.resolve(message);
  }

  /** Returns the next message. With an empty queue and an `end` it rejects with `end`. */
  take(bounds: TimeoutOptions, end?: TwinsocketError): Promise<T> {
    const message = this.messages.shift();
    if (message !== undefined) {
      this.delivered(message);
      return Promise.resolve(message);
    }
    if (end) return Promise.reject(end);
    return withTimeout(bounds, 'no message came', (resolve, reject) => {
      const receiver = { resolve, reject };
      this.receivers.push(receiver);
      return () => this.receivers.remove(receiver);
    });
  }

  /** Rejects all pending receive calls. */
  refuse(why: TwinsocketError): void {
    for (let one = this.receivers.shift(); one; one = this.receivers.shift()) one.reject(why);
  }
}
