import type { Message } from './codec.js';
import { type ErrorCode, TwinsocketError } from './errors.js';
import { type Session, byteLength } from './session.js';
import { type Outgoing, Unsent } from './unsent.js';

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
  hand(data: Message): 'accepted' | 'queued' | ErrorCode {
    const session = this.present();
    if (!session || !this.unsent.isEmpty || session.bufferedAmount > heldBySocket) return 'queue_full';
    return session.hand(data);
  }

  /** Keeps what could not be handed on; false where there is no room. */
  keep(message: Outgoing): boolean {
    message.size = byteLength(message.data);
    const kept = this.unsent.keep(message);
    this.flushSoon();
    return kept;
  }
  /** Waits until there is room for what could not be kept. */
  wait(message: Outgoing): Promise<'accepted' | 'queued'> {
    const kept = this.unsent.wait(message);
    this.flushSoon();
    return kept;
  }

  /** Hands on what is kept, as long as the connection holds no more than `most`. */
  flush(most = heldBySocket): void {
    this.stop();
    for (let session = this.present(); session && !this.unsent.isEmpty; session = this.present()) {
      if (session.bufferedAmount > most) break;
      const why = this.handFirst(session, this.unsent.first as Outgoing);
      if (why === false) break;
      this.unsent.gone(why);
    }
    this.flushSoon();
  }

  stop(): void {
    clearTimeout(this.again);
    this.again = undefined;
  }

  /** Why the first one can never go out, or nothing; false when it has to stay. */
  private handFirst(session: Session, { data, encode }: Outgoing): TwinsocketError | undefined | false {
    let status;
    try {
      status = session.hand(encode ? encode() : data);
    } catch (error) {
      return error instanceof TwinsocketError ? error : new TwinsocketError('invalid_argument', String(error));
    }
    if (status === 'queue_full' || status === 'closed') return false;
    return status === 'message_too_big' ? tooBig() : undefined;
  }

  private flushSoon(): void {
    if (this.present() && !this.unsent.isEmpty) this.again ??= setTimeout(() => this.flush(), askAgain);
  }
}

export function tooBig(): TwinsocketError {
  return new TwinsocketError('message_too_big', 'the message is too big');
}
