import type { Message } from 'demo-messages';
import { find, setText } from './dom.js';
import { errorText } from './format.js';
import type { FramesSection } from './frames.js';

export type Direction = 'sent' | 'received';

/** Keeps the last messages of the echo, and draws their frames while the section is open. Its code is loaded at its first use. */
export class FramesDetails {
  readonly #details = find('#frames details', HTMLDetailsElement);
  readonly #last = new Map<Direction, Message>();
  #section: Promise<FramesSection> | undefined;

  constructor() {
    this.#details.addEventListener('toggle', () => void this.#draw());
  }

  /** A message was sent or received. */
  note(direction: Direction, message: Message): void {
    this.#last.set(direction, message);
    void this.#draw();
  }

  async #draw(): Promise<void> {
    if (!this.#details.open) return;
    try {
      const section = await (this.#section ??= this.#load());
      await section.draw();
    } catch (error) {
      setText(find('#frames-error', HTMLElement), errorText(error));
    }
  }

  async #load(): Promise<FramesSection> {
    try {
      const { FramesSection } = await import('./frames.js');
      return await FramesSection.load((direction) => this.#last.get(direction));
    } catch (error) {
      this.#section = undefined;
      throw error;
    }
  }
}
