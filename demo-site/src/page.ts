import type { WebSocketClass } from 'demo-messages';

export interface ConnectionOptions {
  readonly timeout: number;
  readonly webSocket?: WebSocketClass;
}

/** Interface of the page for its sections. */
export interface Page {
  /** Options of each connection: the timeout of connecting, and the WebSockets of the server in the page if that is used. */
  readonly options: ConnectionOptions;
  /** The same of a connection that reconnects, with the longest delay of an attempt. */
  readonly reconnectOptions: ConnectionOptions & { readonly maxDelay: number };
  /** The URL of one of the server's routes. */
  route(path: string): string;
  /** A connection was opened. */
  onConnected(): void;
  /** Calls a function after each onConnected(). */
  whenConnected(listener: () => void): void;
  /** A connection was lost. It reconnects by itself. */
  onLost(): void;
  /** Connecting has failed. If there is no server, the one in the page takes its place. */
  onConnectFailed(error: unknown): void;
  /** Awaits an attempt to connect, and calls onConnected() or onConnectFailed(). */
  watch<T>(attempt: Promise<T>): Promise<T>;
}
