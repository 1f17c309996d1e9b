import type { Message, ReconnectStatus, ReconnectingConnection } from 'demo-messages';
import { Countdown } from './countdown.js';
import { find, isBusy, setBusy, setText } from './dom.js';
import { errorText } from './format.js';
import type { Page } from './page.js';
import { nextAttempt, standingOf } from './standing.js';

export interface LastingConversationOptions {
  /** Begins to connect, and says who gets the messages. */
  connect(): { socket: ReconnectingConnection; take: (message: Message) => void };
  /** The connection is gone, so that what came over it is no longer news. */
  lapsed(): void;
}

/** A connection that comes back by itself. A person can end it, begin it again, and cut the wait short. */
export class LastingConversation {
  readonly #page: Page;
  readonly #options: LastingConversationOptions;
  readonly #state: HTMLElement;
  readonly #countdown: Countdown;
  readonly #toggle: HTMLButtonElement;
  readonly #retry: HTMLButtonElement;
  #socket: ReconnectingConnection | undefined;
  #wasOpen = false;

  constructor(place: HTMLElement, page: Page, options: LastingConversationOptions) {
    this.#page = page;
    this.#options = options;
    this.#state = find('.state', HTMLElement, place);
    this.#countdown = new Countdown(find('[role="timer"]', HTMLElement, place));
    this.#toggle = find('[data-role="toggle"]', HTMLButtonElement, place);
    this.#retry = find('[data-role="retry"]', HTMLButtonElement, place);
    this.#toggle.addEventListener('click', () => this.#change());
    this.#retry.addEventListener('click', () => {
      if (!isBusy(this.#retry)) this.#socket?.retryNow();
    });
    this.leave();
  }

  /** Connects anew, after leaving the present connection if there is one. */
  start(): void {
    this.leave();
    try {
      const { socket, take } = this.#options.connect();
      this.#socket = socket;
      socket.addEventListener('status', () => this.#show(socket));
      this.#show(socket);
      void this.#receive(socket, take);
    } catch (error) {
      this.#write('failed', `not connected: ${errorText(error)}`, 'Reconnect');
    }
  }

  /** Drops whatever there is without waiting for it; what it still does is shown no more. */
  leave(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#wasOpen = false;
    void socket?.close(1000, 'connecting anew');
    this.#write('closed', 'not connected', 'Connect');
  }

  async #receive(socket: ReconnectingConnection, take: (message: Message) => void): Promise<void> {
    try {
      for await (const message of socket) {
        if (socket !== this.#socket) return;
        take(message);
      }
    } catch {
      // It is over for good, which its status tells with the reason.
    }
  }

  #change(): void {
    if (isBusy(this.#toggle)) return;
    const socket = this.#socket;
    if (!socket || socket.status.phase === 'closed') {
      this.start();
      return;
    }
    if (socket.status.phase === 'open') this.#write('closing', 'closing', 'Closing');
    void socket.close();
  }

  #show(socket: ReconnectingConnection): void {
    if (socket !== this.#socket) return;
    const { status } = socket;
    const { state, text, button, isAway } = standingOf(status, socket.subprotocol);
    this.#write(state, text, button, isAway ? status : undefined);
    if (status.phase === 'open') {
      this.#wasOpen = true;
      this.#page.reached();
    } else if (isAway || status.phase === 'closed') {
      this.#options.lapsed();
      // A server that was there a moment ago is likely to come back: the page need not explain how to start one.
      if (!this.#wasOpen && status.error) this.#page.missed(status.error);
    }
  }

  /** `away` is where it stands while it tries to come back. */
  #write(state: string, text: string, button: string, away?: ReconnectStatus): void {
    this.#state.dataset['state'] = state;
    setText(this.#state, text);
    setText(this.#toggle, button);
    setBusy(this.#toggle, state === 'closing');
    if (away) this.#countdown.show((since) => nextAttempt(away, since));
    else this.#countdown.hide();
    // A hidden button would lose the focus to the top of the page.
    if (!away && document.activeElement === this.#retry) this.#toggle.focus();
    this.#retry.hidden = !away;
    setBusy(this.#retry, away?.phase !== 'waiting' && away?.phase !== 'paused');
  }
}
