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
