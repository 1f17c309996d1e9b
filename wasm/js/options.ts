import type { CodecOption } from './codec.js';
import type { PlatformAbortSignal } from './platform.js';

/**
 * Limits of one connection. Every limit has a finite default. Here and in all other options a duration of 2^31
 * milliseconds (24 days) or more, such as `Infinity`, means no limit.
 */
export interface Limits {
  /** Largest message that is accepted from the peer, in bytes. A larger one closes with 1009. Default: 16 MiB. */
  maxMessageSize?: number;
  /**
   * Size of the receive queue in bytes. The last message may exceed it. If a message arrives while the queue is full, the
   * connection is closed with 1013, because a browser's WebSocket cannot be told to stop reading. Default: 1 MiB.
   */
  receiveQueueBytes?: number;
  /** Size of the send queue in bytes: data that was sent and not yet written to the network. Default: 16 MiB. */
  sendQueueBytes?: number;
  /** Close timeout: how long the peer may take to answer a close frame, in milliseconds. Default: 5000. */
  closeTimeout?: number;
  /**
   * Idle timeout: after this time without a message in either direction this endpoint closes the connection with 1001. In
   * milliseconds. Default: 24 hours.
   */
  idleTimeout?: number;
}

/**
 * Detection of dead servers. JavaScript cannot send pings, so the client sends heartbeats if the server supports them: it
 * offers the subprotocol "NAME+heartbeat" in addition to NAME, or "heartbeat" if it offers no other. twinsocket servers
 * support them.
 *
 * A heartbeat is also sent when the page becomes visible, resumes or goes online. Then the connection is lost if nothing
 * arrives within 3 seconds. If the server does not support heartbeats, only reconnecting connections are probed: one that
 * receives nothing within 3 seconds reconnects.
 */
export interface Keepalive {
  /** A heartbeat is sent after this time without any data from the server, in milliseconds. Default: 30000. */
  interval?: number;
  /** If nothing arrives within this time after a heartbeat, the connection is lost (1006). Milliseconds. Default: 20000. */
  timeout?: number;
}

export interface ConnectOptions {
  /** Subprotocols to offer, in order of preference, or a single one. */
  subprotocols?: string | readonly string[];
  /** Timeout of connecting, including the loading of the WebAssembly modules, in milliseconds. Default: 30000. */
  timeout?: number;
  /**
   * Aborting cancels the attempt to connect. It does not affect an open connection. The reason of the signal is the `cause` of
   * the error.
   */
  signal?: PlatformAbortSignal;
  limits?: Limits;
  /**
   * `false` disables heartbeats and probes, so that a silent server is not detected. Otherwise heartbeats are offered with
   * each subprotocol.
   */
  keepalive?: Keepalive | false;
  /**
   * WebSocket class to use instead of `globalThis.WebSocket`. In Node 22 and newer you can pass that of the package `ws`,
   * which reports why a connection failed and can drop a connection without a closing handshake.
   */
  webSocket?: WebSocketClass;
}

/** A class such as `globalThis.WebSocket`: a browser's, that of the package `ws`, or a test double. */
export type WebSocketClass = new (url: string, subprotocols: string[]) => unknown;

/** Options of a connection for typed values, which sends `Out` and receives `In`. */
export interface TypedConnectOptions<Out, In = Out> extends ConnectOptions {
  /**
   * A codec, `{ send, receive }` with a codec per direction, or a function that returns either for the negotiated
   * subprotocol, such as one that calls {@link codecOf}.
   */
  codec: CodecOption<Out, In>;
}

export interface ReceiveOptions {
  /** Timeout in milliseconds. Default: no timeout. */
  timeout?: number;
  /** Aborting cancels the call. The reason of the signal is the `cause` of the error. */
  signal?: PlatformAbortSignal;
}

/**
 * Result of sending. `accepted`: the message was handed to the network. `queued`: it waits in the send queue. `refused`: it
 * was not sent, because the send queue is full or the connection is closing or closed.
 */
export type SendStatus = 'accepted' | 'queued' | 'refused';
