import type { Codec } from './codec.js';
import type { Position } from './channel-protocol.js';
import type { ReconnectOptions } from './reconnect-options.js';

type Reconnect = Omit<ReconnectOptions, 'onConnected' | 'subprotocols' | 'offlineQueueBytes' | 'overflowPolicy'>;

/**
 * Options of a client of channels, and how it connects and reconnects. Durations are in milliseconds. Close codes from 3500 to 4999
 * end the client for good, in addition to those of `stopOn`.
 */
export interface ChannelClientOptions extends Reconnect {
  /**
   * Returns the token for each connection. If it throws, the attempt to connect has failed. A `TwinsocketError` with the code
   * `cancelled` ends the client for good. Default: no token.
   */
  token?: () => string | Promise<string>;
  /** The format of the protocol. Default: `json`. */
  codec?: 'json' | 'cbor';
  /**
   * Events that a subscription holds until they are taken. When there are more they are dropped, and fetched from the
   * server's history once the others were taken. Default: 1000.
   */
  queue?: number;
  /** Requests that wait for their response, also while there is no connection. Default: 1000. */
  maxRequests?: number;
  /** How long a request waits for its response, with all reconnects. Then it fails with `timed_out`. Default: 30000. */
  requestTimeout?: number;
}

/** The codec of received messages, such as `json(News)`. */
export type ChannelDecoder<T> = Pick<Codec<T>, 'decode' | 'load'>;
/** The codec of published messages, such as `json(News)`. */
export type ChannelEncoder<T> = Pick<Codec<T>, 'encode' | 'load'>;

export interface SubscribeOptions {
  /** Begin after this position. Default: with what is published from now on. */
  since?: Position | undefined;
}

export interface PublishOptions {
  /**
   * To repeat a publication that has failed with `timed_out`: with the same key it is published once. Who may know the key can
   * use it first, so it should be random. At most 128 bytes, remembered by the server for 5 min. Default: a new random one
   * for each call.
   */
  key?: string | undefined;
}

export interface HistoryOptions {
  /** Only publications after this position. Default: all that are kept. */
  since?: Position | undefined;
  /** At most this many, the oldest first. Default: 0, as many as the server gives. */
  limit?: number;
}
