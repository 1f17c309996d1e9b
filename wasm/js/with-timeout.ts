import { TwinsocketError } from './errors.js';

/** The longest timer of JavaScript: 2^31 - 1 milliseconds (24 days). */
export const maxTimerDelay = 0x7fffffff;

/** Checks a duration option. A duration beyond the longest timer means no limit. */
export function checkDuration(name: string, value: number): number {
  checkLimit(name, value);
  return value > maxTimerDelay ? Infinity : value;
}

/** Timeout and cancellation of a wait. */
export interface TimeoutOptions {
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * A promise with a timeout and an abort signal. `begin` starts the operation and returns a function that cancels it. On
 * timeout the promise is rejected with `timed_out` and the text `timeoutText`, on abort with `cancelled`, whose cause is the
 * reason of the signal.
 */
export function withTimeout<T>(
  bounds: TimeoutOptions,
  timeoutText: string,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  const { signal, timeout: wanted = Infinity } = bounds;
  return new Promise((resolve, reject) => {
    const timeout = checkDuration('timeout', wanted);
    if (signal?.aborted) throw cancelled(signal);
    const timer = timeout === Infinity ? undefined : setTimeout(onTimer, timeout);
    signal?.addEventListener('abort', onAbort);
    let cancel: () => void;
    try {
      cancel = begin(
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
      cancel();
      reject(error);
    }
    function onAbort(): void {
      stop(cancelled(signal as AbortSignal));
    }
    function onTimer(): void {
      stop(new TwinsocketError('timed_out', `${timeoutText} within ${timeout} ms`));
    }
  });
}

function cancelled({ reason }: AbortSignal): TwinsocketError {
  return new TwinsocketError('cancelled', 'cancelled by the caller', undefined, { cause: reason as unknown });
}

/** Throws `invalid_argument` unless the value is a number from 0 on. */
export function checkLimit(name: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 0))
    throw new TwinsocketError('invalid_argument', `${name} is ${String(value)}, not a number from 0 on`);
}
