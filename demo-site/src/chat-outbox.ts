import { TwinsocketError } from 'demo-messages';
import { type ChatLog, chatText } from './chat-log.js';
import { find, make, setText } from './dom.js';
import { errorText } from './format.js';

/** Publishes a text to the current room. Repeated with the same key, it is published once. */
type Publish = (text: string, key: string) => Promise<unknown>;

/** The messages that the server does not have yet, below those of the room. */
export class ChatOutbox {
  readonly #log: ChatLog;
  readonly #publish: Publish;
  readonly #list = find('#chat-outbox', HTMLUListElement);
  readonly #input = find('#chat-text', HTMLInputElement);
  readonly #error = find('#chat-error', HTMLElement);

  constructor(log: ChatLog, publish: Publish) {
    this.#log = log;
    this.#publish = publish;
  }

  /** Publishes a message, which waits here until the server has it. If it fails, the user may send it again. */
  async send(text: string, key = makeKey()): Promise<void> {
    const note = make('p', 'note', 'waits for the server');
    const entry = make('li', 'chat-entry chat-unsent', chatText(text), note);
    this.#log.keepAtEnd(() => this.#list.append(entry));
    try {
      await this.#publish(text, key);
      entry.remove();
    } catch (error) {
      const why = reasonOf(error);
      const again = this.#button('Send again', entry, () => void this.send(text, key));
      const actions = make('div', 'actions', again, this.#button('Discard', entry));
      this.#log.keepAtEnd(() => note.replaceWith(make('p', 'error', `Not sent: ${why}`), actions));
      setText(this.#error, `A message was not sent: ${why}`);
    }
  }

  /** A button that removes the entry. */
  #button(label: string, entry: HTMLElement, onClick?: () => void): HTMLButtonElement {
    const button = make('button', 'button small', label);
    button.type = 'button';
    button.addEventListener('click', () => {
      entry.remove();
      setText(this.#error, '');
      // Removing a focused button moves the focus to the top of the page.
      this.#input.focus();
      onClick?.();
    });
    return button;
  }
}

/** Nobody may guess it. randomUUID() exists in secure contexts only. */
function makeKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].join('-');
}

function reasonOf(error: unknown): string {
  const isLate = error instanceof TwinsocketError && error.code === 'timed_out';
  return isLate ? 'the server has not answered. It may have the message; sent again it appears once' : errorText(error);
}
