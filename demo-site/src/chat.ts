import { type ChannelClient, type ChannelPublication, type Member, channels } from 'demo-messages/channels';
import './style/chat-room.css';
import { ChatLog } from './chat-log.js';
import { ChatMembers } from './chat-members.js';
import { nameProblem } from './chat-name.js';
import { ChatOutbox } from './chat-outbox.js';
import { type RoomEvent, roomEvents } from './chat-room.js';
import { chosen, find, onChosen, setText } from './dom.js';
import { errorText } from './format.js';
import { MemberList } from './member-list.js';
import type { Page } from './page.js';
import { type Attempt, ReconnectingSession } from './reconnecting-session.js';
import { Recovery, describeCause } from './recovery.js';

/** In milliseconds. */
const keepalive = { interval: 10_000, timeout: 10_000 } as const;

const labels = { Connect: 'Join', Reconnect: 'Join again', Close: 'Leave', Closing: 'Leaving' } as const;

/** The section with the rooms of /channels: who is here, the last messages, and what became of them after a loss. */
export class ChatSection {
  readonly session: ReconnectingSession<RoomEvent>;
  readonly #log = new ChatLog();
  readonly #outbox = new ChatOutbox(this.#log, async (text, key) => {
    if (!this.#client) throw new Error('you are not in a room');
    await this.#client.publish(this.#channel, text, { key });
  });
  readonly #members = new ChatMembers();
  readonly #name = find('#chat-name', HTMLInputElement);
  readonly #text = find('#chat-text', HTMLInputElement);
  readonly #outcome = find('#chat-outcome', HTMLElement);
  readonly #hint = this.#outcome.textContent ?? '';
  readonly #error = find('#chat-error', HTMLElement);
  readonly #here = new MemberList();
  readonly #recovery = new Recovery();
  #client: ChannelClient | undefined;
  #channel = '';
  #joinedName = '';
  /** What identifies this page's connections for the server. */
  readonly #own = new Set<string>();

  constructor(page: Page) {
    this.session = new ReconnectingSession(find('#chat', HTMLElement), page, {
      connect: () => this.#join(page),
      onOpen: () => void this.#onOpen(),
      onLost: () => this.#onLost(),
      labels,
    });
    const rejoin = (): void => {
      if (this.session.isActive) this.session.start();
    };
    onChosen('chat-room', rejoin);
    this.#name.addEventListener('change', () => {
      // The Enter key that joins changes the field, too.
      if (this.#name.value.trim() !== this.#joinedName) rejoin();
    });
    this.#name.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing && !this.session.isActive) this.session.start();
    });
    find('#chat-send', HTMLFormElement).addEventListener('submit', () => this.#send());
  }

  leave(): void {
    this.session.leave();
    this.#clear();
  }

  #clear(): void {
    this.#client = undefined;
    this.#own.clear();
    this.#here.clear();
    this.#recovery.reset();
    this.#log.clear();
    this.#members.clear();
    setText(this.#outcome, this.#hint);
    setText(this.#error, '');
  }

  #join(page: Page): Attempt<RoomEvent> {
    this.#clear();
    const name = this.#name.value.trim();
    const problem = nameProblem(name);
    this.#name.setAttribute('aria-invalid', String(problem !== ''));
    if (problem) throw new Error(problem);
    const room = chosen('chat-room');
    const client = channels(page.route('/channels'), { ...page.reconnectOptions, token: () => name, keepalive });
    this.#client = client;
    this.#channel = `chat:${room}`;
    this.#joinedName = name;
    return {
      socket: client,
      messages: this.#watch(client, roomEvents(client, this.#channel)),
      onMessage: (event) => this.#onEvent(event),
      // The isolates keep the direction of a name from the text around it.
      openText: `in ${room} as \u2068${name}\u2069`,
    };
  }

  /** Shows why the server has ended the subscription. The end of the connection is shown as its state. */
  async *#watch(client: ChannelClient, events: AsyncIterable<RoomEvent>): AsyncGenerator<RoomEvent> {
    try {
      yield* events;
    } catch (error) {
      if (client === this.#client && client.status.phase !== 'closed')
        setText(this.#error, `The room cannot be joined: ${errorText(error)}`);
    }
  }

  async #onOpen(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    if (client.identity) this.#own.add(client.identity.client);
    this.#recovery.opened(Date.now());
    try {
      await this.#here.refresh(() => client.presence(this.#channel));
    } catch {
      // Who comes and goes is shown nevertheless.
    }
    // The server has answered the subscription before, and what was missed is shown in the microtasks until the timer.
    await new Promise((resolve) => setTimeout(resolve));
    if (client !== this.#client || client.status.phase !== 'open') return;
    this.#showMembers();
    if (this.#recovery.isRunning) setText(this.#outcome, this.#recovery.finish());
  }

  #onLost(): void {
    const phase = this.#client?.status.phase;
    if (phase === 'closed') {
      this.#here.clear();
      this.#members.clear();
      this.#recovery.reset();
      setText(this.#outcome, this.#hint);
    } else if (this.#client?.identity) {
      this.#recovery.lost(Date.now());
      this.#members.markOld();
      setText(this.#outcome, 'The connection is lost. What you write now is sent when it is back.');
    }
  }

  #onEvent(event: RoomEvent): void {
    switch (event.kind) {
      case 'history':
        this.#log.silently(() => {
          for (const one of event.publications) this.#showMessage(one, false);
        });
        break;
      case 'publication': {
        const isRecovered = this.#recovery.isRunning && event.publisher?.client !== this.#client?.identity?.client;
        if (isRecovered) this.#recovery.countMessage();
        this.#showMessage(event, isRecovered);
        break;
      }
      case 'gap':
        this.#recovery.gap(event.why);
        this.#log.gap(describeCause(event.why));
        break;
      default:
        this.#here.change(event);
        if (!this.#isOwn(event.member)) this.#log.presence(event.member, event.kind);
        this.#showMembers();
    }
  }

  #showMessage(publication: ChannelPublication, isRecovered: boolean): void {
    const { publisher } = publication;
    this.#log.message(publication, { isOwn: publisher !== undefined && this.#isOwn(publisher), isRecovered });
  }

  #showMembers(): void {
    const current = this.#client?.identity?.client;
    // A server that has crashed could not tell that this page's connection to it is gone.
    const members = this.#here.members.filter((member) => member.client === current || !this.#isOwn(member));
    this.#members.show(members, current);
  }

  #isOwn(member: Member): boolean {
    return this.#own.has(member.client);
  }

  #send(): void {
    const text = this.#text.value.trim();
    setText(this.#error, '');
    if (!text) return;
    if (!this.session.isActive) {
      setText(this.#error, 'Join the room first.');
      return;
    }
    this.#text.value = '';
    void this.#outbox.send(text);
  }
}
