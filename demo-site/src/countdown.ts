import { setText } from './dom.js';

/** How often it looks at the clock, in milliseconds: often enough that no second seems to be left out. */
const step = 200;

/** A text that changes with the time that has passed. */
export class Countdown {
  readonly #place: HTMLElement;
  #timer = 0;

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  /** Shows what `text` says so many milliseconds from now on, until something else is shown. */
  show(text: (since: number) => string): void {
    clearInterval(this.#timer);
    const start = Date.now();
    const tick = (): void => setText(this.#place, text(Date.now() - start));
    tick();
    this.#timer = window.setInterval(tick, step);
  }

  hide(): void {
    clearInterval(this.#timer);
    setText(this.#place, '');
  }
}
