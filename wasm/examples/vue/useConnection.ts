import { type Codec, type ReconnectingConnection, type SendStatus, reconnecting } from 'twinsocket';
import { type MaybeRefOrGetter, onMounted, onUnmounted, shallowRef, toValue, watch } from 'vue';

/** Messages to keep. */
const maxMessages = 100;

/**
 * A reconnecting connection that lasts as long as the component. Another URL opens another connection. On a server, where
 * components are not mounted, nothing is opened.
 */
export function useConnection<T>(url: MaybeRefOrGetter<string>, codec: Codec<T>) {
  const phase = shallowRef('connecting');
  const messages = shallowRef<T[]>([]);
  const error = shallowRef<string>();
  let current: ReconnectingConnection<T, T> | undefined;
  let leaving = new AbortController();

  function open(address: string): void {
    leaving.abort();
    leaving = new AbortController();
    // One signal ends the connection and its events.
    const { signal } = leaving;
    const socket = reconnecting<T>(address, { codec, signal });
    current = socket;
    socket.addEventListener('status', () => (phase.value = socket.status.phase), { signal });
    const receive = async () => {
      for await (const message of socket)
        if (!signal.aborted) messages.value = [...messages.value.slice(1 - maxMessages), message];
    };
    receive().catch((reason) => signal.aborted || (error.value = String(reason)));
  }
  onMounted(() => watch(() => toValue(url), open, { immediate: true }));
  onUnmounted(() => leaving.abort());

  /** Sends now, or as soon as there is a connection. */
  const send = (message: T): SendStatus => current?.trySend(message) ?? 'refused';
  return { phase, messages, error, send };
}
