import type { Engine } from './engine.js';
import type { CloseCodes, ReconnectPhase, ReconnectPolicy } from './reconnect-options.js';
import { checkLimit } from './wait.js';

/** In the order of `twinsocket::reconnect_phase`. */
const phases: readonly ReconnectPhase[] = ['connecting', 'preparing', 'open', 'waiting', 'paused', 'closed'];

/** The longest that a timer of JavaScript's holds: 24 days. */
const longest = 0x7fffffff;

/** The C++ machine that says when to connect: JavaScript's side of reconnect_abi.cpp. Time and chance come from here. */
export class Machine {
  private readonly handle: number;

  constructor(
    private readonly engine: Engine,
    policy: ReconnectPolicy,
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
    const all = { firstDelay, growth, longestDelay, longestHint, stableTime, attempts };
    for (const [name, value] of Object.entries(all)) checkLimit(name, value);
    const time = (value: number): number => Math.min(value, longest);
    const { calls } = engine;
    const made = calls.twinsocket_policy(
      time(firstDelay),
      growth,
      time(longestDelay),
      time(longestHint),
      time(stableTime),
      Math.min(attempts, 0xffffffff),
    );
    const rule = (codes: CloseCodes, stop: number): void => {
      const [first, last] = typeof codes === 'number' ? [codes, codes] : codes;
      calls.twinsocket_policy_rule(made, first, last, stop);
    };
    for (const codes of stopOn) rule(codes, 1);
    for (const codes of goOnAfter) rule(codes, 0);
    this.handle = calls.twinsocket_reconnecting(made, performance.now());
  }

  get phase(): ReconnectPhase {
    return phases[this.engine.calls.twinsocket_reconnecting_phase(this.handle)] as ReconnectPhase;
  }
  get failures(): number {
    return this.engine.calls.twinsocket_reconnecting_failures(this.handle);
  }
  /** How long it is to the next attempt; `undefined` when none is due. */
  get delay(): number | undefined {
    const due = this.engine.calls.twinsocket_reconnecting_due(this.handle);
    return due < 0 ? undefined : Math.min(Math.max(0, Math.ceil(due - performance.now())), longest);
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
  setOnline(on: boolean): void {
    this.engine.calls.twinsocket_reconnecting_online(this.handle, on ? 1 : 0, performance.now());
  }
  setVisible(on: boolean): void {
    this.engine.calls.twinsocket_reconnecting_visible(this.handle, on ? 1 : 0, performance.now());
  }
  /** It must not be used any more after this. */
  free(): void {
    this.engine.calls.twinsocket_reconnecting_delete(this.handle);
  }
}
