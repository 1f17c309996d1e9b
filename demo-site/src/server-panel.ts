import { TwinsocketError } from 'demo-messages';
import { find, isBusy, setBusy, setText } from './dom.js';
import { errorText } from './format.js';

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

/** How long the button cuts the connection, in milliseconds. */
const cutTime = 5000;

export interface ServerPanelActions {
  /** Connects to a given server, or again to the current one. */
  use(server?: string): void;
  useInPage(): void;
  /** Drops the connections to the server in the page, and lets new ones fail for this time. */
  cut(milliseconds: number): void;
}

/** The panel that the page shows without a server. It says that the server runs in the page, or how to start one. */
export class ServerPanel {
  readonly #panel = find('#server-panel', HTMLElement);
  readonly #title = find('#server-panel-title', HTMLElement);
  readonly #text = find('#server-panel-text', HTMLElement);
  readonly #note = find('#in-page-note', HTMLElement);
  readonly #retry = find('#server-panel-retry', HTMLButtonElement);
  readonly #local = find('#server-panel-local', HTMLButtonElement);
  readonly #inPage = find('#server-panel-in-page', HTMLButtonElement);
  readonly #cut = find('#in-page-cut', HTMLButtonElement);
  readonly #cutNote = find('#in-page-cut-note', HTMLElement);
  readonly #help = find('#server-panel details', HTMLDetailsElement);
  readonly #reason = find('#server-panel-reason', HTMLElement);

  constructor(actions: ServerPanelActions) {
    this.#retry.addEventListener('click', () => actions.use());
    this.#local.addEventListener('click', () => actions.use(defaultServer));
    this.#inPage.addEventListener('click', () => actions.useInPage());
    this.#cut.addEventListener('click', () => {
      if (isBusy(this.#cut)) return;
      actions.cut(cutTime);
      setBusy(this.#cut, true);
      setText(
        this.#cutNote,
        `The connection is cut for ${cutTime / 1000} s. The sensors and the chat then reconnect by themselves, the echo by its button.`,
      );
      setTimeout(() => {
        setBusy(this.#cut, false);
        setText(this.#cutNote, 'New connections are possible again.');
      }, cutTime);
    });
    setText(find('#server-panel-command', HTMLElement), `build/bin/twinsocket serve --origin ${location.origin}`);
    find('#server-panel-secure', HTMLElement).hidden = location.protocol !== 'https:';
  }

  /** `server` does not answer. */
  showNoServer(server: string, error: unknown): void {
    setText(this.#title, 'No server answers');
    setText(
      this.#text,
      `No twinsocket server was found at ${server}. The page itself works; it only needs a server to connect to.`,
    );
    setText(this.#reason, `Error: ${errorText(error)}`);
    this.#help.open = true;
    this.#show(server, false);
  }

  /** The server runs in the page, because somebody has chosen that, or because `server` does not answer. */
  showInPage(server: string | undefined, error?: TwinsocketError): void {
    setText(this.#title, 'The server runs in this tab');
    setText(
      this.#text,
      error
        ? `No server answers at ${server}; this page now runs the server\u2019s own C++ handlers in this tab.`
        : 'This page runs the server\u2019s own C++ handlers in this tab.',
    );
    setText(this.#reason, error ? `Error: ${error.message}` : '');
    this.#help.open = false;
    this.#show(server, true);
  }

  hide(): void {
    const focused = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    // Hiding a focused button moves the focus to the top of the page.
    if (focused) find('#content', HTMLElement).focus();
  }

  #show(server: string | undefined, isInPage: boolean): void {
    const focused = document.activeElement;
    this.#note.hidden = !isInPage;
    this.#cut.hidden = !isInPage;
    this.#cutNote.hidden = !isInPage;
    setText(this.#cutNote, '');
    this.#inPage.hidden = isInPage;
    this.#local.hidden = server === defaultServer;
    this.#retry.hidden = server === undefined;
    setText(this.#retry, isInPage ? `Use ${server}` : 'Try again');
    this.#panel.hidden = false;
    // Hiding a focused button moves the focus to the top of the page.
    if (focused instanceof HTMLElement && focused.hidden) this.#title.focus();
  }
}
