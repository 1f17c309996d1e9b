import type { ReconnectStatus } from 'demo-messages';
import { describeClose, describeEnd, endedWell } from './close.js';

/** Where a connection that comes back by itself stands, in words for people. */
export interface Standing {
  readonly state: 'connecting' | 'open' | 'lost' | 'offline' | 'closed' | 'failed';
  /** The same from attempt to attempt: a screen reader says it whenever it changes. */
  readonly text: string;
  /** What the section's button does now. */
  readonly button: string;
  /** True while it tries to come back. */
  readonly isAway: boolean;
}

export function standingOf(status: ReconnectStatus, subprotocol: string): Standing {
  const { phase, failures, close, error } = status;
  if (phase === 'open') {
    return { state: 'open', text: subprotocol ? `open, ${subprotocol}` : 'open', button: 'Close', isAway: false };
  }
  const why = error?.message ?? 'no reason is known';
  if (phase === 'closed') {
    if (close) {
      const state = endedWell(close) ? 'closed' : 'failed';
      return { state, text: describeClose(close), button: 'Reconnect', isAway: false };
    }
    // A person ended it while there was no connection that could have been closed.
    if (!error) return { state: 'closed', text: 'given up', button: 'Connect', isAway: false };
    return { state: 'failed', text: `not connected: ${why}`, button: 'Reconnect', isAway: false };
  }
  if (phase === 'paused') {
    return { state: 'offline', text: 'offline, goes on when there is a network', button: 'Give up', isAway: true };
  }
  if (close) return { state: 'lost', text: `lost: ${describeEnd(close)}`, button: 'Give up', isAway: true };
  if (failures > 0) return { state: 'lost', text: `not connected: ${why}`, button: 'Give up', isAway: true };
  return { state: 'connecting', text: 'connecting', button: 'Give up', isAway: false };
}

/** When it tries again, so many milliseconds after the status was told; "" where nobody knows. */
export function nextAttempt({ phase, delay }: ReconnectStatus, since: number): string {
  if (phase === 'connecting' || phase === 'preparing') return 'trying now';
  if (phase !== 'waiting' && phase !== 'paused') return '';
  const seconds = Math.ceil((delay - since) / 1000);
  return seconds > 0 ? `the next attempt in ${seconds} s` : 'trying now';
}
