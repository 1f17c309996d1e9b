import { TwinsocketError } from './errors.js';

/** The longest that a timer of JavaScript's holds: 24 days. */
export const longestTimer = 0x7fffffff;

/** A duration that somebody gives: what is longer than a timer holds is no limit, in every option. */
export function duration(name: string, value: number): number {
  checkLimit(name, value);
  return value > longestTimer ? Infinity : value;
}

/** When a wait is given up. */
export interface Bounds {
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * A promise within bounds. `begin` starts what is waited for, and returns how to give it up. Past the bounds the
 * promise is rejected with `timed_out` and what `late` says, or with `cancelled`; but never once there is an outcome.
 */
export function bounded<T>(
  bounds: Bounds,
  late: string,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  const { signal, timeout: wanted = Infinity } = bounds;
  return new Promise((resolve, reject) => {
    const timeout = duration('timeout', wanted);
    if (signal?.aborted) throw cancelled();
    const timer = timeout === Infinity ? undefined : setTimeout(onTimer, timeout);
    signal?.addEventListener('abort', onAbort);
    let giveUp: () => void;
    try {
      giveUp = begin(
        (value) => {
          leave();
          resolve(value);
        },
        (error) => {
          leave();
          reject(error);
        },
      );
    } catch (error) {
      leave();
      throw error;
    }

    function leave(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
    function stop(error: TwinsocketError): void {
      leave();
      giveUp();
      reject(error);
    }
    function onAbort(): void {
      stop(cancelled());
    }
    function onTimer(): void {
      stop(new TwinsocketError('timed_out', `${late} within ${timeout} ms`));
    }
  });
}

function cancelled(): TwinsocketError {
  return new TwinsocketError('cancelled', 'the caller gave up');
}

/** Throws unless it is a number that is not below zero. */
export function checkLimit(name: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 0))
    throw new TwinsocketError('invalid_argument', `${name} is ${String(value)}, not a number from 0 on`);
}
