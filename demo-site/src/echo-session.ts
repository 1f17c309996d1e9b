import type { CloseInfo, Connection } from 'demo-messages';
import { describeClose, isNormalClose } from './close.js';
import { find, isBusy, setBusy, setText } from './dom.js';
import { errorText } from './format.js';

type State = 'connecting' | 'open' | 'closing' | 'closed' | 'failed';

export interface EchoSessionOptions {
  /** Opens the connection. Aborting the signal cancels the attempt. */
  connect(signal: AbortSignal): Promise<Connection>;
  /** Receives messages until the connection has ended. */
  receive(connection: Connection): Promise<void>;
  /** Close code and reason for a close by the user. Default: 1000 without a reason. */
  closeWith?(): { code: number; reason: string };
}

/** A connection with a button to open and close it, and a display of its state. */
export class EchoSession {
  readonly #options: EchoSessionOptions;
  readonly #place: HTMLElement;
  readonly #state: HTMLElement;
  readonly #button: HTMLButtonElement;
  #attempt: AbortController | undefined;
  #connection: Connection | undefined;

  constructor(place: HTMLElement, options: EchoSessionOptions) {
    this.#options = options;
    this.#place = place;
    this.#state = find('.state', HTMLElement, place);
    this.#button = find('[data-role="toggle"]', HTMLButtonElement, place);
    this.#button.addEventListener('click', () => this.#toggle());
    this.leave();
  }

  /** The connection while it is open. */
  get connection(): Connection | undefined {
    return this.#connection?.state === 'open' ? this.#connection : undefined;
  }

  /** Leaves the current connection, if any, and connects again. Returns true if the connection is open. */
  async start(): Promise<boolean> {
    this.leave();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#show('connecting', 'connecting', 'Give up');
    try {
      const connection = await this.#options.connect(attempt.signal);
      // Aborted while the connection was opened.
      if (attempt.signal.aborted) {
        void connection.close();
        throw new Error('given up');
      }
      this.#connection = connection;
      this.#show('open', connection.subprotocol ? `open, ${connection.subprotocol}` : 'open', 'Close');
      void this.#run(connection);
      return true;
    } catch (error) {
      if (attempt !== this.#attempt) return false;
      if (attempt.signal.aborted) {
        this.#show('closed', 'given up', 'Connect');
      } else {
        this.#show('failed', `not connected: ${errorText(error)}`, 'Reconnect');
      }
      return false;
    }
  }

  async #run(connection: Connection): Promise<void> {
    await this.#options.receive(connection);
    const info = await connection.closed;
    if (connection === this.#connection) this.#showClosed(info);
  }

  /** Closes the current connection or attempt without waiting. Its later events are ignored. */
  leave(): void {
    this.#attempt?.abort();
    this.#attempt = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    void connection?.close(1000, 'reconnecting');
    this.#show('closed', 'not connected', 'Connect');
  }

  #toggle(): void {
    if (isBusy(this.#button)) return;
    if (this.#place.dataset.state === 'connecting') {
      this.#attempt?.abort();
    } else if (this.connection) {
      void this.#close(this.connection);
    } else {
      void this.start();
    }
  }

  async #close(connection: Connection): Promise<void> {
    const { code, reason } = this.#options.closeWith?.() ?? { code: 1000, reason: '' };
    this.#show('closing', 'closing', 'Closing');
    await connection.close(code, reason);
  }

  #showClosed(info: CloseInfo): void {
    this.#show(isNormalClose(info) ? 'closed' : 'failed', describeClose(info), 'Reconnect');
  }

  #show(state: State, text: string, button: string): void {
    this.#place.dataset.state = state;
    this.#state.dataset.state = state;
    setText(this.#state, text);
    setText(this.#button, button);
    setBusy(this.#button, state === 'closing');
  }
}
