import type { ChannelPublication, Member } from 'demo-messages/channels';
import { sizeOf } from './bytes.js';
import { find, make } from './dom.js';
import { formatSecond, formatSize } from './format.js';

const entriesKept = 200;

export interface MessageTags {
  readonly isOwn: boolean;
  /** It came after a loss of the connection. */
  readonly isRecovered: boolean;
}

/** The messages of a room, oldest first. It scrolls to the end unless the user has scrolled up. */
export class ChatLog {
  readonly #box = find('#chat-scroll', HTMLElement);
  readonly #live = find('#chat [role="log"]', HTMLElement);
  readonly #list = find('#chat-log', HTMLOListElement);

  message({ value, publisher, time }: ChannelPublication, { isOwn, isRecovered }: MessageTags): void {
    const text = typeof value === 'string' ? value : `${formatSize(sizeOf(value))}, binary`;
    const head = make('p', 'chat-head', nameOf(publisher));
    if (isOwn) head.append(make('span', 'chat-tag', 'you'));
    if (isRecovered) head.append(make('span', 'chat-tag recovered', 'recovered'));
    head.append(timeOf(Number(time)));
    const entry = make('li', 'chat-entry', head, chatText(text));
    entry.dataset.sender = isOwn ? 'self' : 'other';
    this.#add(entry);
  }

  /** Somebody has come or gone. */
  presence(member: Member, kind: 'joined' | 'left'): void {
    this.#add(make('li', 'chat-entry chat-event', make('p', '', nameOf(member), ` ${kind}`), timeOf(Date.now())));
  }

  /** Messages are missing here. */
  gap(why: string): void {
    this.#add(make('li', 'chat-entry chat-gap', make('p', '', `Messages may be missing here: ${why}`)));
  }

  /** Adds entries that a screen reader does not read out: it would read the whole history. */
  silently(add: () => void): void {
    this.#live.setAttribute('aria-live', 'off');
    add();
    requestAnimationFrame(() => this.#live.removeAttribute('aria-live'));
  }

  clear(): void {
    this.#list.replaceChildren();
  }

  /** Runs what adds to the box, and scrolls to the end if it was there before. */
  keepAtEnd(add: () => void): void {
    const isAtEnd = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < 8;
    add();
    if (isAtEnd) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #add(entry: HTMLLIElement): void {
    this.keepAtEnd(() => {
      this.#list.append(entry);
      while (this.#list.children.length > entriesKept) this.#list.firstElementChild?.remove();
    });
  }
}

/** The text of a message, whose direction its first letter decides. */
export function chatText(text: string): HTMLElement {
  const element = make('p', 'chat-text', text);
  element.dir = 'auto';
  return element;
}

/** A name of a stranger. <bdi> keeps its direction from the text around it. */
export function nameOf(member: Member | undefined): HTMLElement {
  return make('bdi', 'chat-name', member ? member.user : 'server');
}

function timeOf(milliseconds: number): HTMLTimeElement {
  const time = make('time', 'chat-time', formatSecond(milliseconds));
  time.dateTime = new Date(milliseconds).toISOString();
  return time;
}
