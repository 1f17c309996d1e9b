import type { ReconnectStatus } from './reconnect-options.js';

/** Queue limit of one iterator. When it is full, the oldest change is dropped. */
const mostChanges = 32;

/** The async iterators over a status. Each iterator has its own queue of changes. */
export class Followers {
  private readonly all = new Set<(status: ReconnectStatus) => void>();

  tell(status: ReconnectStatus): void {
    for (const follow of this.all) follow(status);
  }

  /** Iterates over the changes, beginning with the current status and ending with `closed`. */
  follow(present: ReconnectStatus): AsyncIterableIterator<ReconnectStatus> {
    const changes = [present];
    let wake: (() => void) | undefined;
    const follow = (status: ReconnectStatus): void => {
      if (changes.length === mostChanges) changes.shift();
      changes.push(status);
      wake?.();
    };
    const { all } = this;
    all.add(follow);
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
        all.delete(follow);
      }
    })();
  }
}
