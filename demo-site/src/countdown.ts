import { setText } from './dom.js';

/** Update interval in milliseconds, short enough that no second is skipped. */
const step = 200;

/** A text that is updated with the elapsed time. */
export class Countdown {
  readonly #place: HTMLElement;
  #timer = 0;

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  /** Shows `text(elapsed milliseconds)` and updates it until show() or hide() is called. */
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
