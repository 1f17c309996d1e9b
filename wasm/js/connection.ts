import type { CloseInfo } from './close.js';
import type { Codec, Message, Sendable } from './codec.js';
import type { ReceiveOptions, SendStatus } from './options.js';
import type { Session } from './session.js';

/** What a connection does whatever it carries: {@link Connection} and {@link TypedConnection}. */
abstract class Conversation<Out, In> implements AsyncIterable<In> {
  /** The address in its normal form. */
  readonly url: string;
  /** The subprotocol that was agreed on, or "". */
  readonly subprotocol: string;
  /** Fulfilled when the connection has ended, whoever ended it and however; never rejected. */
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

  /** Bytes sent and not yet taken by the network. */
  get bufferedAmount(): number {
    return this.session.bufferedAmount;
  }

  /**
   * Sends a message; messages leave in the order of the calls. While the outbound queue is full it waits: then the
   * bytes must stay as they are until the promise is settled. Rejects with `closed`, and with `message_too_big` for a
   * message that is larger than the queue.
   */
  async send(data: Out): Promise<Exclude<SendStatus, 'refused'>> {
    return this.session.send(this.encode(data));
  }

  /**
   * Sends a message without waiting. `refused` means that it was not sent, because the queue is full or the connection
   * is closing or closed.
   */
  trySend(data: Out): SendStatus {
    return this.session.trySend(this.encode(data));
  }

  /**
   * The next message, in the order in which they came. A time-out (`timed_out`) or an abort (`cancelled`) gives up this
   * wait only: the connection stays as it is and no message is lost. Once the connection has ended and all messages are
   * taken it rejects with `closed` and how it ended, or with what broke it.
   */
  async receive(options: ReceiveOptions = {}): Promise<In> {
    return this.decode(await this.session.receive(options));
  }

  /**
   * Begins the closing handshake after what was sent before, and waits for its end. Closing twice is closing once. A
   * code that may not be sent is replaced by 1011, and a reason is cut to 123 bytes of UTF-8. Browsers send no other
   * codes than 1000 and 3000 to 4999: 1001 to 1014 are sent as 4001 to 4014, and the result keeps the code that was
   * asked for.
   */
  close(code = 1000, reason = ''): Promise<CloseInfo> {
    this.session.close(code, reason);
    return this.closed;
  }

  /** Cuts the connection without a closing handshake. */
  abort(): void {
    this.session.abort();
  }

  /**
   * The messages until the connection ends, however it ends: `closed` tells how. It throws only when it was this side
   * that had to give the connection up, such as for a message above the limit, or when a message does not decode.
   * Leaving the loop leaves the connection open.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<In, void, undefined> {
    for (;;) {
      let message: Message;
      try {
        message = await this.session.receive();
      } catch (error) {
        if (this.session.gaveUp) throw error;
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

/** An open WebSocket that carries text and bytes. */
export class Connection extends Conversation<Sendable, Message> {
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
 * An open WebSocket that carries values: `Out` is sent, `In` is received. What does not encode or decode is an error of the codec's, and
 * leaves the connection open: close it with 1007 if that is what it deserves.
 */
export class TypedConnection<Out, In = Out> extends Conversation<Out, In> {
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
