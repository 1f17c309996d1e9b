import { ownServer, parseServer, rememberServer, serverInAddress } from './address.js';
import { find, setText } from './dom.js';
import { errorText } from './format.js';

/** The field with the server's address. It comes from `?server=`, else from the page's own origin. */
export class ServerBar {
  readonly #input = find('#server-address', HTMLInputElement);
  readonly #note = find('#server-note', HTMLElement);
  #server: string | undefined;

  constructor(changed: () => void) {
    this.#take(serverInAddress(location) ?? ownServer(location) ?? '');
    find('#server', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.use(this.#input.value)) changed();
    });
  }

  /** The base address, such as `ws://127.0.0.1:8080`. Throws when the field holds none. */
  get server(): string {
    if (this.#server === undefined) throw new Error('The page has no address of a server yet; put one in above.');
    return this.#server;
  }

  /** Takes an address and keeps it in that of the page. False, with the reason at the field, when it is none. */
  use(text: string): boolean {
    if (!this.#take(text)) return false;
    rememberServer(this.server);
    return true;
  }

  #take(text: string): boolean {
    this.#input.value = text;
    try {
      this.#server = parseServer(text, location);
      this.#input.value = this.#server;
      this.#input.removeAttribute('aria-invalid');
      const own = this.#server === ownServer(location);
      setText(this.#note, own ? 'The one that served this page' : 'Kept in the address of this page');
      return true;
    } catch (error) {
      this.#input.setAttribute('aria-invalid', 'true');
      setText(this.#note, errorText(error));
      return false;
    }
  }
}
