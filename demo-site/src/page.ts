/** What the sections know of the page around them. */
export interface Page {
  /** How long connecting may take, in milliseconds. */
  readonly timeout: number;
  /** The address of one of the server's routes. */
  route(path: string): string;
  /** Watches an attempt to connect, so that the page can say when there is no server. */
  watch<T>(attempt: Promise<T>): Promise<T>;
}
