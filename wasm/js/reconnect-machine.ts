import type { Engine } from './engine.js';
import type { CloseCodes, ReconnectPhase, ReconnectPolicy } from './reconnect-options.js';
import { checkLimit, checkDuration } from './with-timeout.js';

/** The phases, in the order of `twinsocket::reconnect_phase`. */
const phases: readonly ReconnectPhase[] = ['connecting', 'preparing', 'open', 'waiting', 'paused', 'closed'];

/** The reconnect state machine in C++: the JavaScript side of reconnect_abi.cpp. Supplies the clock and random numbers. */
export class ReconnectMachine {
  private readonly handle: number;

  constructor(
    private readonly engine: Engine,
    policy: ReconnectPolicy,
    host: string,
  ) {
    const {
      initialDelay = 1000,
      growthFactor = 2,
      maxDelay = 30_000,
      maxRetryAfter = 300_000,
      minUptime = 10_000,
      maxAttempts = 1000,
      stopOn = [],
      reconnectOn = [],
    } = policy;
    checkLimit('growthFactor', growthFactor);
    checkLimit('maxAttempts', maxAttempts);
    const { reconnectExports } = engine;
    const made = reconnectExports.twinsocket_policy(
      checkDuration('initialDelay', initialDelay),
      growthFactor,
      checkDuration('maxDelay', maxDelay),
      checkDuration('maxRetryAfter', maxRetryAfter),
      checkDuration('minUptime', minUptime),
      Math.min(maxAttempts, 0xffffffff),
    );
    const rule = (codes: CloseCodes, stop: number): void => {
      const [first, last] = typeof codes === 'number' ? [codes, codes] : codes;
      reconnectExports.twinsocket_policy_rule(made, first, last, stop);
    };
    for (const codes of stopOn) rule(codes, 1);
    for (const codes of reconnectOn) rule(codes, 0);
    engine.writeText(host);
    this.handle = reconnectExports.twinsocket_reconnecting(made, performance.now());
  }

  get phase(): ReconnectPhase {
    return phases[this.engine.reconnectExports.twinsocket_reconnecting_phase(this.handle)] as ReconnectPhase;
  }
  get failures(): number {
    return this.engine.reconnectExports.twinsocket_reconnecting_failures(this.handle);
  }
  /** When the next attempt is due, on the clock of `performance.now()`. Negative if none is due. */
  get due(): number {
    return this.engine.reconnectExports.twinsocket_reconnecting_due(this.handle);
  }
  /** Milliseconds until the next attempt; `undefined` if none is due. */
  get delay(): number | undefined {
    const { due } = this;
    return due < 0 ? undefined : Math.max(0, Math.ceil(due - performance.now()));
  }

  connected(): void {
    this.engine.reconnectExports.twinsocket_reconnecting_connected(this.handle);
  }
  prepared(): void {
    this.engine.reconnectExports.twinsocket_reconnecting_prepared(this.handle, performance.now());
  }
  failed(code: number, status: number): void {
    this.engine.reconnectExports.twinsocket_reconnecting_failed(
      this.handle,
      code,
      status,
      Math.random(),
      performance.now(),
    );
  }
  lost(code: number, reason: string): void {
    this.engine.writeText(reason);
    this.engine.reconnectExports.twinsocket_reconnecting_lost(this.handle, code, Math.random(), performance.now());
  }
  onTimer(): void {
    this.engine.reconnectExports.twinsocket_reconnecting_on_timer(this.handle, performance.now());
  }
  close(): void {
    this.engine.reconnectExports.twinsocket_reconnecting_close(this.handle);
  }
  retry(): void {
    this.engine.reconnectExports.twinsocket_reconnecting_retry(this.handle, performance.now());
  }
  /** Sets the state of the page: the bits of `watchPage`. */
  page(bits: number): void {
    this.engine.reconnectExports.twinsocket_reconnecting_page(this.handle, bits, performance.now());
  }
  /** Deletes the C++ object. Do not use this object afterwards. */
  free(): void {
    this.engine.reconnectExports.twinsocket_reconnecting_delete(this.handle);
  }
}
