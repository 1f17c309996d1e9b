import type { Message } from './codec.js';
import { type ErrorCode, TwinsocketError } from './errors.js';
import { type Session, byteLength } from './session.js';
import { type Outgoing, Unsent } from './unsent.js';

/** High-water mark of the socket's buffer, in bytes. It is small, because the buffered data is lost with the connection. */
const heldBySocket = 64 * 1024;
/** Polling interval of `bufferedAmount`, in milliseconds: a browser has no event for a drained buffer. */
const askAgain = 10;

/** Send path of a reconnecting connection: to the current connection, or to the offline queue while there is none. */
export class Outbox {
  private again: ReturnType<typeof setTimeout> | undefined;

  /** `present` returns the connection that can send now, if any. */
  constructor(
    readonly unsent: Unsent,
    private readonly present: () => Session | undefined,
  ) {}

  /** Passes a message to the connection, or returns why it could not. */
  hand(data: Message): 'accepted' | 'queued' | ErrorCode {
    const session = this.present();
    if (!session || !this.unsent.isEmpty || session.bufferedAmount > heldBySocket) return 'queue_full';
    return session.hand(data);
  }

  /** Queues a message that could not be sent. Returns false if the queue is full. */
  keep(message: Outgoing): boolean {
    message.size = byteLength(message.data);
    const kept = this.unsent.keep(message);
    this.flushSoon();
    return kept;
  }
  /** Waits until the message has been queued or sent. */
  wait(message: Outgoing): Promise<'accepted' | 'queued'> {
    const kept = this.unsent.wait(message);
    this.flushSoon();
    return kept;
  }

  /** Sends queued messages while the socket buffers at most `most` bytes. */
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

  /** Sends the first message. Returns an error if it can never be sent, false if it must stay queued. */
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
