import { TwinsocketError } from 'demo-messages';
import { find, setText } from './dom.js';

const connectErrorCodes: readonly string[] = [
  'connect_failed',
  'handshake_failed',
  'resolve_failed',
  'timed_out',
  'tls_failed',
];

/** True for errors that mean that no server was reached. False for errors in the request. */
export function isConnectFailure(error: unknown): error is TwinsocketError {
  return error instanceof TwinsocketError && connectErrorCodes.includes(error.code);
}

/** The default address of `twinsocket serve`. */
const defaultServer = 'ws://127.0.0.1:8080';

/** The panel that the page shows without a server. It explains how to start one. */
export class NoServerPanel {
  readonly #panel = find('#no-server', HTMLElement);
  readonly #local = find('#no-server-local', HTMLButtonElement);

  /** `use` connects to a given server, or again to the current one. */
  constructor(use: (server?: string) => void) {
    find('#no-server-retry', HTMLButtonElement).addEventListener('click', () => use());
    this.#local.addEventListener('click', () => use(defaultServer));
    setText(find('#no-server-command', HTMLElement), `build/bin/twinsocket serve --origin ${location.origin}`);
    find('#no-server-secure', HTMLElement).hidden = location.protocol !== 'https:';
  }

  show(server: string, error: TwinsocketError): void {
    setText(find('#no-server-address', HTMLElement), server);
    setText(find('#no-server-reason', HTMLElement), `Error: ${error.message}`);
    this.#local.hidden = server === defaultServer;
    this.#panel.hidden = false;
  }

  hide(): void {
    const focused = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    // Hiding a focused button moves the focus to the top of the page.
    if (focused) find('#content', HTMLElement).focus();
  }
}
