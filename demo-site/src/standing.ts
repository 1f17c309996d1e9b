import type { ReconnectStatus } from 'demo-messages';
import { describeClose, describeEnd, endedWell } from './close.js';

/** The displayed status of a reconnecting connection. */
export interface Standing {
  readonly state: 'connecting' | 'open' | 'lost' | 'offline' | 'closed' | 'failed';
  /** Does not change from attempt to attempt, because a screen reader announces every change. */
  readonly text: string;
  /** Label of the section's button. */
  readonly button: string;
  /** True while it tries to reconnect. */
  readonly isAway: boolean;
}

export function standingOf(status: ReconnectStatus, subprotocol: string): Standing {
  const { phase, failures, close, error } = status;
  if (phase === 'open') {
    return { state: 'open', text: subprotocol ? `open, ${subprotocol}` : 'open', button: 'Close', isAway: false };
  }
  const why = error?.message ?? 'unknown reason';
  if (phase === 'closed') {
    if (close) {
      const state = endedWell(close) ? 'closed' : 'failed';
      return { state, text: describeClose(close), button: 'Reconnect', isAway: false };
    }
    // The user gave up while there was no connection.
    if (!error) return { state: 'closed', text: 'given up', button: 'Connect', isAway: false };
    return { state: 'failed', text: `not connected: ${why}`, button: 'Reconnect', isAway: false };
  }
  if (phase === 'paused') {
    return { state: 'offline', text: 'offline, reconnects when there is a network', button: 'Give up', isAway: true };
  }
  if (close) return { state: 'lost', text: `lost: ${describeEnd(close)}`, button: 'Give up', isAway: true };
  if (failures > 0) return { state: 'lost', text: `not connected: ${why}`, button: 'Give up', isAway: true };
  return { state: 'connecting', text: 'connecting', button: 'Give up', isAway: false };
}

/** Text for the time of the next attempt. `since` is the age of the status in milliseconds. "" if no attempt is due. */
export function nextAttempt({ phase, delay }: ReconnectStatus, since: number): string {
  if (phase === 'connecting' || phase === 'preparing') return 'trying now';
  if (phase !== 'waiting' && phase !== 'paused') return '';
  const seconds = Math.ceil((delay - since) / 1000);
  return seconds > 0 ? `next attempt in ${seconds} s` : 'trying now';
}
