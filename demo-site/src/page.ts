import type { WebSocketClass } from 'demo-messages';

/** Interface of the page for its sections. */
export interface Page {
  /** Options of each connection: the timeout of connecting, and the WebSockets of the server in the page if that is used. */
  readonly options: { readonly timeout: number; readonly webSocket?: WebSocketClass };
  /** The URL of one of the server's routes. */
  route(path: string): string;
  /** A connection was opened. Hides the panel that no server was found. */
  onConnected(): void;
  /** Connecting has failed. If there is no server, the one in the page takes its place. */
  onConnectFailed(error: unknown): void;
  /** Awaits an attempt to connect, and calls onConnected() or onConnectFailed(). */
  watch<T>(attempt: Promise<T>): Promise<T>;
}
