/** Who sent the first close frame or cut the connection; `none` when it was lost. */
export type CloseInitiator = 'none' | 'local' | 'remote';

/** How a connection ended, as this side knows it. */
export interface CloseInfo {
  /** The code of the first close frame; 1005 when it had none, 1006 when there was no close frame. */
  readonly code: number;
  /** The reason that came with it. */
  readonly reason: string;
  /** True when both close frames were exchanged. */
  readonly clean: boolean;
  readonly initiator: CloseInitiator;
}

/** @internal The code that is used for one that was asked for: 1011 where that may not be sent. */
export function fitCode(code: number): number {
  const within = (first: number, last: number): boolean => code >= first && code <= last;
  return within(1000, 1003) || within(1007, 1014) || within(3000, 4999) ? Math.trunc(code) : 1011;
}

/** @internal As much of a close reason as fits into a close frame: 123 bytes of UTF-8. */
export function fitReason(reason: string): string {
  const bytes = new Uint8Array(123);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, new TextEncoder().encodeInto(reason, bytes).written));
}
