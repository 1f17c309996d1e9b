import { watchPage } from './sockets.js';

const listeners = new Set<(bits: number) => void>();
let now: number | undefined;

/** The state of the page or worker: the bits of {@link watchPage}. */
export function pageNow(): number {
  return (now ??= watchPage((bits) => {
    now = bits & 7;
    for (const listener of listeners) listener(bits);
  }));
}

/** Adds a listener. The returned function removes it. */
export function onPage(listener: (bits: number) => void): () => void {
  pageNow();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
