import { reconnectDefaults, reconnectPhases } from './abi.js';
import type { Instance } from './instance.js';
import type { CloseCodes, ReconnectPhase, ReconnectPolicy } from './reconnect-options.js';
import { withDefaults } from './with-defaults.js';

/** The reconnect state machine in C++: the JavaScript side of reconnect_abi.cpp. Supplies the clock and random numbers. */
export class ReconnectMachine {
  private readonly handle: number;

  constructor(
    private readonly instance: Instance,
    policy: ReconnectPolicy,
    host: string,
  ) {
    const { stopOn = [], reconnectOn = [], ...given } = policy;
    const numbers = Object.values(withDefaults('', reconnectDefaults, given));
    let rules = 0;
    const rule = (codes: CloseCodes, stop: number): void => {
      const [first, last] = typeof codes === 'number' ? [codes, codes] : codes;
      numbers.push(first, last, stop);
      ++rules;
    };
    for (const codes of stopOn) rule(codes, 1);
    for (const codes of reconnectOn) rule(codes, 0);
    instance.putNumbers(numbers);
    instance.put(host);
    this.handle = instance.exports.twinsocket_reconnecting(rules, performance.now());
  }

  get phase(): ReconnectPhase {
    return reconnectPhases[this.instance.exports.twinsocket_reconnecting_phase(this.handle)] as ReconnectPhase;
  }
  get failures(): number {
    return this.instance.exports.twinsocket_reconnecting_failures(this.handle);
  }
  /** When the next attempt is due, on the clock of `performance.now()`. Negative if none is due. */
  get due(): number {
    return this.instance.exports.twinsocket_reconnecting_due(this.handle);
  }
  /** Milliseconds until the next attempt; `undefined` if none is due. */
  get delay(): number | undefined {
    const { due } = this;
    return due < 0 ? undefined : Math.max(0, Math.ceil(due - performance.now()));
  }

  connected(): void {
    this.instance.exports.twinsocket_reconnecting_connected(this.handle);
  }
  prepared(): void {
    this.instance.exports.twinsocket_reconnecting_prepared(this.handle, performance.now());
  }
  failed(code: number, status: number): void {
    this.instance.exports.twinsocket_reconnecting_failed(this.handle, code, status, Math.random(), performance.now());
  }
  lost(code: number, reason: string): void {
    this.instance.put(reason);
    this.instance.exports.twinsocket_reconnecting_lost(this.handle, code, Math.random(), performance.now());
  }
  onTimer(): void {
    this.instance.exports.twinsocket_reconnecting_on_timer(this.handle, performance.now());
  }
  close(): void {
    this.instance.exports.twinsocket_reconnecting_close(this.handle);
  }
  retry(): void {
    this.instance.exports.twinsocket_reconnecting_retry(this.handle, performance.now());
  }
  /** Sets the state of the page: the bits of `watchPage`. */
  page(bits: number): void {
    this.instance.exports.twinsocket_reconnecting_page(this.handle, bits, performance.now());
  }
  /** Deletes the C++ object. Do not use this object afterwards. */
  free(): void {
    this.instance.exports.twinsocket_reconnecting_delete(this.handle);
  }
}
