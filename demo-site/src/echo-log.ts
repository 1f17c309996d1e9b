import { type View, preview, sizeOf } from './bytes.js';
import { find, make } from './dom.js';
import { formatDuration, formatSize, formatTime } from './format.js';

const entriesKept = 200;

type Direction = 'sent' | 'received' | 'event';

const arrows: Readonly<Record<Direction, string>> = { sent: '\u2191', received: '\u2193', event: '\u2022' };

/** The log of messages, oldest first. It scrolls to the end unless the user has scrolled up. */
export class EchoLog {
  readonly #box: HTMLElement;
  readonly #list: HTMLOListElement;
  /** The messages of the entries. */
  readonly #messages = new WeakMap<Element, string | Uint8Array>();
  #view: View = 'plain';
  #pretty: ((text: string) => string) | undefined;

  constructor(box: HTMLElement) {
    this.#box = box;
    this.#list = find('ol', HTMLOListElement, box);
  }

  message(direction: 'sent' | 'received', message: string | Uint8Array, roundTrip?: number): void {
    const kind = typeof message === 'string' ? 'text' : 'binary';
    const content = make('span', 'log-content');
    this.#messages.set(content, message);
    this.#show(content, message);
    const facts = make('span', 'log-facts', `${kind}, ${formatSize(sizeOf(message))}`);
    if (roundTrip !== undefined) facts.append(make('span', 'log-trip', `${formatDuration(roundTrip)} round trip`));
    this.#add(direction, facts, content);
  }

  /** Changes how all messages are shown. Rejects if the code for that cannot be loaded. */
  async view(view: View): Promise<void> {
    this.#view = view;
    if (view === 'pretty') this.#pretty ??= (await import('./pretty.js')).pretty;
    for (const content of this.#list.querySelectorAll('.log-content')) {
      const message = this.#messages.get(content);
      if (message !== undefined) this.#show(content, message);
    }
  }

  #show(content: Element, message: string | Uint8Array): void {
    content.classList.toggle('mono', typeof message !== 'string' || this.#view !== 'plain');
    content.textContent = preview(message, this.#view, this.#pretty);
  }

  /** Adds an entry that a screen reader does not read out: the state of the section and the panel at the top say the same. */
  event(text: string): void {
    this.#box.setAttribute('aria-live', 'off');
    this.#add('event', make('span', 'log-content', text));
    requestAnimationFrame(() => this.#box.removeAttribute('aria-live'));
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
