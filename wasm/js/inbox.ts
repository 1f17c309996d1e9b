import type { TwinsocketError } from './errors.js';
import { Queue } from './queue.js';
import { type Bounds, bounded } from './wait.js';

interface Receiver<T> {
  resolve(message: T): void;
  reject(error: unknown): void;
}

/** Messages that nobody has asked for yet, and those who ask for one that has not come. */
export class Inbox<T> {
  private readonly messages = new Queue<T>();
  private readonly receivers = new Queue<Receiver<T>>();

  /** `taken` hears of each message when somebody gets it. */
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

  /** The next message, also after the end; `end` says why none will come any more. */
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

  /** No message will come any more. */
  refuse(why: TwinsocketError): void {
    for (let one = this.receivers.shift(); one; one = this.receivers.shift()) one.reject(why);
  }
}
