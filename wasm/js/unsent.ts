import { TwinsocketError } from './errors.js';
import { Queue } from './queue.js';

type Data = string | Uint8Array;

interface Waiting {
  data: Data;
  resolve(status: 'queued'): void;
  reject(error: TwinsocketError): void;
}

/** What is sent while it cannot go out: kept up to a bound, with a count of what was dropped. */
export class Unsent {
  readonly dropped = { messages: 0, bytes: 0 };
  bytes = 0;
  private readonly kept = new Queue<Data>();
  private readonly waiting = new Queue<Waiting>();

  constructor(
    private readonly limit: number,
    private readonly whenFull: 'wait' | 'drop-oldest' | 'drop-newest',
  ) {}

  get isEmpty(): boolean {
    return this.kept.isEmpty && this.waiting.isEmpty;
  }
  /** What goes out next. */
  get first(): Data | undefined {
    return this.kept.first ?? this.waiting.first?.data;
  }

  /** Keeps a copy; false where there is no room, and then it is dropped unless it is to wait. */
  keep(data: Data): boolean {
    const { length } = data;
    // What is too big in any case makes room in vain.
    const dropsOldest = this.whenFull === 'drop-oldest' && length <= this.limit;
    while (dropsOldest && !this.fits(length) && !this.kept.isEmpty) this.count(this.shift());
    if (!this.waiting.isEmpty || !this.fits(length)) {
      if (this.whenFull !== 'wait') this.count(data);
      return false;
    }
    this.kept.push(typeof data === 'string' ? data : data.slice());
    this.bytes += length;
    return true;
  }

  keepOrWait(data: Data, kept: () => void): Promise<'queued'> {
    if (this.keep(data)) {
      kept();
      return Promise.resolve('queued');
    }
    if (this.whenFull !== 'wait') {
      const text = `a message of ${data.length}, and ${this.bytes} of ${this.limit} bytes are kept already`;
      return Promise.reject(new TwinsocketError('queue_full', `the outbound queue is full: ${text}`));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ data, resolve, reject });
      kept();
    });
  }

  /** The first one went out, or never can: who waits is told why, and what was kept is dropped. */
  gone(why?: TwinsocketError): void {
    if (!this.kept.isEmpty) {
      const data = this.shift();
      if (why) this.count(data);
    } else if (why) {
      this.waiting.shift()?.reject(why);
    } else {
      this.admit();
    }
    for (let next = this.waiting.first; next && this.fits(next.data.length); next = this.waiting.first) {
      const { data } = next;
      this.admit();
      this.kept.push(typeof data === 'string' ? data : data.slice());
      this.bytes += data.length;
    }
  }

  refuseWaiting(error: TwinsocketError): void {
    for (let one = this.waiting.shift(); one; one = this.waiting.shift()) one.reject(error);
  }
  dropAll(error: TwinsocketError): void {
    this.refuseWaiting(error);
    while (!this.kept.isEmpty) this.count(this.shift());
  }

  private admit(): void {
    this.waiting.shift()?.resolve('queued');
  }
  // A bound of nothing keeps nothing, not even messages without bytes.
  private fits(size: number): boolean {
    return this.limit > 0 && this.bytes + size <= this.limit;
  }
  private shift(): Data {
    const data = this.kept.shift() as Data;
    this.bytes -= data.length;
    return data;
  }
  private count(data: Data): void {
    this.dropped.messages += 1;
    this.dropped.bytes += data.length;
  }
}
