// The messages between a tab and the shared worker. Each connection of a tab has a port of its own. Messages and their
// members must be of types that postMessage() can copy.

import type { CloseInfo } from './close.js';
import type { Message } from './codec.js';
import { type ErrorCode, TwinsocketError } from './errors.js';
import type { ReconnectOptions, ReconnectStatus, SendOptions } from './reconnect-options.js';

/** An error, without its class and its stack. */
export interface CopiedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly closeInfo: CloseInfo | undefined;
}

export interface CopiedStatus extends Omit<ReconnectStatus, 'error'> {
  readonly error: CopiedError | undefined;
}

/** The options that the connection of the worker has: those that can be copied. */
export type CopiedOptions = Omit<ReconnectOptions, 'codec' | 'onConnected' | 'signal' | 'webSocket'>;

export type FromTab =
  | {
      readonly type: 'attach';
      /** Tabs with the same key have the same connection. */
      readonly key: string;
      readonly url: string;
      readonly options: CopiedOptions;
      /** The name of a Web Lock that the tab holds until it is gone. */
      readonly lock: string;
      /** Whether the tab has an `onConnected`. */
      readonly prepares: boolean;
      /** Size of the receive queue of the tab in bytes. */
      readonly receiveQueueBytes: number;
    }
  | { readonly type: 'send'; readonly id: number; readonly data: Message; readonly options: SendOptions }
  /** The program of the tab has received messages of this size. */
  | { readonly type: 'received'; readonly bytes: number }
  | { readonly type: 'retry' }
  | { readonly type: 'online'; readonly on: boolean }
  /** Detaches the tab. Without other tabs the connection is closed, or dropped. */
  | { readonly type: 'detach'; readonly code: number; readonly reason: string; readonly drop: boolean }
  /** What `onConnected` of the tab does. `attempt` is that of `prepare`. */
  | { readonly type: 'fresh-send'; readonly attempt: number; readonly id: number; readonly data: Message }
  | { readonly type: 'fresh-receive'; readonly attempt: number; readonly id: number; readonly timeout: number }
  | { readonly type: 'prepared'; readonly attempt: number; readonly error: CopiedError | undefined };

export type ToTab =
  /** The first message. The worker holds the Web Lock as long as it lives. */
  | { readonly type: 'worker'; readonly lock: string }
  | { readonly type: 'status'; readonly status: CopiedStatus; readonly subprotocol: string }
  | { readonly type: 'message'; readonly message: Message }
  /** The tab is detached. `error` is that of later calls, `closed` if it is absent. */
  | { readonly type: 'detached'; readonly info: CloseInfo; readonly error: CopiedError | undefined }
  /** The result of `send`, `fresh-send` or `fresh-receive`. */
  | { readonly type: 'result'; readonly id: number; readonly value: Message }
  | { readonly type: 'failed'; readonly id: number; readonly error: CopiedError }
  /** Asks for `onConnected`. */
  | { readonly type: 'prepare'; readonly attempt: number; readonly subprotocol: string };

export function copyError(error: unknown): CopiedError {
  if (error instanceof TwinsocketError) {
    const { code, message, closeInfo } = error;
    return { code, message, closeInfo };
  }
  return { code: 'handshake_failed', message: String(error), closeInfo: undefined };
}

export function toError({ code, message, closeInfo }: CopiedError): TwinsocketError {
  return new TwinsocketError(code, message, closeInfo);
}

export function copyStatus(status: ReconnectStatus): CopiedStatus {
  return { ...status, error: status.error && copyError(status.error) };
}

export function toStatus(status: CopiedStatus): ReconnectStatus {
  return Object.freeze({ ...status, error: status.error && toError(status.error) });
}
