import { TwinsocketError } from 'demo-messages';
import { find, setText } from './dom.js';

const signs: readonly string[] = ['connect_failed', 'handshake_failed', 'resolve_failed', 'timed_out', 'tls_failed'];

/** True for the errors that mean that no server was reached, as against a mistake in what was asked of it. */
export function isAbsence(error: unknown): error is TwinsocketError {
  return error instanceof TwinsocketError && signs.includes(error.code);
}

/** Where `twinsocket serve` listens unless it is told otherwise. */
const usual = 'ws://127.0.0.1:8080';

/** The panel that a page without a server shows: what is missing, and how to start it. */
export class AbsentPanel {
  readonly #panel = find('#absent', HTMLElement);
  readonly #local = find('#absent-local', HTMLButtonElement);

  /** `use` connects to a server: a given one, or the present one anew. */
  constructor(use: (server?: string) => void) {
    find('#absent-retry', HTMLButtonElement).addEventListener('click', () => use());
    this.#local.addEventListener('click', () => use(usual));
    setText(find('#absent-command', HTMLElement), `build/bin/twinsocket serve --origin ${location.origin}`);
    find('#absent-secure', HTMLElement).hidden = location.protocol !== 'https:';
  }

  show(server: string, error: TwinsocketError): void {
    setText(find('#absent-address', HTMLElement), server);
    setText(find('#absent-reason', HTMLElement), `What was noticed: ${error.message}`);
    this.#local.hidden = server === usual;
    this.#panel.hidden = false;
  }

  hide(): void {
    const focused = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    // A hidden button would lose the focus to the top of the page.
    if (focused) find('#content', HTMLElement).focus();
  }
}
