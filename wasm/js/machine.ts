import type { Engine } from './engine.js';
import type { CloseCodes, ReconnectPhase, ReconnectPolicy } from './reconnect-options.js';
import { checkLimit, duration } from './wait.js';

/** The phases, in the order of `twinsocket::reconnect_phase`. */
const phases: readonly ReconnectPhase[] = ['connecting', 'preparing', 'open', 'waiting', 'paused', 'closed'];

/** The reconnect state machine in C++: the JavaScript side of reconnect_abi.cpp. Supplies the clock and random numbers. */
export class Machine {
  private readonly handle: number;

  constructor(
    private readonly engine: Engine,
    policy: ReconnectPolicy,
    host: string,
  ) {
    const {
      firstDelay = 1000,
      growth = 2,
      longestDelay = 30_000,
      longestHint = 300_000,
      stableTime = 10_000,
      attempts = 1000,
      stopOn = [],
      goOnAfter = [],
    } = policy;
    checkLimit('growth', growth);
    checkLimit('attempts', attempts);
    const { calls } = engine;
    const made = calls.twinsocket_policy(
      duration('firstDelay', firstDelay),
      growth,
      duration('longestDelay', longestDelay),
      duration('longestHint', longestHint),
      duration('stableTime', stableTime),
      Math.min(attempts, 0xffffffff),
    );
    const rule = (codes: CloseCodes, stop: number): void => {
      const [first, last] = typeof codes === 'number' ? [codes, codes] : codes;
      calls.twinsocket_policy_rule(made, first, last, stop);
    };
    for (const codes of stopOn) rule(codes, 1);
    for (const codes of goOnAfter) rule(codes, 0);
    engine.land(host);
    this.handle = calls.twinsocket_reconnecting(made, performance.now());
  }

  get phase(): ReconnectPhase {
    return phases[this.engine.calls.twinsocket_reconnecting_phase(this.handle)] as ReconnectPhase;
  }
  get failures(): number {
    return this.engine.calls.twinsocket_reconnecting_failures(this.handle);
  }
  /** When the next attempt is due, on the clock of `performance.now()`. Negative if none is due. */
  get due(): number {
    return this.engine.calls.twinsocket_reconnecting_due(this.handle);
  }
  /** Milliseconds until the next attempt; `undefined` if none is due. */
  get delay(): number | undefined {
    const { due } = this;
    return due < 0 ? undefined : Math.max(0, Math.ceil(due - performance.now()));
  }

  connected(): void {
    this.engine.calls.twinsocket_reconnecting_connected(this.handle);
  }
  prepared(): void {
    this.engine.calls.twinsocket_reconnecting_prepared(this.handle, performance.now());
  }
  failed(code: number, status: number): void {
    this.engine.calls.twinsocket_reconnecting_failed(this.handle, code, status, Math.random(), performance.now());
  }
  lost(code: number, reason: string): void {
    this.engine.land(reason);
    this.engine.calls.twinsocket_reconnecting_lost(this.handle, code, Math.random(), performance.now());
  }
  onTime(): void {
    this.engine.calls.twinsocket_reconnecting_on_time(this.handle, performance.now());
  }
  close(): void {
    this.engine.calls.twinsocket_reconnecting_close(this.handle);
  }
  retry(): void {
    this.engine.calls.twinsocket_reconnecting_retry(this.handle, performance.now());
  }
  /** Sets the state of the page: the bits of `watchPage`. */
  page(bits: number): void {
    this.engine.calls.twinsocket_reconnecting_page(this.handle, bits, performance.now());
  }
  /** Deletes the C++ object. Do not use this object afterwards. */
  free(): void {
    this.engine.calls.twinsocket_reconnecting_delete(this.handle);
  }
}
