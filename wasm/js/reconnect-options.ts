import type { CloseInfo } from './close.js';
import type { CodecOption } from './codec.js';
import type { Connection, TypedConnection } from './connection.js';
import type { TwinsocketError } from './errors.js';
import type { ConnectOptions } from './options.js';
import type { PlatformAbortSignal } from './platform.js';

/**
 * Where a reconnecting connection stands: an attempt is under way (`connecting`), `prepare` has the new connection to
 * itself (`preparing`), messages go out and come in (`open`), the next attempt is due after a while (`waiting`), there
 * seems to be no network and it is due after a long while or as soon as there is one (`paused`), or it is over for good
 * (`closed`).
 */
export type ReconnectPhase = 'connecting' | 'preparing' | 'open' | 'waiting' | 'paused' | 'closed';

/** One close code, or the first and the last of a range. */
export type CloseCodes = number | readonly [first: number, last: number];

/**
 * When it comes back, and when it stays away. The wait before each attempt is drawn anew between nothing and a ceiling
 * that grows. A close reason that ends in `Retry-After: 5` asks for five seconds more. Durations are milliseconds.
 */
export interface ReconnectPolicy {
  /** What the first wait is less than: 1000. */
  firstDelay?: number;
  /** How many times as high the ceiling is after each attempt: 2. */
  growth?: number;
  /** What every wait is less than, but for what the server asks for: 30000. */
  longestDelay?: number;
  /** The most of what the server asks for that is heeded: 300000. */
  longestHint?: number;
  /** A connection that lasts this long begins it all anew: 10000. One that is lost before is a failed attempt. */
  stableTime?: number;
  /** How many attempts may fail in a row, the first one among them: 1000, which takes some four hours. */
  attempts?: number;
  /**
   * Stays away after a close with one of these codes, and besides with 1000, 1002, 1003 and 1007 to 1010, after which
   * coming back would end in the same way.
   */
  stopOn?: readonly CloseCodes[];
  /** Comes back after these, whatever the above says. */
  goOnAfter?: readonly CloseCodes[];
}

/**
 * What happens to a message for which there is no more room: `send` waits, and `trySend` refuses; the new one is refused
 * (`queue_full`); the oldest that are kept are dropped; it replaces the one with the same `key`, whether there is room or
 * not, and else is refused; all are dropped and the connection closes for good with 1013.
 */
export type WhenFull = 'wait' | 'drop-newest' | 'drop-oldest' | 'latest-per-key' | 'close';

/** How one message is sent. */
export interface SendOptions {
  /** Instead of what the connection's options say. */
  whenFull?: WhenFull;
  /** What the message is about, for `latest-per-key`; it chooses that policy. */
  key?: string;
}

/** What all the connections of a reconnecting connection have done together. Bytes are payload, text as UTF-8. */
export interface Counters {
  messagesReceived: number;
  messagesSent: number;
  bytesReceived: number;
  bytesSent: number;
  /** Messages that were dropped before they reached a connection, or refused by their policy. */
  dropped: number;
}

/** What a reconnecting connection does besides: `Fresh` is what `prepare` is given. */
interface Options<Fresh> extends ConnectOptions, ReconnectPolicy {
  /**
   * What is said first on every new connection, before anything else goes out: to authenticate, to subscribe again. It
   * has the connection to itself, to send and to receive, for as long as connecting may take. When it throws, the
   * attempt has failed; a `TwinsocketError` with the code `cancelled` ends it for good.
   */
  prepare?: (fresh: Fresh) => Promise<void> | void;
  /**
   * How much of what is sent while there is no connection, or while the network is behind, is kept until it can go out,
   * in bytes: 1 MiB. 0 keeps nothing.
   */
  unsentBytes?: number;
  /** What happens to a message for which there is no more room, where `send` is not told otherwise: `wait`. */
  whenFull?: WhenFull;
  /** Aborting ends it for good. */
  signal?: PlatformAbortSignal;
}

export type ReconnectOptions = Options<Connection>;

/** Options for a reconnecting connection that carries values: `Out` is sent, `In` is received. */
export interface TypedReconnectOptions<Out, In = Out> extends Options<TypedConnection<Out, In>> {
  /**
   * As for `connect`. Where it depends on the subprotocol, what is sent before there is a connection is encoded for the
   * first one that is offered, and again when the server chooses another: the value must not be changed until then.
   */
  codec: CodecOption<Out, In>;
}

/** Where it stands, and how it came to be there. */
export interface ReconnectStatus {
  readonly phase: ReconnectPhase;
  /** How many attempts have failed since a connection was stable. */
  readonly failures: number;
  /** Milliseconds to the next attempt, in the phases `waiting` and `paused`; else 0. */
  readonly delay: number;
  /** How the last connection ended, where it is that which led here. */
  readonly close: CloseInfo | undefined;
  /** Why there is no connection. */
  readonly error: TwinsocketError | undefined;
  /**
   * What was dropped of what was sent since the last `open`, which tells it for the last time. What a connection had
   * taken when it was lost may have been lost with it, which only the server can tell.
   */
  readonly dropped: { readonly messages: number; readonly bytes: number };
}
