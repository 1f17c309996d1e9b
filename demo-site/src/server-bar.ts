import { find, setText } from './dom.js';
import { errorText } from './format.js';
import { inPage, parseServer, sameOriginServer, serverFromQuery, storeServerInUrl } from './server-url.js';

export interface ServerBarActions {
  /** The address of the field is to be used. */
  use(): void;
  useInPage(): void;
}

/** The field for the server's address. Initially that of `?server=`, otherwise the page's own origin. */
export class ServerBar {
  /** The page's URL asks for the server in the page. */
  readonly beginsInPage = serverFromQuery(location) === inPage;
  readonly #input = find('#server-address', HTMLInputElement);
  readonly #inPage = find('#server-in-page', HTMLButtonElement);
  readonly #note = find('#server-note', HTMLElement);
  #server: string | undefined;

  constructor(actions: ServerBarActions) {
    const asked = this.beginsInPage ? undefined : serverFromQuery(location);
    this.#setServer(asked ?? sameOriginServer(location) ?? '');
    find('#server', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.use(this.#input.value)) actions.use();
    });
    this.#inPage.addEventListener('click', () => {
      if (this.#inPage.getAttribute('aria-pressed') === 'true') {
        if (this.useAgain()) actions.use();
      } else {
        this.storeInPage();
        actions.useInPage();
      }
    });
  }

  /** The base URL, such as `ws://127.0.0.1:8080`. Throws if the field has no valid address. */
  get server(): string {
    if (this.#server === undefined) throw new Error('Enter the address of a server above.');
    return this.#server;
  }

  /** The same, or undefined if the field has no valid address. */
  get address(): string | undefined {
    return this.#server;
  }

  /** Sets the address and stores it in the page's URL. Returns false and shows the error if the address is invalid. */
  use(text: string): boolean {
    if (!this.#setServer(text)) return false;
    storeServerInUrl(this.server);
    return true;
  }

  /** The same with the last valid address. */
  useAgain(): boolean {
    return this.use(this.#server ?? this.#input.value);
  }

  /** Stores in the page's URL that the server in the page is used. */
  storeInPage(): void {
    storeServerInUrl(inPage);
  }

  /** Shows whether the server in the page is used instead of the address. */
  show(isInPage: boolean): void {
    this.#inPage.setAttribute('aria-pressed', String(isInPage));
    if (isInPage) setText(this.#note, 'Not used now');
    else if (this.#server !== undefined) this.#showAddress(this.#server);
  }

  #setServer(text: string): boolean {
    this.#input.value = text;
    try {
      const server = parseServer(text, location);
      this.#server = server;
      this.#input.value = server;
      this.#input.removeAttribute('aria-invalid');
      this.#showAddress(server);
      return true;
    } catch (error) {
      this.#input.setAttribute('aria-invalid', 'true');
      setText(this.#note, errorText(error));
      return false;
    }
  }

  #showAddress(server: string): void {
    setText(
      this.#note,
      server === sameOriginServer(location) ? 'The server of this page' : "Saved in this page's address",
    );
  }
}
