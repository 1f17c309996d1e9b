// Web Locks, by which tabs and the shared worker learn that the other is gone, even if it crashed: each holds a lock as long as
// it lives, and the other waits for the same lock.

/**
 * Holds a new lock until the returned function is called or the page is gone. Calls `granted` with its name, unless the lock was
 * released before, or `failed`.
 */
export function holdLock(granted: (name: string) => void, failed: (error: unknown) => void): () => void {
  const name = `twinsocket ${crypto.randomUUID()}`;
  let release = (): void => undefined;
  let isReleased = false;
  const held = new Promise<void>((resolve) => (release = resolve));
  navigator.locks
    .request(name, () => {
      if (!isReleased) granted(name);
      return held;
    })
    .catch(failed);
  return () => {
    isReleased = true;
    release();
  };
}

/** Calls `gone` when no one holds the lock any more. The returned function cancels that. */
export function watchLock(name: string, gone: () => void): () => void {
  const cancel = new AbortController();
  navigator.locks.request(name, { signal: cancel.signal }, gone).catch(() => undefined); // cancelled
  return () => cancel.abort();
}
