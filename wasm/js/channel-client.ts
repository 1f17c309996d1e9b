import { ChannelConnection } from './channel-connection.js';
import { type ChannelPublication, decodePublication } from './channel-events.js';
import { wrongResponse } from './channel-machine.js';
import type {
  ChannelClientOptions,
  ChannelDecoder,
  ChannelEncoder,
  HistoryOptions,
  PublishOptions,
  SubscribeOptions,
} from './channel-options.js';
import type { ConnectResponse, Member, Position } from './channel-protocol.js';
import { ChannelSubscription } from './channel-subscription.js';
import type { CloseInfo } from './close.js';
import type { Message } from './codec.js';
import { TwinsocketError } from './errors.js';
import { EventTargetBase, type PlatformUrl, createEvent } from './platform.js';
import type { ReconnectStatus } from './reconnect-options.js';

/** Publications that the server keeps. */
export interface ChannelHistory<T = Message> {
  /** The position of the last publication of the channel. */
  readonly position: Position;
  /** The oldest first. */
  readonly publications: ChannelPublication<T>[];
}

/** The codec of untyped messages. */
const untyped: ChannelDecoder<Message> = { decode: (message) => message };

/**
 * A client of channels: several subscriptions on one connection that reconnects. Each publication arrives once and in order,
 * as long as the server still keeps what was missed; otherwise the subscription returns a gap in its place. A `status` event is
 * dispatched when `status` has changed.
 */
export class ChannelClient extends EventTargetBase {
  /** Fulfilled when the client has ended for good. Never rejected. */
  readonly closed: Promise<CloseInfo>;
  private readonly connection: ChannelConnection;

  /** @internal */
  constructor(url: string | PlatformUrl, options: ChannelClientOptions = {}) {
    super();
    this.connection = new ChannelConnection(url as string | URL, options);
    const { socket } = this.connection;
    this.closed = socket.closed;
    socket.addEventListener('status', () => this.dispatchEvent(createEvent('status')));
  }

  /** The status of the connection. */
  get status(): ReconnectStatus {
    return this.connection.socket.status;
  }

  /** Who this client is, as the server says. Absent before the first connection. */
  get identity(): ConnectResponse | undefined {
    return this.connection.identity;
  }

  /**
   * Subscribes to a channel. There can be one subscription for each channel: a second one fails with `invalid_argument`. Its
   * errors are those of {@link ChannelSubscription.next}.
   */
  subscribe(channel: string, options?: SubscribeOptions & { codec?: undefined }): ChannelSubscription;
  /** The same for a channel whose publications are `T`: `client.subscribe('news:today', { codec: json(News) })`. */
  subscribe<T>(channel: string, options: SubscribeOptions & { codec: ChannelDecoder<T> }): ChannelSubscription<T>;
  subscribe(
    channel: string,
    options: SubscribeOptions & { codec?: ChannelDecoder<unknown> | undefined } = {},
  ): unknown {
    const { since, codec = untyped } = options;
    const { connection } = this;
    const made = connection.machine.subscribe(channel, since && { ...since });
    connection.flush();
    return new ChannelSubscription(connection, made, codec);
  }

  /**
   * Publishes a message, and waits until the server has it. It is repeated on a new connection if the response was lost, and
   * published once nevertheless. Do not modify the bytes until the promise is settled. Returns its position if the channel
   * keeps a history. Rejects with what the server answered (`cancelled` if it does not allow it, `invalid_argument`), with
   * `queue_full`, `timed_out`, or the error of a client that has ended. After `timed_out`, also because the broker of the server
   * does not answer, it may have been published or not: repeat it with a `key`.
   */
  publish(
    channel: string,
    message: Message,
    options?: PublishOptions & { codec?: undefined },
  ): Promise<Position | undefined>;
  /** Encodes a value and publishes it. */
  publish<T>(
    channel: string,
    value: T,
    options: PublishOptions & { codec: ChannelEncoder<T> },
  ): Promise<Position | undefined>;
  async publish(
    channel: string,
    value: unknown,
    { codec, key = '' }: PublishOptions & { codec?: ChannelEncoder<unknown> | undefined } = {},
  ): Promise<Position | undefined> {
    // Requests without a codec leave in the order of the calls.
    const loading = codec?.load?.();
    if (loading) await loading;
    const message = codec ? codec.encode(value) : (value as Message);
    const payload = typeof message === 'string' ? { text: message } : { data: message };
    const answer = await this.connection.ask({ PublishRequest: { channel, ...payload, key } });
    if ('PublishResponse' in answer) return answer.PublishResponse.position;
    throw wrongResponse(answer);
  }

  /** Returns publications that the server keeps. Subscribers may ask. Errors: as `publish`, and those of the codec. */
  history(channel: string, options?: HistoryOptions & { codec?: undefined }): Promise<ChannelHistory>;
  /** The same for a channel whose publications are `T`. */
  history<T>(channel: string, options: HistoryOptions & { codec: ChannelDecoder<T> }): Promise<ChannelHistory<T>>;
  async history(
    channel: string,
    options: HistoryOptions & { codec?: ChannelDecoder<unknown> | undefined } = {},
  ): Promise<ChannelHistory<never>> {
    const { since, limit = 0, codec = untyped } = options;
    const loading = codec.load?.();
    if (loading) await loading;
    const answer = await this.connection.ask({ HistoryRequest: { channel, since, limit } });
    if (!('HistoryResponse' in answer)) throw wrongResponse(answer);
    const { position, publications } = answer.HistoryResponse;
    return { position, publications: publications.map((one) => decodePublication(one, codec)) as never[] };
  }

  /** Returns who is in the channel. Subscribers may ask, if the server says so. Errors: as `publish`. */
  async presence(channel: string): Promise<Member[]> {
    const answer = await this.connection.ask({ PresenceRequest: { channel } });
    if ('PresenceResponse' in answer) return answer.PresenceResponse.members;
    throw wrongResponse(answer);
  }

  /** Makes the next attempt to connect now. */
  retryNow(): void {
    this.connection.socket.retryNow();
  }

  /** Closes the connection with 1000 and ends all subscriptions and requests with `closed`. */
  close(): Promise<CloseInfo> {
    this.connection.end(new TwinsocketError('closed', 'the client was closed'));
    return this.connection.socket.close();
  }
}
