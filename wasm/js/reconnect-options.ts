import type { overflowPolicies, reconnectPhases } from './abi.js';
import type { CloseInfo } from './close.js';
import type { CodecOption } from './codec.js';
import type { Connection, TypedConnection } from './connection.js';
import type { TwinsocketError } from './errors.js';
import type { ConnectOptions } from './options.js';
import type { PlatformAbortSignal } from './platform.js';

/**
 * State of a reconnecting connection:
 *
 * - `connecting`: an attempt to connect is in progress.
 * - `preparing`: connected, and `onConnected` is running. Only `onConnected` can send and receive.
 * - `open`: messages are sent and received.
 * - `waiting`: the next attempt is scheduled.
 * - `paused`: offline. The next attempt comes after a long delay, or as soon as there is a network.
 * - `closed`: closed for good.
 */
export type ReconnectPhase = (typeof reconnectPhases)[number];

/** A close code, or the first and the last code of a range. */
export type CloseCodes = number | readonly [first: number, last: number];

/**
 * Reconnect policy: exponential backoff with full jitter. Each delay is random between 0 and an upper bound that grows with
 * each attempt. A close reason that ends in `Retry-After: 5` adds 5 seconds. Durations are in milliseconds.
 */
export interface ReconnectPolicy {
  /** Upper bound of the first delay. Default: 1000. */
  initialDelay?: number;
  /** Factor by which the upper bound grows after each attempt. Default: 2. */
  growthFactor?: number;
  /** Largest upper bound, without what the server asks for by `Retry-After`. Default: 30000. */
  maxDelay?: number;
  /** Longest `Retry-After` accepted from the server; longer ones are shortened to this. Default: 300000. */
  maxRetryAfter?: number;
  /** A connection that lasts this long resets delays and failures. One lost earlier is a failed attempt. Default: 10000. */
  minUptime?: number;
  /** Maximum number of consecutive failed attempts, including the first. Default: 1000, which takes about four hours. */
  maxAttempts?: number;
  /**
   * Further close codes after which it does not reconnect. 1000, 1002, 1003 and 1007 to 1010 are always among them, because
   * a new connection would be closed in the same way.
   */
  stopOn?: readonly CloseCodes[];
  /** Close codes after which it reconnects in any case. Overrides the above. */
  reconnectOn?: readonly CloseCodes[];
}

/**
 * Overflow policy: what happens to a message when the offline queue is full.
 *
 * - `wait`: `send` waits, and `trySend` refuses.
 * - `drop-newest`: the message is refused (`queue_full`).
 * - `drop-oldest`: the oldest queued messages are dropped.
 * - `latest-per-key`: the message replaces the queued one with the same `key`, even if the queue is not full. Without one it
 *   is refused.
 * - `close`: all queued messages are dropped, and the connection is closed for good with 1013.
 */
export type OverflowPolicy = (typeof overflowPolicies)[number];

/** Options of one message. */
export interface SendOptions {
  /** Overrides the overflow policy of the connection. */
  overflowPolicy?: OverflowPolicy;
  /** Key for `latest-per-key`. Setting it selects that policy. */
  key?: string;
}

/** `Fresh` is the type of the connection that `onConnected` receives. */
interface Options<Fresh> extends ConnectOptions, ReconnectPolicy {
  /**
   * Called for each new connection before any queued message is sent, for instance to authenticate or to subscribe again. It
   * has exclusive use of the connection. Its timeout is `timeout`. If it throws, the attempt has failed. A `TwinsocketError`
   * with the code `cancelled` closes the reconnecting connection for good.
   */
  onConnected?: (fresh: Fresh) => Promise<void> | void;
  /**
   * Size of the offline queue in bytes: messages sent while there is no connection or while the socket is congested. 0
   * queues nothing. Default: 1 MiB.
   */
  offlineQueueBytes?: number;
  /** Overflow policy of the offline queue, unless overridden in `send`. Default: `wait`. */
  overflowPolicy?: OverflowPolicy;
  /** Aborting closes it for good. The reason of the signal is the `cause` of later errors. */
  signal?: PlatformAbortSignal;
}

export type ReconnectOptions = Options<Connection>;

/** Options of a reconnecting connection for typed values, which sends `Out` and receives `In`. */
export interface TypedReconnectOptions<Out, In = Out> extends Options<TypedConnection<Out, In>> {
  /**
   * As for `connect`. If the codec depends on the subprotocol, a value sent before the first connection is encoded for the
   * first offered subprotocol, and again if the server selects another. Do not modify the value before it is sent.
   */
  codec: CodecOption<Out, In>;
}

/** Status of a reconnecting connection: the phase and its cause. */
export interface ReconnectStatus {
  readonly phase: ReconnectPhase;
  /** Number of failed attempts since the last stable connection. */
  readonly failures: number;
  /** Milliseconds until the next attempt in the phases `waiting` and `paused`; otherwise 0. */
  readonly delay: number;
  /** The close result of the last connection, if its end led to this phase. */
  readonly close: CloseInfo | undefined;
  /** Why there is no connection. */
  readonly error: TwinsocketError | undefined;
  /**
   * Messages dropped since the last status `open`. The next status `open` reports them once more and then the count
   * restarts at 0. Messages that a connection had already accepted when it was lost are not included: only the server knows
   * whether they arrived.
   */
  readonly dropped: { readonly messages: number; readonly bytes: number };
}
