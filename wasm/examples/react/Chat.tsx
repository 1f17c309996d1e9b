import type { FormEvent } from 'react';
import { json, string, struct } from 'twinsocket';
import { useConnection } from './useConnection';

const codec = json(struct('Line', { from: string(), text: string() }));

export function Chat() {
  const { phase, messages, error, send } = useConnection('/echo', codec);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    if (send({ from: 'me', text: String(new FormData(form).get('text')) }) !== 'refused') form.reset();
  }

  return (
    <>
      <p role="status">{error ?? phase}</p>
      <ol>
        {messages.map(({ from, text }, i) => (
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
