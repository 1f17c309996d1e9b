import type { ChatSection } from './chat.js';
import { find, isBusy, setBusy, setText } from './dom.js';
import { loadErrorText } from './format.js';
import type { Page } from './page.js';

/** The chat before it is joined. Its code and the client of channels are loaded when somebody joins. */
export class ChatForm {
  readonly #page: Page;
  readonly #name = find('#chat-name', HTMLInputElement);
  readonly #toggle = find('#chat [data-role="toggle"]', HTMLButtonElement);
  readonly #error = find('#chat-error', HTMLElement);
  readonly #loaded = new AbortController();
  #section: ChatSection | undefined;

  constructor(page: Page) {
    this.#page = page;
    // A suggestion, so that two pages have different names.
    this.#name.value ||= `Guest ${100 + Math.floor(Math.random() * 900)}`;
    const { signal } = this.#loaded;
    this.#toggle.addEventListener('click', () => void this.#load(), { signal });
    this.#name.addEventListener('keydown', (event) => event.key === 'Enter' && void this.#load(), { signal });
    find('#chat-send', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (!signal.aborted) setText(this.#error, 'Join the room first.');
    });
  }

  /** Leaves the room, if any. */
  leave(): void {
    this.#section?.leave();
  }

  async #load(): Promise<void> {
    if (isBusy(this.#toggle)) return;
    setBusy(this.#toggle, true);
    setText(this.#error, '');
    try {
      const { ChatSection } = await import('./chat.js');
      this.#loaded.abort();
      this.#section = new ChatSection(this.#page);
      this.#section.session.start();
    } catch (error) {
      setBusy(this.#toggle, false);
      setText(this.#error, loadErrorText(error));
    }
  }
}
