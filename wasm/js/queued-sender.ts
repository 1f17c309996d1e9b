import type { Message } from './codec.js';
import { type ErrorCode, TwinsocketError } from './errors.js';
import { type Session, byteLength } from './session.js';
import type { SendRequest, OfflineQueue } from './offline-queue.js';

/** High-water mark of the socket's buffer, in bytes. It is small, because the buffered data is lost with the connection. */
const maxSocketBuffer = 64 * 1024;
/** Polling interval of `bufferedAmount`, in milliseconds: a browser has no event for a drained buffer. */
const pollInterval = 10;

/** Send path of a reconnecting connection: to the current connection, or to the offline queue while there is none. */
export class QueuedSender {
  private pollTimer: ReturnType<typeof setTimeout> | undefined;

  /** `currentSession` returns the connection that can send now, if any. */
  constructor(
    readonly offlineQueue: OfflineQueue,
    private readonly currentSession: () => Session | undefined,
  ) {}

  /** Passes a message to the connection, or returns why it could not. */
  sendToConnection(data: Message): 'accepted' | 'queued' | ErrorCode {
    const session = this.currentSession();
    if (!session || !this.offlineQueue.isEmpty || session.bufferedAmount > maxSocketBuffer) return 'queue_full';
    return session.sendToSocket(data);
  }

  /** Queues a message that could not be sent. Returns false if the queue is full. */
  enqueue(message: SendRequest): boolean {
    message.size = byteLength(message.data);
    const kept = this.offlineQueue.enqueue(message);
    this.flushSoon();
    return kept;
  }
  /** Waits until the message has been queued or sent. */
  wait(message: SendRequest): Promise<'accepted' | 'queued'> {
    const kept = this.offlineQueue.wait(message);
    this.flushSoon();
    return kept;
  }

  /** Sends queued messages while the socket buffers at most `most` bytes. */
  flush(most = maxSocketBuffer): void {
    this.stop();
    for (let session = this.currentSession(); session && !this.offlineQueue.isEmpty; session = this.currentSession()) {
      if (session.bufferedAmount > most) break;
      const why = this.sendFirst(session, this.offlineQueue.first as SendRequest);
      if (why === false) break;
      this.offlineQueue.removeFirst(why);
    }
    this.flushSoon();
  }

  stop(): void {
    clearTimeout(this.pollTimer);
    this.pollTimer = undefined;
  }

  /** Sends the first message. Returns an error if it can never be sent, false if it must stay queued. */
  private sendFirst(session: Session, { data, encode }: SendRequest): TwinsocketError | undefined | false {
    let status: ReturnType<Session['sendToSocket']>;
    try {
      status = session.sendToSocket(encode ? encode() : data);
    } catch (error) {
      return error instanceof TwinsocketError ? error : new TwinsocketError('invalid_argument', String(error));
    }
    if (status === 'queue_full' || status === 'closed') return false;
    return status === 'message_too_big' ? tooBig() : undefined;
  }

  private flushSoon(): void {
    if (this.currentSession() && !this.offlineQueue.isEmpty)
      this.pollTimer ??= setTimeout(() => this.flush(), pollInterval);
  }
}

export function tooBig(): TwinsocketError {
  return new TwinsocketError('message_too_big', 'the message is too big');
}
