import { CloseCode, type closeInitiators, maxCloseReason } from './abi.js';
import { utf8Decoder, utf8Encoder } from './utf8.js';

/** The side that sent the first close frame or aborted the connection. `none`: the connection was lost. */
export type CloseInitiator = (typeof closeInitiators)[number];

/** How a connection ended, as seen by this endpoint. */
export interface CloseInfo {
  /** The close code of the first close frame. 1005: the frame had no code. 1006: there was no close frame. */
  readonly code: number;
  /** The close reason of that frame. */
  readonly reason: string;
  /** True when both close frames were exchanged. */
  readonly clean: boolean;
  readonly initiator: CloseInitiator;
}

/** @internal Replaces a close code that must not be sent (RFC 6455 section 7.4) by 1011. */
export function toSendableCode(code: number): number {
  const within = (first: number, last: number): boolean => code >= first && code <= last;
  return within(1000, 1003) || within(1007, 1014) || within(3000, 4999) ? Math.trunc(code) : CloseCode.internalError;
}

/** @internal Truncates a close reason to what fits into a close frame: 123 bytes of UTF-8. */
export function truncateReason(reason: string): string {
  const bytes = new Uint8Array(maxCloseReason);
  return utf8Decoder().decode(bytes.subarray(0, utf8Encoder().encodeInto(reason, bytes).written));
}
