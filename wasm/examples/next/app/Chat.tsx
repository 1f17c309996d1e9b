'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { json, type ReconnectingConnection, reconnecting, string, struct } from 'twinsocket';

const Line = struct('Line', { from: string(), text: string() });
type Line = { from: string; text: string };
const codec = json(Line);
const url = process.env.NEXT_PUBLIC_CHAT_URL ?? 'ws://localhost:8080/echo';

/** Next.js renders this on the server too, where effects do not run: nothing is opened there. */
export function Chat() {
  const [phase, setPhase] = useState('connecting');
  const [lines, setLines] = useState<Line[]>([]);
  const socket = useRef<ReconnectingConnection<Line, Line>>(null);

  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const opened = reconnecting(url, { codec, signal });
    socket.current = opened;
    opened.addEventListener('status', () => setPhase(opened.status.phase), { signal });
    const receive = async () => {
      for await (const line of opened) if (!signal.aborted) setLines((all) => [...all.slice(-99), line]);
    };
    receive().catch((reason) => signal.aborted || setPhase(String(reason)));
    return () => leaving.abort();
  }, []);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const line = { from: 'me', text: String(new FormData(form).get('text')) };
    if (socket.current?.trySend(line) !== 'refused') form.reset();
  }

  return (
    <>
      <p role="status">{phase}</p>
      <ol>
        {lines.map(({ from, text }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity, and none is inserted
          <li key={i}>{`${from}: ${text}`}</li>
        ))}
      </ol>
      <form onSubmit={submit}>
        <input name="text" aria-label="Text" required autoComplete="off" />
        <button type="submit">Send</button>
      </form>
    </>
  );
}
