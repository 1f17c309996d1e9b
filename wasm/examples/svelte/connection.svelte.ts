import { type Codec, type ReconnectingConnection, type SendStatus, reconnecting } from 'twinsocket';

/** Messages to keep. */
const maxMessages = 100;

/**
 * A reconnecting connection that lasts as long as the component. If `url` reads a state that changes, another connection is
 * opened. On a server, where effects do not run, nothing is opened.
 */
export function useConnection<T>(url: () => string, codec: Codec<T>) {
  let phase = $state.raw('connecting');
  let messages = $state.raw<T[]>([]);
  let error = $state.raw<string>();
  let current: ReconnectingConnection<T, T> | undefined;

  $effect(() => {
    // One signal ends the connection and its events.
    const leaving = new AbortController();
    const { signal } = leaving;
    const socket = reconnecting<T>(url(), { codec, signal });
    current = socket;
    socket.addEventListener('status', () => (phase = socket.status.phase), { signal });
    const receive = async () => {
      for await (const message of socket) if (!signal.aborted) messages = [...messages.slice(1 - maxMessages), message];
    };
    receive().catch((reason) => signal.aborted || (error = String(reason)));
    return () => leaving.abort();
  });

  return {
    get phase() {
      return phase;
    },
    get messages() {
      return messages;
    },
    get error() {
      return error;
    },
    /** Sends now, or as soon as there is a connection. */
    send: (message: T): SendStatus => current?.trySend(message) ?? 'refused',
  };
}
