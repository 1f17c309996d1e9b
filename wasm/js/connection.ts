import { CloseCode } from './abi.js';
import type { CloseInfo } from './close.js';
import type { Codec, Message, Sendable } from './codec.js';
import type { ReceiveOptions, SendStatus } from './options.js';
import type { Session } from './session.js';

/** Common base of {@link Connection} and {@link TypedConnection}. */
abstract class ConnectionBase<Out, In> implements AsyncIterable<In> {
  /** The normalized URL. */
  readonly url: string;
  /** The negotiated subprotocol, or "". */
  readonly subprotocol: string;
  /** Fulfilled when the connection has ended, for whatever reason. Never rejected. */
  readonly closed: Promise<CloseInfo>;

  /** @internal */
  protected readonly session: Session;

  /** @internal */
  constructor(session: Session) {
    this.session = session;
    this.url = session.url;
    this.subprotocol = session.subprotocol;
    this.closed = session.closed;
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.session.state;
  }

  /** Bytes passed to `send` and not yet written to the network. */
  get bufferedAmount(): number {
    return this.session.bufferedAmount;
  }

  /**
   * Sends a message. Messages are sent in the order of the calls. Waits while the send queue is full; do not modify the
   * bytes until the promise is settled. Rejects with `closed`, or with `message_too_big` if the message is larger than the
   * queue.
   */
  async send(data: Out): Promise<Exclude<SendStatus, 'refused'>> {
    return this.session.send(this.encode(data));
  }

  /**
   * Sends a message without waiting. `refused`: the message was not sent, because the send queue is full or the
   * connection is closing or closed.
   */
  trySend(data: Out): SendStatus {
    return this.session.trySend(this.encode(data));
  }

  /**
   * Returns the next message, in order of arrival. A timeout (`timed_out`) or an abort (`cancelled`) ends only this call:
   * the connection stays open and no message is lost. After the connection has ended and all queued messages have been
   * received, rejects with `closed` and the close result, or with the error that ended the connection.
   */
  async receive(options: ReceiveOptions = {}): Promise<In> {
    return this.decode(await this.session.receive(options));
  }

  /**
   * Starts the closing handshake after all messages sent so far, and waits until it has finished. A second call has no
   * effect. A close code that must not be sent is replaced by 1011. A reason is truncated to 123 bytes of UTF-8. Browsers
   * can send only 1000 and 3000 to 4999, so 1001 to 1014 are sent as 4001 to 4014; the result has the code that you
   * passed.
   */
  close(code: number = CloseCode.normal, reason = ''): Promise<CloseInfo> {
    this.session.close(code, reason);
    return this.closed;
  }

  /** Drops the connection without a closing handshake. */
  abort(): void {
    this.session.abort();
  }

  /**
   * Iterates over the messages until the connection has ended, for whatever reason; see `closed`. Throws only if this
   * endpoint failed the connection, for instance because a message exceeded the limit, or if a message cannot be decoded.
   * Leaving the loop early keeps the connection open.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void, undefined> {
    for (;;) {
      let message: Message;
      try {
        message = await this.session.receive();
      } catch (error) {
        if (this.session.failedLocally) throw error;
        return;
      }
      yield this.decode(message);
    }
  }

  /** @internal */
  protected abstract encode(value: Out): Sendable;
  /** @internal */
  protected abstract decode(message: Message): In;
}

/** An open WebSocket for text and binary messages. */
export class Connection extends ConnectionBase<Sendable, Message> {
  /** @internal */
  protected override encode(value: Sendable): Sendable {
    return value;
  }
  /** @internal */
  protected override decode(message: Message): Message {
    return message;
  }
}

/**
 * An open WebSocket for typed values. `Out` is the type that is sent, `In` the type that is received. If a value cannot be
 * encoded or decoded, the call fails with the codec's error and the connection stays open. Close it with 1007 if you do
 * not accept invalid messages.
 */
export class TypedConnection<Out, In = Out> extends ConnectionBase<Out, In> {
  private readonly codec: Codec<Out, In>;

  /** @internal */
  constructor(session: Session, codec: Codec<Out, In>) {
    super(session);
    this.codec = codec;
  }
  /** @internal */
  protected override encode(value: Out): Message {
    return this.codec.encode(value);
  }
  /** @internal */
  protected override decode(message: Message): In {
    return this.codec.decode(message);
  }
}
