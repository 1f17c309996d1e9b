import { CloseCode } from './abi.js';
import type { Message } from './codec.js';
import { TwinsocketError } from './errors.js';
import { type FromTab, type ToTab, toError } from './shared-protocol.js';
import { holdLock, watchLock } from './shared-lock.js';
import { startWorker, watchPage } from './shared-tab.js';

type Attach = Omit<Extract<FromTab, { type: 'attach' }>, 'type' | 'lock'>;
type Request = Extract<FromTab, { id: number }>;
/** Requests without the number, which {@link WorkerPort.request} assigns. */
export type RequestOf<T = Request> = T extends Request ? Omit<T, 'id'> : never;

/** Delay before another worker is started, if one has crashed. In milliseconds. */
export const restartDelay = 1000;

interface Pending {
  resolve(value: Message): void;
  reject(error: TwinsocketError): void;
}

/**
 * The connection of a tab to the shared worker. It begins once the tab holds its lock. It begins again when the page comes back
 * from the back-forward cache, and with another worker when the worker has crashed. What is posted before that is posted then.
 */
export class WorkerPort {
  private port: MessagePort | undefined;
  private outbox: FromTab[] = [];
  private readonly pending = new Map<number, Pending>();
  private requests = 0;
  private release: () => void;
  private unwatchWorker: () => void = () => undefined;
  private restartTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly unwatch: () => void;
  /** The error of later requests, once it has ended. */
  private failure: TwinsocketError | undefined;

  /**
   * `received` gets the messages, except the results of requests. `failed` is called if the worker cannot be used,
   * `lost` if it has crashed.
   */
  constructor(
    private readonly attach: Attach,
    private readonly worker: string | URL | undefined,
    private readonly received: (message: ToTab) => void,
    private readonly failed: (error: TwinsocketError) => void,
    private readonly lost: () => void,
  ) {
    this.release = this.begin();
    this.unwatch = watchPage({
      left: () => this.leave(),
      returned: () => (this.release = this.begin()),
      shown: () => {
        if (navigator.onLine) this.post({ type: 'online', on: true });
      },
    });
  }

  /** Whether the worker knows of this tab. */
  get isAttached(): boolean {
    return this.port !== undefined;
  }

  post(message: FromTab): void {
    if (this.port) this.port.postMessage(message);
    else if (!this.failure) this.outbox.push(message);
  }

  /** Posts a request and waits for its result. */
  request(request: RequestOf): Promise<Message> {
    if (this.failure) return Promise.reject(this.failure);
    const id = ++this.requests;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.post({ ...request, id } as FromTab);
    });
  }

  /** Ends it. Requests without a result are rejected. */
  end(error: TwinsocketError): void {
    this.failure = error;
    this.unwatch();
    this.stop(error);
  }

  private begin(): () => void {
    return holdLock(
      (lock) => this.start(lock),
      (error) => this.failed(new TwinsocketError('unsupported', `the tab got no lock: ${error}`)),
    );
  }

  private start(lock: string): void {
    const { worker: url } = this;
    let isHeard = false;
    try {
      const worker = startWorker(url);
      const { port } = worker;
      worker.addEventListener('error', () => {
        if (!isHeard) this.failed(new TwinsocketError('unsupported', 'the file of the shared worker was not loaded'));
      });
      port.onmessage = ({ data }: MessageEvent<ToTab>) => {
        isHeard = true;
        if (port === this.port) this.handle(data);
      };
      port.postMessage({ ...this.attach, type: 'attach', lock } satisfies FromTab);
      this.port = port;
    } catch (error) {
      const code = (error as Error).name === 'DataCloneError' ? 'invalid_argument' : 'unsupported';
      this.failed(new TwinsocketError(code, `the shared worker cannot be used: ${error}`));
      return;
    }
    for (const message of this.outbox.splice(0)) this.port.postMessage(message);
  }

  private handle(message: ToTab): void {
    if (message.type === 'worker') {
      this.unwatchWorker = watchLock(message.lock, () => this.restart());
      return;
    }
    if (message.type !== 'result' && message.type !== 'failed') {
      this.received(message);
      return;
    }
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.type === 'result') pending?.resolve(message.value);
    else pending?.reject(toError(message.error));
  }

  private leave(): void {
    this.port?.postMessage({ type: 'detach', code: CloseCode.goingAway, reason: '', drop: false } satisfies FromTab);
    this.stop(unknownResult('the page was left'));
  }

  private restart(): void {
    this.stop(unknownResult('the shared worker has ended'));
    this.restartTimer = setTimeout(() => (this.release = this.begin()), restartDelay);
    this.lost();
  }

  private stop(error: TwinsocketError): void {
    this.port?.close();
    this.port = undefined;
    this.outbox = []; // its requests are rejected below
    this.release();
    this.unwatchWorker();
    clearTimeout(this.restartTimer);
    const pending = [...this.pending.values()];
    this.pending.clear();
    for (const one of pending) one.reject(error);
  }
}

function unknownResult(why: string): TwinsocketError {
  return new TwinsocketError('closed', `${why}; whether the message was sent is unknown`);
}
