import type { Member } from 'demo-messages/channels';
import { nameOf } from './chat-log.js';
import { find, make, setText } from './dom.js';

const membersShown = 100;

/** Shows who is in the room. */
export class ChatMembers {
  readonly #title = find('#chat-members-title', HTMLElement);
  readonly #box = find('#chat-members', HTMLElement);
  readonly #list = find('#chat-members ul', HTMLUListElement);

  /** `own` is the name of the page's own connection. */
  show(members: readonly Member[], own: string | undefined): void {
    const names = members.slice(0, membersShown).map((member) => {
      const entry = make('li', 'chat-member', nameOf(member));
      if (member.client === own) entry.append(make('span', 'chat-tag', 'you'));
      return entry;
    });
    const rest = members.length - names.length;
    if (rest > 0) names.push(make('li', 'chat-member note', `and ${rest} more`));
    this.#list.replaceChildren(...names);
    setText(this.#title, `Here now: ${members.length}`);
    this.#box.dataset.values = 'current';
  }

  /** The connection is lost, so that nobody knows who comes and goes. */
  markOld(): void {
    setText(this.#title, 'Here before the loss');
    this.#box.dataset.values = 'old';
  }

  clear(): void {
    this.#list.replaceChildren();
    setText(this.#title, 'Here now');
    this.#box.dataset.values = 'current';
  }
}
