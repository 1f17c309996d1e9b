/** Returns 128 random bits, which nobody can guess, as text. */
export function randomText(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].join('-');
}
