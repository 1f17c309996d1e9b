import { type ErrorCode, TwinsocketError } from './errors.js';
import type { SendStatus } from './options.js';
import type { Session } from './session.js';
import { Unsent } from './unsent.js';

/** Only so much is handed to a socket ahead of the network: what it holds when it is lost is lost with it. */
const heldBySocket = 64 * 1024;
/** A browser does not tell when it has sent what it holds. */
const askAgain = 10;

/** The way out of a connection that comes and goes: to the one there is, or to what is kept for the next one. */
export class Outbox {
  private again: ReturnType<typeof setTimeout> | undefined;

  /** `present` gives the connection that takes messages now, if any. */
  constructor(
    readonly unsent: Unsent,
    private readonly present: () => Session | undefined,
  ) {}

  /** Hands a message to the connection, or says why not. */
  hand(data: string | Uint8Array): 'accepted' | 'queued' | ErrorCode {
    const session = this.present();
    if (!session || !this.unsent.isEmpty || session.bufferedAmount > heldBySocket) return 'queue_full';
    return session.hand(data);
  }

  /** Keeps what could not be handed on, or waits until it is kept. */
  keepOrWait(data: string | Uint8Array): Promise<'queued'> {
    return this.unsent.keepOrWait(data, () => this.flushSoon());
  }
  keep(data: string | Uint8Array): SendStatus {
    if (!this.unsent.keep(data)) return 'refused';
    this.flushSoon();
    return 'queued';
  }

  /** Hands on what is kept, as long as the connection holds no more than `most`. */
  flush(most = heldBySocket): void {
    this.stop();
    for (let session = this.present(); session && !this.unsent.isEmpty; session = this.present()) {
      if (session.bufferedAmount > most) break;
      const status = session.hand(this.unsent.first as string | Uint8Array);
      if (status === 'queue_full' || status === 'closed') break;
      this.unsent.gone(status === 'message_too_big' ? tooBig() : undefined);
    }
    this.flushSoon();
  }

  stop(): void {
    clearTimeout(this.again);
    this.again = undefined;
  }

  private flushSoon(): void {
    if (this.present() && !this.unsent.isEmpty) this.again ??= setTimeout(() => this.flush(), askAgain);
  }
}

export function tooBig(): TwinsocketError {
  return new TwinsocketError('message_too_big', 'the message is too big');
}
