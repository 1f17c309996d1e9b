import type { ChannelGapCause } from 'demo-messages/channels';

const causes: Readonly<Record<ChannelGapCause, string>> = {
  epoch_changed: 'the server has lost its history',
  trimmed: 'the history was trimmed',
  no_history: 'the server keeps no history',
};

export function describeCause(cause: ChannelGapCause): string {
  return causes[cause];
}

/** What became of the messages that were published while the connection was lost. */
export class Recovery {
  #lostAt: number | undefined;
  #openedAt: number | undefined;
  #messages = 0;
  #cause: ChannelGapCause | undefined;

  /** True from the end of a loss until finish(). */
  get isRunning(): boolean {
    return this.#openedAt !== undefined;
  }

  /** The connection was lost. Times are in milliseconds. A second loss before finish() belongs to the first. */
  lost(now: number): void {
    this.#lostAt ??= now;
    this.#openedAt = undefined;
  }

  /** The connection is back, if it was lost. */
  opened(now: number): void {
    if (this.#lostAt !== undefined) this.#openedAt = now;
  }

  countMessage(): void {
    this.#messages += 1;
  }

  gap(cause: ChannelGapCause): void {
    this.#cause = cause;
  }

  /** Everything that was missed has come. Returns a sentence about it. */
  finish(): string {
    const away = `Away for ${formatAway((this.#openedAt ?? 0) - (this.#lostAt ?? 0))}`;
    const text = `${away}; ${describeOutcome(this.#messages, this.#cause)}.`;
    this.reset();
    return text;
  }

  reset(): void {
    this.#lostAt = this.#openedAt = this.#cause = undefined;
    this.#messages = 0;
  }
}

function describeOutcome(messages: number, cause: ChannelGapCause | undefined): string {
  const count = messages === 1 ? '1 message' : `${messages} messages`;
  switch (cause) {
    case undefined:
      return messages > 0 ? `${count} recovered` : 'no message was missed';
    case 'trimmed':
      return `${count} recovered, but not all: ${causes.trimmed}`;
    default:
      return `could not recover: ${causes[cause]}${messages > 0 ? `. ${count} since then` : ''}`;
  }
}

function formatAway(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 1) return 'less than a second';
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
