import { find, setText } from './dom.js';
import { formatSecond } from './format.js';

/** Marks the displayed values as current or old. */
export class LastUpdated {
  readonly #place = find('#sensors .readings', HTMLElement);
  readonly #note = find('#sensors-last-updated', HTMLElement);
  readonly #scroll = find('#sensors-scroll', HTMLElement);
  readonly #caption = find('#sensors-scroll caption', HTMLElement);

  showCurrent(): void {
    this.#show('', 'Current values');
  }

  /** Marks them as old. `time` is when they were read, in milliseconds since 1970. */
  showOld(time: number): void {
    const when = formatSecond(time);
    this.#show(`Old values, ${when}`, `Values of ${when}`);
  }

  #show(note: string, name: string): void {
    this.#place.dataset.values = note ? 'old' : 'current';
    setText(this.#note, note);
    setText(this.#caption, `${name} with their limits`);
    this.#scroll.setAttribute('aria-label', name);
  }
}
