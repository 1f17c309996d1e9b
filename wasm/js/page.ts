import { PageBit } from './abi.js';
import { watchPage } from './sockets.js';

const listeners = new Set<(bits: number) => void>();
let now: number | undefined;

/** The state of the page or worker: the bits of {@link watchPage}. */
export function pageState(): number {
  return (now ??= watchPage((bits) => {
    now = bits & ~PageBit.resumed;
    for (const listener of listeners) listener(bits);
  }));
}

/** Adds a listener. The returned function removes it. */
export function onPageChange(listener: (bits: number) => void): () => void {
  pageState();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
