import { watchPage } from './sockets.js';

const listeners = new Set<(bits: number) => void>();
let now: number | undefined;

/** What the page or the worker is: the bits of {@link watchPage}. */
export function pageNow(): number {
  return (now ??= watchPage((bits) => {
    now = bits & 7;
    for (const listener of listeners) listener(bits);
  }));
}

/** Tells of changes until the result is called. */
export function onPage(listener: (bits: number) => void): () => void {
  pageNow();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
