// Events also where the platform has no EventTarget, such as in older versions of React Native.

type Listener = (event: { readonly type: string }) => void;

interface ListenerOptions {
  once?: boolean;
  signal?: AbortSignal;
}

class PortableEventTarget {
  private readonly listeners = new Map<string, Map<Listener, ListenerOptions>>();

  addEventListener(type: string, listener: Listener, options: ListenerOptions = {}): void {
    const all = this.listeners.get(type) ?? new Map<Listener, ListenerOptions>();
    if (options.signal?.aborted || all.has(listener)) return;
    this.listeners.set(type, all.set(listener, options));
    options.signal?.addEventListener('abort', () => this.removeEventListener(type, listener));
  }
  removeEventListener(type: string, listener: Listener): void {
    this.listeners.get(type)?.delete(listener);
  }
  /** As of the platform, an error of a listener does not reach the caller. */
  dispatchEvent(event: { readonly type: string }): boolean {
    for (const [listener, { once }] of [...(this.listeners.get(event.type) ?? [])]) {
      if (once) this.removeEventListener(event.type, listener);
      try {
        listener.call(this, event);
      } catch (error) {
        console.error(error);
      }
    }
    return true;
  }
}

export const EventTargetBase = globalThis.EventTarget ?? PortableEventTarget;

export const createEvent = (type: string): { readonly type: string } => (globalThis.Event ? new Event(type) : { type });
