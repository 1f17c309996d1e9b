import type { ReconnectStatus } from './reconnect-options.js';

/** Queue limit of one iterator. When it is full, the oldest change is dropped. */
const maxStatusChanges = 32;

/** The async iterators over a status. Each iterator has its own queue of changes. */
export class StatusSubscribers {
  private readonly all = new Set<(status: ReconnectStatus) => void>();

  publish(status: ReconnectStatus): void {
    for (const listener of this.all) listener(status);
  }

  /** Iterates over the changes, beginning with the current status and ending with `closed`. */
  subscribe(current: ReconnectStatus): AsyncIterableIterator<ReconnectStatus> {
    const changes = [current];
    let wake: (() => void) | undefined;
    const listener = (status: ReconnectStatus): void => {
      if (changes.length === maxStatusChanges) changes.shift();
      changes.push(status);
      wake?.();
    };
    const { all } = this;
    all.add(listener);
    return (async function* () {
      try {
        for (;;) {
          const next = changes.shift();
          if (next) {
            yield next;
            if (next.phase === 'closed') return;
          } else {
            await new Promise<void>((resolve) => (wake = resolve));
          }
        }
      } finally {
        all.delete(listener);
      }
    })();
  }
}
