import type { CloseInfo, ReconnectStatus } from 'demo-messages';
import { Countdown } from './countdown.js';
import { find, isBusy, setBusy, setText } from './dom.js';
import { errorText } from './format.js';
import type { Page } from './page.js';
import { nextAttempt, connectionStatus } from './connection-status.js';

/** A ReconnectingConnection, or a client of channels. */
export interface Reconnecting {
  readonly status: ReconnectStatus;
  readonly subprotocol?: string;
  addEventListener(type: 'status', listener: () => void): void;
  retryNow(): void;
  close(code?: number, reason?: string): Promise<CloseInfo>;
}

export interface Attempt<T> {
  readonly socket: Reconnecting;
  readonly messages: AsyncIterable<T>;
  readonly onMessage: (message: T) => void;
  /** Text of the state while it is open. Default: the subprotocol. */
  readonly openText?: string;
}

export interface ReconnectingSessionOptions<T> {
  /** Starts connecting. An error is shown as the state. */
  connect(): Attempt<T>;
  /** Called when the connection is open, at first and again. */
  onOpen?(): void;
  /** Called when the connection is lost, so that the displayed values are no longer current. */
  onLost(): void;
  /** Close code and reason of a close by the user. Default: 1000 without a reason. */
  closeWith?(): { code: number; reason: string };
  /** Labels of the button in place of the usual ones. */
  readonly labels?: Readonly<Partial<Record<string, string>>>;
}

/** A reconnecting connection with buttons to close it, to connect again and to retry at once. */
export class ReconnectingSession<T> {
  readonly #page: Page;
  readonly #options: ReconnectingSessionOptions<T>;
  readonly #state: HTMLElement;
  readonly #countdown: Countdown;
  readonly #toggle: HTMLButtonElement;
  readonly #retry: HTMLButtonElement;
  #attempt: Attempt<T> | undefined;
  #isOpen = false;
  /** Failed attempts that the page was told of. */
  #failures = 0;

  constructor(place: HTMLElement, page: Page, options: ReconnectingSessionOptions<T>) {
    this.#page = page;
    this.#options = options;
    this.#state = find('.state', HTMLElement, place);
    this.#countdown = new Countdown(find('[role="timer"]', HTMLElement, place));
    this.#toggle = find('[data-role="toggle"]', HTMLButtonElement, place);
    this.#retry = find('[data-role="retry"]', HTMLButtonElement, place);
    // When one section has reached the server again, the others need not wait.
    page.whenConnected(() => this.#attempt?.socket.retryNow());
    this.#toggle.addEventListener('click', () => this.#change());
    this.#retry.addEventListener('click', () => {
      if (!isBusy(this.#retry)) this.#attempt?.socket.retryNow();
    });
    this.leave();
  }

  /** True until it is closed for good. */
  get isActive(): boolean {
    return this.#attempt !== undefined && this.#attempt.socket.status.phase !== 'closed';
  }

  /** Leaves the current connection, if any, and connects again. */
  start(): void {
    this.leave();
    try {
      const attempt = this.#options.connect();
      this.#attempt = attempt;
      attempt.socket.addEventListener('status', () => this.#show(attempt));
      this.#show(attempt);
      void this.#receive(attempt);
    } catch (error) {
      this.#write('failed', `not connected: ${errorText(error)}`, 'Reconnect');
    }
  }

  /** Closes the current connection without waiting. Its later events are ignored. */
  leave(): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#isOpen = false;
    this.#failures = 0;
    void attempt?.socket.close(1000, 'reconnecting');
    this.#write('closed', 'not connected', 'Connect');
  }

  async #receive(attempt: Attempt<T>): Promise<void> {
    try {
      for await (const message of attempt.messages) {
        if (attempt !== this.#attempt) return;
        attempt.onMessage(message);
      }
    } catch {
      // Closed for good. The status has the reason.
    }
  }

  #change(): void {
    if (isBusy(this.#toggle)) return;
    if (!this.isActive || !this.#attempt) {
      this.start();
      return;
    }
    const { socket } = this.#attempt;
    if (socket.status.phase === 'open') this.#write('closing', 'closing', 'Closing');
    const { code, reason } = this.#options.closeWith?.() ?? { code: 1000, reason: '' };
    void socket.close(code, reason);
  }

  #show(attempt: Attempt<T>): void {
    if (attempt !== this.#attempt) return;
    const { status, subprotocol = '' } = attempt.socket;
    const { state, text, button, isReconnecting } = connectionStatus(status, subprotocol);
    const isOpen = status.phase === 'open';
    this.#write(state, (isOpen && attempt.openText) || text, button, isReconnecting ? status : undefined);
    const wasOpen = this.#isOpen;
    const hasFailed = status.failures > this.#failures || status.phase === 'closed';
    this.#isOpen = isOpen;
    this.#failures = status.failures;
    if (isOpen) {
      this.#page.onConnected();
      this.#options.onOpen?.();
    } else if (isReconnecting || status.phase === 'closed') {
      this.#options.onLost();
      if (wasOpen && isReconnecting) this.#page.onLost();
      else if (hasFailed && status.error) this.#page.onConnectFailed(status.error);
    }
  }

  /** `reconnectStatus` is the status while it tries to reconnect. */
  #write(state: string, text: string, button: string, reconnectStatus?: ReconnectStatus): void {
    // The panel at the top announces a loss and the return, once for all sections.
    const isAnnounced = !reconnectStatus && !isLost(this.#state.dataset.state);
    this.#state.setAttribute('aria-live', isAnnounced ? 'polite' : 'off');
    this.#state.dataset.state = state;
    setText(this.#state, text);
    setText(this.#toggle, this.#options.labels?.[button] ?? button);
    setBusy(this.#toggle, state === 'closing');
    if (reconnectStatus) this.#countdown.show((since) => nextAttempt(reconnectStatus, since));
    else this.#countdown.hide();
    // Hiding a focused button moves the focus to the top of the page.
    if (!reconnectStatus && document.activeElement === this.#retry) this.#toggle.focus();
    this.#retry.hidden = !reconnectStatus;
    setBusy(this.#retry, reconnectStatus?.phase !== 'waiting' && reconnectStatus?.phase !== 'paused');
  }
}

const isLost = (state: string | undefined): boolean => state === 'lost' || state === 'offline';
