import { sameOriginServer, parseServer, storeServerInUrl, serverFromQuery } from './server-url.js';
import { find, setText } from './dom.js';
import { errorText } from './format.js';

/** The field for the server's address. Initially that of `?server=`, otherwise the page's own origin. */
export class ServerBar {
  readonly #input = find('#server-address', HTMLInputElement);
  readonly #note = find('#server-note', HTMLElement);
  #server: string | undefined;

  constructor(changed: () => void) {
    this.#setServer(serverFromQuery(location) ?? sameOriginServer(location) ?? '');
    find('#server', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.use(this.#input.value)) changed();
    });
  }

  /** The base URL, such as `ws://127.0.0.1:8080`. Throws if the field has no valid address. */
  get server(): string {
    if (this.#server === undefined) throw new Error('Enter the address of a server above.');
    return this.#server;
  }

  /** Sets the address and stores it in the page's URL. Returns false and shows the error if the address is invalid. */
  use(text: string): boolean {
    if (!this.#setServer(text)) return false;
    storeServerInUrl(this.server);
    return true;
  }

  #setServer(text: string): boolean {
    this.#input.value = text;
    try {
      this.#server = parseServer(text, location);
      this.#input.value = this.#server;
      this.#input.removeAttribute('aria-invalid');
      const isOwnServer = this.#server === sameOriginServer(location);
      setText(this.#note, isOwnServer ? 'The server of this page' : "Saved in this page's address");
      return true;
    } catch (error) {
      this.#input.setAttribute('aria-invalid', 'true');
      setText(this.#note, errorText(error));
      return false;
    }
  }
}
