// What a page or a worker tells of its network and its display. Node tells nothing.

interface Listener {
  online(on: boolean): void;
  visible(on: boolean): void;
}

interface Page extends EventTarget {
  navigator?: { onLine?: boolean };
  document?: EventTarget & { visibilityState: string };
}

/** How it stands now. */
export function pageNow(): { online: boolean; visible: boolean } {
  const { navigator, document } = globalThis as unknown as Page;
  return { online: navigator?.onLine !== false, visible: document?.visibilityState !== 'hidden' };
}

/** Tells of changes until the result is called. */
export function watchPage(listener: Listener): () => void {
  const page = globalThis as unknown as Page;
  const { document } = page;
  if (!page.addEventListener || page.navigator?.onLine === undefined) return () => undefined;
  const onOnline = (): void => listener.online(true);
  const onOffline = (): void => listener.online(false);
  const onVisibility = (): void => listener.visible(pageNow().visible);
  page.addEventListener('online', onOnline);
  page.addEventListener('offline', onOffline);
  document?.addEventListener('visibilitychange', onVisibility);
  return () => {
    page.removeEventListener('online', onOnline);
    page.removeEventListener('offline', onOffline);
    document?.removeEventListener('visibilitychange', onVisibility);
  };
}
