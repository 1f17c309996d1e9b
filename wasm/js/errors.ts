import type { errorCodes } from './abi.js';
import type { CloseInfo } from './close.js';

/** Error code: the names of C++. `wrong_thread` occurs only there. */
export type ErrorCode = Exclude<(typeof errorCodes)[number], 'ok'>;

/** The only error class that twinsocket throws or rejects with. */
export class TwinsocketError extends Error {
  override readonly name = 'TwinsocketError';
  /** Error code for programs. `message` is for people. */
  readonly code: ErrorCode;
  /** The close result, if the error is that the connection has ended. */
  readonly closeInfo: CloseInfo | undefined;

  /** `options.cause` becomes the property `cause`, as of any Error. */
  constructor(code: ErrorCode, message: string, closeInfo?: CloseInfo, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.closeInfo = closeInfo;
  }
}
