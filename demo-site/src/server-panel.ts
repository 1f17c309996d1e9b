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
  /** Drops the connections to the server in the page, and lets new ones fail for this time. */
  cut(milliseconds: number): void;
}

/** What the panel says of the server that the page uses. */
type Kind = 'connecting' | 'connected' | 'missing' | 'in-page';

const inPageText =
  'Its C++ handlers run as WebAssembly, without a network. Sensor values are simulated; chat rooms are this tab\u2019s own.';

/** The panel that says which server the page uses, and how to start one. Its height does not change with what it says. */
export class ServerPanel {
  readonly #panel = find('#server-panel', HTMLElement);
  readonly #title = find('#server-panel-title', HTMLElement);
  readonly #text = find('#server-panel-text', HTMLElement);
  readonly #retry = find('#server-panel-retry', HTMLButtonElement);
  readonly #cut = find('#in-page-cut', HTMLButtonElement);
  readonly #reason = find('#server-panel-reason', HTMLElement);
  #kind: Kind = 'connecting';

  constructor(actions: ServerPanelActions) {
    this.#retry.addEventListener('click', () => actions.use());
    find('#server-panel-local', HTMLButtonElement).addEventListener('click', () => actions.use(defaultServer));
    this.#cut.addEventListener('click', () => this.#cutConnections(actions));
    setText(find('#server-panel-command', HTMLElement), `build/bin/twinsocket serve --origin ${location.origin}`);
    find('#server-panel-secure', HTMLElement).hidden = location.protocol !== 'https:';
  }

  showConnecting(server: string | undefined): void {
    this.#show('connecting', 'Connecting', server ? `to ${server}` : '');
  }

  showConnected(server: string): void {
    const hint = 'If that stops and starts again, each section comes back by itself and says what happened.';
    this.#show('connected', 'Connected', `The sections use ${server}. ${hint}`);
  }

  /** A connection to `server` is lost. `error` says why an attempt to reconnect has failed, if there was one. */
  showLost(server: string, error?: unknown): void {
    const text = `The connection to ${server} is lost. The page tries again by itself.`;
    this.#show('missing', error ? 'No server answers' : 'Connection lost', text, error);
  }

  /** `server` does not answer, and the one in the page could not be started. */
  showNoServer(server: string, failure: unknown, error?: unknown): void {
    const text = `No twinsocket server was found at ${server}. The server in this tab could not be started: ${errorText(failure)}`;
    this.#show('missing', 'No server answers', text, error);
  }

  /** The server runs in the page, because somebody has chosen that, or because `server` does not answer. */
  showInPage(server: string | undefined, error?: TwinsocketError): void {
    const why = error ? `No server answers at ${server}. ` : '';
    this.#show('in-page', 'The server runs in this tab', why + inPageText, error);
  }

  #cutConnections(actions: ServerPanelActions): void {
    if (isBusy(this.#cut)) return;
    const text = this.#text.textContent ?? '';
    actions.cut(cutTime);
    setBusy(this.#cut, true);
    setText(this.#text, `The connection is cut for ${cutTime / 1000} s. Then the sections reconnect by themselves.`);
    setTimeout(() => {
      setBusy(this.#cut, false);
      if (this.#kind === 'in-page') setText(this.#text, `New connections are possible again. ${text}`);
    }, cutTime);
  }

  #show(kind: Kind, title: string, text: string, error?: unknown): void {
    const focused = document.activeElement;
    this.#kind = kind;
    this.#panel.dataset.server = kind;
    setText(this.#title, title);
    setText(this.#text, text);
    setText(this.#reason, error ? `Error: ${errorText(error)}` : '');
    this.#retry.hidden = kind !== 'missing';
    this.#cut.hidden = kind !== 'in-page';
    // Hiding a focused button moves the focus to the top of the page.
    if (focused instanceof HTMLElement && focused.hidden) this.#title.focus();
  }
}
