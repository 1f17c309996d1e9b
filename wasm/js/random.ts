import { TwinsocketError } from './errors.js';

/**
 * Returns 128 random bits, which nobody can guess, as text. Throws `unsupported` if the platform has no random numbers for
 * that, as React Native without a package that adds them.
 */
export function randomText(): string {
  const { crypto } = globalThis as { crypto?: Crypto };
  if (!crypto?.getRandomValues)
    throw new TwinsocketError('unsupported', 'this platform has no crypto.getRandomValues()');
  return [...crypto.getRandomValues(new Uint32Array(4))].join('-');
}
