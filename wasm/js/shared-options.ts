import type { SendStatus } from './options.js';
import type { PlatformUrl } from './platform.js';
import type { ReconnectOptions, TypedReconnectOptions } from './reconnect-options.js';
import type { ReconnectingConnection } from './reconnecting.js';
import type { Message, Sendable } from './codec.js';

interface SharedExtras {
  /** Tabs share a connection if they pass the same URL, subprotocols and name. Default: ''. */
  name?: string;
  /** URL of the package's file `shared-worker.js`, if your bundler does not copy it. Its origin must be the page's. */
  worker?: string | PlatformUrl;
}

/** A new connection, for the `onConnected` of a shared one. */
export interface FreshConnection<Out = Sendable, In = Message> {
  /** The normalized URL. */
  readonly url: string;
  /** The negotiated subprotocol, or "". */
  readonly subprotocol: string;
  send(data: Out): Promise<Exclude<SendStatus, 'refused'>>;
  /** The timeout is in milliseconds. Default: that of `onConnected`. */
  receive(options?: { timeout?: number }): Promise<In>;
}

interface Prepared<Fresh> {
  /**
   * Called in one of the tabs for each new connection, before any queued message is sent. It has exclusive use of the
   * connection. See `reconnecting`.
   */
  onConnected?: (fresh: Fresh) => Promise<void> | void;
}

export type SharedOptions = Omit<ReconnectOptions, 'onConnected'> & SharedExtras & Prepared<FreshConnection>;

export type TypedSharedOptions<Out, In = Out> = Omit<TypedReconnectOptions<Out, In>, 'onConnected'> &
  SharedExtras &
  Prepared<FreshConnection<Out, In>>;

/** A reconnecting connection whose WebSocket may be shared with other tabs. The members are those of ReconnectingConnection. */
export type SharedConnection<Out = Sendable, In = Message> = Pick<
  ReconnectingConnection<Out, In>,
  keyof ReconnectingConnection<Out, In>
>;
