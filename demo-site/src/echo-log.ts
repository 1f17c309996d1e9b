import { preview, sizeOf } from './bytes.js';
import { find, make } from './dom.js';
import { formatDuration, formatSize, formatTime } from './format.js';

const entriesKept = 200;

type Direction = 'sent' | 'received' | 'event';

const arrows: Readonly<Record<Direction, string>> = { sent: '\u2191', received: '\u2193', event: '\u2022' };

/** The log of messages, oldest first. It scrolls to the end unless the user has scrolled up. */
export class EchoLog {
  readonly #box: HTMLElement;
  readonly #list: HTMLOListElement;

  constructor(box: HTMLElement) {
    this.#box = box;
    this.#list = find('ol', HTMLOListElement, box);
  }

  message(direction: 'sent' | 'received', message: string | Uint8Array, roundTrip?: number): void {
    const kind = typeof message === 'string' ? 'text' : 'binary';
    const content = make('span', typeof message === 'string' ? 'log-content' : 'log-content mono', preview(message));
    const facts = make('span', 'log-facts', `${kind}, ${formatSize(sizeOf(message))}`);
    if (roundTrip !== undefined) facts.append(make('span', 'log-trip', `${formatDuration(roundTrip)} round trip`));
    this.#add(direction, facts, content);
  }

  event(text: string): void {
    this.#add('event', make('span', 'log-content', text));
  }

  clear(): void {
    this.#list.replaceChildren();
  }

  #add(direction: Direction, ...parts: Node[]): void {
    const atEnd = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < 8;
    const now = new Date();
    const time = make('time', 'log-time', formatTime(now));
    time.dateTime = now.toISOString();
    const mark = make('span', 'log-mark', arrows[direction]);
    mark.setAttribute('aria-hidden', 'true');
    const entry = make('li', 'log-entry', mark);
    if (direction !== 'event') entry.append(make('span', 'log-direction', direction));
    entry.append(...parts, time);
    entry.dataset.direction = direction;
    this.#list.append(entry);
    while (this.#list.children.length > entriesKept) this.#list.firstElementChild?.remove();
    if (atEnd) this.#box.scrollTop = this.#box.scrollHeight;
  }
}
