/** Totals over all connections of a reconnecting connection. Bytes are payload bytes; text counts as UTF-8. */
export interface Counters {
  messagesReceived: number;
  messagesSent: number;
  bytesReceived: number;
  bytesSent: number;
  /** Messages that were dropped before they reached a connection, or refused by their overflow policy. */
  dropped: number;
}
