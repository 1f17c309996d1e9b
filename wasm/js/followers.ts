import type { ReconnectStatus } from './reconnect-options.js';

/** Changes that are kept for those who do not ask for them. */
const mostChanges = 32;

/** Those who follow a status: each gets all its changes, one after the other, whenever it asks. */
export class Followers {
  private readonly all = new Set<(status: ReconnectStatus) => void>();

  tell(status: ReconnectStatus): void {
    for (const follow of this.all) follow(status);
  }

  /** The changes from the present status on, until it is `closed`. */
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
