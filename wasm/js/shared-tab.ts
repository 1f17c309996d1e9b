// What a connection needs from the page: its events, and the shared worker.

interface PageEvents {
  /** The page is left. It may come back from the back-forward cache. */
  left(): void;
  /** The page came back. */
  returned(): void;
  /** The page became visible, or the browser continues it. */
  shown(): void;
}

type Document = EventTarget & { readonly visibilityState: string };

/**
 * True where tabs can share a connection: in pages with SharedWorker and Web Locks, which need HTTPS or localhost, and with an
 * origin, which a sandboxed frame has not.
 */
export function canShare(): boolean {
  const { document, origin } = globalThis as { document?: unknown; origin?: string };
  return typeof SharedWorker === 'function' && !!document && origin !== 'null' && !!globalThis.navigator?.locks;
}

/**
 * Starts the worker, or connects to the one that another tab has started. Tabs may have different versions of the page: if the
 * messages of shared-protocol.ts change, so must the name. Bundlers find the file by the last expression, which is therefore
 * without variables.
 */
export function startWorker(url: string | URL | undefined): SharedWorker {
  if (url) return new SharedWorker(url, { type: 'module', name: 'twinsocket 1' });
  return new SharedWorker(new URL('./shared-worker.js', import.meta.url), { type: 'module', name: 'twinsocket 1' });
}

/** Calls `events`. The returned function ends that. */
export function watchPage({ left, returned, shown }: PageEvents): () => void {
  const { document } = globalThis as unknown as { document: Document };
  const end = new AbortController();
  const { signal } = end;
  const onVisibility = (): void => {
    if (document.visibilityState === 'visible') shown();
  };
  const onShow = (event: Event): void => {
    if ((event as Event & { persisted: boolean }).persisted) returned();
  };
  addEventListener('pagehide', left, { signal });
  addEventListener('pageshow', onShow, { signal });
  document.addEventListener('visibilitychange', onVisibility, { signal });
  document.addEventListener('resume', shown, { signal });
  return () => end.abort();
}
