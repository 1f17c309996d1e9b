import type { Message, ReconnectStatus, ReconnectingConnection } from 'demo-messages';
import { Countdown } from './countdown.js';
import { find, isBusy, setBusy, setText } from './dom.js';
import { errorText } from './format.js';
import type { Page } from './page.js';
import { nextAttempt, connectionStatus } from './connection-status.js';

export interface ReconnectingSessionOptions {
  /** Starts connecting. Returns the connection and the handler of its messages. */
  connect(): { socket: ReconnectingConnection; onMessage: (message: Message) => void };
  /** Called when the connection is lost, so that the displayed values are no longer current. */
  onLost(): void;
}

/** A reconnecting connection with buttons to close it, to connect again and to retry at once. */
export class ReconnectingSession {
  readonly #page: Page;
  readonly #options: ReconnectingSessionOptions;
  readonly #state: HTMLElement;
  readonly #countdown: Countdown;
  readonly #toggle: HTMLButtonElement;
  readonly #retry: HTMLButtonElement;
  #socket: ReconnectingConnection | undefined;
  #wasOpen = false;

  constructor(place: HTMLElement, page: Page, options: ReconnectingSessionOptions) {
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

  /** Leaves the current connection, if any, and connects again. */
  start(): void {
    this.leave();
    try {
      const { socket, onMessage } = this.#options.connect();
      this.#socket = socket;
      socket.addEventListener('status', () => this.#show(socket));
      this.#show(socket);
      void this.#receive(socket, onMessage);
    } catch (error) {
      this.#write('failed', `not connected: ${errorText(error)}`, 'Reconnect');
    }
  }

  /** Closes the current connection without waiting. Its later events are ignored. */
  leave(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#wasOpen = false;
    void socket?.close(1000, 'reconnecting');
    this.#write('closed', 'not connected', 'Connect');
  }

  async #receive(socket: ReconnectingConnection, onMessage: (message: Message) => void): Promise<void> {
    try {
      for await (const message of socket) {
        if (socket !== this.#socket) return;
        onMessage(message);
      }
    } catch {
      // Closed for good. The status has the reason.
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
    const { state, text, button, isReconnecting } = connectionStatus(status, socket.subprotocol);
    this.#write(state, text, button, isReconnecting ? status : undefined);
    if (status.phase === 'open') {
      this.#wasOpen = true;
      this.#page.onConnected();
    } else if (isReconnecting || status.phase === 'closed') {
      this.#options.onLost();
      // A server that was connected before will probably come back, so the page does not explain how to start one.
      if (!this.#wasOpen && status.error) this.#page.onConnectFailed(status.error);
    }
  }

  /** `reconnectStatus` is the status while it tries to reconnect. */
  #write(state: string, text: string, button: string, reconnectStatus?: ReconnectStatus): void {
    this.#state.dataset.state = state;
    setText(this.#state, text);
    setText(this.#toggle, button);
    setBusy(this.#toggle, state === 'closing');
    if (reconnectStatus) this.#countdown.show((since) => nextAttempt(reconnectStatus, since));
    else this.#countdown.hide();
    // Hiding a focused button moves the focus to the top of the page.
    if (!reconnectStatus && document.activeElement === this.#retry) this.#toggle.focus();
    this.#retry.hidden = !reconnectStatus;
    setBusy(this.#retry, reconnectStatus?.phase !== 'waiting' && reconnectStatus?.phase !== 'paused');
  }
}
