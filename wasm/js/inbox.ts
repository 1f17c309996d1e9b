import type { TwinsocketError } from './errors.js';
import { Queue } from './queue.js';
import { type Bounds, bounded } from './wait.js';

interface Receiver<T> {
  resolve(message: T): void;
  reject(error: unknown): void;
}

/** Receive queue: messages that have not been received yet, and pending receive calls. At most one of both is non-empty. */
export class Inbox<T> {
  private readonly messages = new Queue<T>();
  private readonly receivers = new Queue<Receiver<T>>();

  /** `taken` is called for each message when it is delivered. */
  constructor(private readonly taken: (message: T) => void) {}

  put(message: T): void {
    const receiver = this.receivers.shift();
    if (!receiver) {
      this.messages.push(message);
      return;
    }
    this.taken(message);
    receiver.resolve(message);
  }

  /** Returns the next message. With an empty queue and an `end` it rejects with `end`. */
  take(bounds: Bounds, end?: TwinsocketError): Promise<T> {
    const message = this.messages.shift();
    if (message !== undefined) {
      this.taken(message);
      return Promise.resolve(message);
    }
    if (end) return Promise.reject(end);
    return bounded(bounds, 'no message came', (resolve, reject) => {
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
