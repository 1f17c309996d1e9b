/** What the sections know of the page around them. */
export interface Page {
  /** How long connecting may take, in milliseconds. */
  readonly timeout: number;
  /** The address of one of the server's routes. */
  route(path: string): string;
  /** A server answers: the page no longer says that there is none. */
  reached(): void;
  /** Why no connection came about: the page says so when there is no server. */
  missed(error: unknown): void;
  /** Watches an attempt to connect, so that the page can say when there is no server. */
  watch<T>(attempt: Promise<T>): Promise<T>;
}
