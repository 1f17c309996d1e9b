import type { CodecOption } from './codec.js';
import type { PlatformAbortSignal } from './platform.js';

/**
 * The limits of one connection. All are finite by default. A duration of 2^31 milliseconds (24 days) or more, `Infinity`
 * among them, is no limit, here and in every other option.
 */
export interface Limits {
  /** The largest message that is received, in bytes: 16 MiB. A larger one closes 1009. */
  maxMessage?: number;
  /**
   * Messages received and not yet asked for, in bytes: 1 MiB, and one message more. A browser cannot be told to stop
   * reading, so when it is full the connection is closed with 1013.
   */
  inboundBytes?: number;
  /** Bytes accepted by `send` and not yet taken by the network: 16 MiB. */
  outboundBytes?: number;
  /** How long the peer has to answer a close frame, in milliseconds: 5000. */
  closeTime?: number;
  /**
   * How long a connection may stay open without a message in either direction, in milliseconds: 24 hours. Then this side
   * closes it with 1001.
   */
  idleTime?: number;
}

/**
 * How a server that is gone is found. JavaScript cannot send pings: where the server offers it (a subprotocol
 * "NAME+heartbeat" besides NAME, or "heartbeat" for none; servers of twinsocket do) a heartbeat does it.
 *
 * A heartbeat is also sent when a page is shown again, resumed or online again: then the server has to be heard within 3
 * seconds. Where the server answers none, a reconnecting connection on which nothing comes in this time is made anew.
 */
export interface Keepalive {
  /** The silence after which a heartbeat is sent, in milliseconds: 30000. */
  interval?: number;
  /** How long the server has to be heard after it, in milliseconds: 20000. Then the connection is lost with 1006. */
  timeLimit?: number;
}

export interface ConnectOptions {
  /** The subprotocols that are offered, in order of preference. */
  subprotocols?: readonly string[];
  /** How long connecting may take, in milliseconds: 30000. It covers loading the WebAssembly module too. */
  timeout?: number;
  /** Aborting gives up the attempt to connect; an open connection is not affected. */
  signal?: PlatformAbortSignal;
  limits?: Limits;
  /**
   * `false` sends no heartbeats, and gives no silent server up. Otherwise the server is offered them with each of the
   * subprotocols.
   */
  keepalive?: Keepalive | false;
  /**
   * The class to connect with instead of the platform's `WebSocket`, such as that of the package `ws` in Node 22 and
   * newer: it says why a connection failed, and can cut one.
   */
  webSocket?: WebSocketClass;
}

/** What `globalThis.WebSocket` is: a browser's, that of the package `ws`, or one for tests. */
export type WebSocketClass = new (url: string, subprotocols: string[]) => unknown;

/** Options for a connection that carries values: it sends `Out` and receives `In`. */
export interface TypedConnectOptions<Out, In = Out> extends ConnectOptions {
  /**
   * The codec, or `{ send, receive }` with one for each direction, or what gives either for the subprotocol that was
   * agreed on: {@link codecOf}.
   */
  codec: CodecOption<Out, In>;
}

export interface ReceiveOptions {
  /** How long to wait, in milliseconds; without it as long as it takes. */
  timeout?: number;
  /** Aborting gives up the wait. */
  signal?: PlatformAbortSignal;
}

/**
 * What became of a message: `accepted` when the network takes it at once, `queued` when others wait before it,
 * `refused` when the outbound queue has no room for it.
 */
export type SendStatus = 'accepted' | 'queued' | 'refused';
