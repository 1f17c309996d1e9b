import type { Message } from './codec.js';
import type { TwinsocketError } from './errors.js';
import type { SendStatus } from './options.js';
import { Queue } from './queue.js';
import type { SendOptions } from './reconnect-options.js';
import { byteLength } from './session.js';

type Accepted = Exclude<SendStatus, 'refused'>;

/** A message that waits, because the worker has enough of this tab. */
interface Waiting {
  size: number;
  post(): void;
  reject(error: TwinsocketError): void;
}

/** Send path of a tab: to the shared worker, which has a limited number of bytes of each tab. */
export class TabSender {
  readonly totals = { messagesSent: 0, bytesSent: 0, dropped: 0 };
  private bytesInWorker = 0;
  private readonly waiting = new Queue<Waiting>();
  private waitingBytes = 0;

  /** `request` passes a message to the worker and waits for its result. `limit` is the most bytes that the worker has. */
  constructor(
    private readonly limit: number,
    private readonly request: (data: Message, options: SendOptions) => Promise<Message>,
  ) {}

  get bufferedAmount(): number {
    return this.bytesInWorker + this.waitingBytes;
  }

  async send(message: Message, options: SendOptions): Promise<Accepted> {
    const size = byteLength(message);
    if (this.waiting.isEmpty && this.hasRoom(size)) return this.post(message, size, options);
    this.waitingBytes += size;
    return new Promise((resolve, reject) =>
      this.waiting.push({ size, post: () => resolve(this.post(message, size, options)), reject }),
    );
  }

  trySend(message: Message, options: SendOptions): SendStatus {
    const size = byteLength(message);
    if (!this.waiting.isEmpty || !this.hasRoom(size)) return 'refused';
    this.post(message, size, options).catch(() => undefined); // counted as dropped
    return 'queued';
  }

  rejectWaiting(error: TwinsocketError): void {
    for (let one = this.waiting.shift(); one; one = this.waiting.shift()) one.reject(error);
    this.waitingBytes = 0;
  }

  private hasRoom(size: number): boolean {
    return this.bytesInWorker === 0 || this.bytesInWorker + size <= this.limit;
  }

  private async post(data: Message, size: number, options: SendOptions): Promise<Accepted> {
    this.bytesInWorker += size;
    try {
      const status = (await this.request(data, options)) as Accepted;
      this.totals.messagesSent += 1;
      this.totals.bytesSent += size;
      return status;
    } catch (error) {
      this.totals.dropped += 1;
      throw error;
    } finally {
      this.bytesInWorker -= size;
      this.resumeWaiting();
    }
  }

  private resumeWaiting(): void {
    for (let next = this.waiting.first; next && this.hasRoom(next.size); next = this.waiting.first) {
      this.waiting.shift();
      this.waitingBytes -= next.size;
      next.post();
    }
  }
}
