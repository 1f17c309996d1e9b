/** Interface of the page for its sections. */
export interface Page {
  /** Timeout of connecting, in milliseconds. */
  readonly timeout: number;
  /** The URL of one of the server's routes. */
  route(path: string): string;
  /** A connection was opened. Hides the panel that no server was found. */
  onConnected(): void;
  /** Connecting has failed. Shows that panel if there is no server. */
  onConnectFailed(error: unknown): void;
  /** Awaits an attempt to connect, and calls onConnected() or onConnectFailed(). */
  watch<T>(attempt: Promise<T>): Promise<T>;
}
