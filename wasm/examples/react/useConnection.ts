import { useCallback, useEffect, useRef, useState } from 'react';
import { type Codec, type ReconnectingConnection, type SendStatus, reconnecting } from 'twinsocket';

/** Messages to keep. */
const maxMessages = 100;

/**
 * A reconnecting connection that lasts as long as the component. Define `codec` outside of components, because another
 * codec or another URL opens another connection. On a server, where effects do not run, nothing is opened.
 */
export function useConnection<T>(url: string, codec: Codec<T>) {
  const [phase, setPhase] = useState('connecting');
  const [messages, setMessages] = useState<T[]>([]);
  const [error, setError] = useState<string>();
  const current = useRef<ReconnectingConnection<T, T>>(null);

  useEffect(() => {
    // One signal ends the connection and its events, so that an effect that StrictMode runs twice leaves one connection.
    const leaving = new AbortController();
    const { signal } = leaving;
    const socket = reconnecting<T>(url, { codec, signal });
    current.current = socket;
    socket.addEventListener('status', () => setPhase(socket.status.phase), { signal });
    const receive = async () => {
      for await (const message of socket)
        if (!signal.aborted) setMessages((all) => [...all.slice(1 - maxMessages), message]);
    };
    receive().catch((reason) => signal.aborted || setError(String(reason)));
    return () => leaving.abort();
  }, [url, codec]);

  /** Sends now, or as soon as there is a connection. */
  const send = useCallback((message: T): SendStatus => current.current?.trySend(message) ?? 'refused', []);
  return { phase, messages, error, send };
}
