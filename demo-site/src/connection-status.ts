import type { ReconnectStatus } from 'demo-messages';
import { describeClose, describeCloseCode, isNormalClose } from './close.js';

/** The displayed status of a reconnecting connection. */
export interface ConnectionStatus {
  readonly state: 'connecting' | 'open' | 'lost' | 'offline' | 'closed' | 'failed';
  /** Does not change from attempt to attempt, because a screen reader announces every change. */
  readonly text: string;
  /** Label of the section's button. */
  readonly button: string;
  /** True while it tries to reconnect. */
  readonly isReconnecting: boolean;
}

export function connectionStatus(status: ReconnectStatus, subprotocol: string): ConnectionStatus {
  const { phase, failures, close, error } = status;
  if (phase === 'open') {
    return {
      state: 'open',
      text: subprotocol ? `open, ${subprotocol}` : 'open',
      button: 'Close',
      isReconnecting: false,
    };
  }
  const why = error?.message ?? 'unknown reason';
  if (phase === 'closed') {
    if (close) {
      const state = isNormalClose(close) ? 'closed' : 'failed';
      return { state, text: describeClose(close), button: 'Reconnect', isReconnecting: false };
    }
    // The user gave up while there was no connection.
    if (!error) return { state: 'closed', text: 'given up', button: 'Connect', isReconnecting: false };
    return { state: 'failed', text: `not connected: ${why}`, button: 'Reconnect', isReconnecting: false };
  }
  if (phase === 'paused') {
    return {
      state: 'offline',
      text: 'offline, reconnects when there is a network',
      button: 'Give up',
      isReconnecting: true,
    };
  }
  if (close)
    return { state: 'lost', text: `lost: ${describeCloseCode(close)}`, button: 'Give up', isReconnecting: true };
  if (failures > 0) return { state: 'lost', text: `not connected: ${why}`, button: 'Give up', isReconnecting: true };
  return { state: 'connecting', text: 'connecting', button: 'Give up', isReconnecting: false };
}

/** Text for the time of the next attempt. `since` is the age of the status in milliseconds. "" if no attempt is due. */
export function nextAttempt({ phase, delay }: ReconnectStatus, since: number): string {
  if (phase === 'connecting' || phase === 'preparing') return 'trying now';
  if (phase !== 'waiting' && phase !== 'paused') return '';
  const seconds = Math.ceil((delay - since) / 1000);
  return seconds > 0 ? `next attempt in ${seconds} s` : 'trying now';
}
