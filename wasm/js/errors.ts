import type { CloseInfo } from './close.js';

/** The names of `twinsocket::errc`, in the order of their values. */
export const errorCodes = [
  'ok',
  'closed',
  'peer_timeout',
  'timed_out',
  'cancelled',
  'invalid_argument',
  'invalid_url',
  'resolve_failed',
  'connect_failed',
  'handshake_failed',
  'tls_failed',
  'protocol_violation',
  'invalid_utf8',
  'invalid_close_code',
  'reason_too_long',
  'message_too_big',
  'too_many_fragments',
  'queue_full',
  'wrong_kind',
  'malformed',
  'type_mismatch',
  'too_deep',
  'unsupported',
  'system',
  'wrong_thread', // Only in C++.
] as const;

/** Error code. */
export type ErrorCode = Exclude<(typeof errorCodes)[number], 'ok'>;

/** The only error class that twinsocket throws or rejects with. */
export class TwinsocketError extends Error {
  override readonly name = 'TwinsocketError';
  /** Error code for programs. `message` is for people. */
  readonly code: ErrorCode;
  /** The close result, if the error is that the connection has ended. */
  readonly closeInfo: CloseInfo | undefined;

  constructor(code: ErrorCode, message: string, closeInfo?: CloseInfo) {
    super(message);
    this.code = code;
    this.closeInfo = closeInfo;
  }
}
