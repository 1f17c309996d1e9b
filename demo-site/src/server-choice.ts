import type { WebSocketClass } from 'demo-messages';
import { errorText } from './format.js';
import type { InPageServer } from './in-page-server.js';
import type { Page } from './page.js';
import { ServerBar } from './server-bar.js';
import { ServerPanel, isConnectFailure } from './server-panel.js';

/** The host of URLs of the server in the page. It belongs to this machine, which needs no network to reach it. */
const inPageOrigin = 'ws://in-page.localhost';

/** Timeout of connecting, in milliseconds. */
const timeout = 5000;

/**
 * The server of the page's connections: the one at the address of the field, or the one in the page. The page turns to the
 * second if the first does not answer.
 */
export class ServerChoice implements Page {
  readonly #restart: () => void;
  readonly #bar: ServerBar;
  readonly #panel: ServerPanel;
  #loaded: Promise<InPageServer> | undefined;
  #inPage: InPageServer | undefined;
  /** The server at the address has answered since it was chosen. */
  #hasAnswered = false;
  /** Counts the choices. What was begun for an earlier one is not finished. */
  #choice = 0;

  /** `restart` leaves all connections and connects again. */
  constructor(restart: () => void) {
    this.#restart = restart;
    this.#bar = new ServerBar({
      use: () => this.#useAddress(),
      useInPage: () => void this.#useInPage(),
    });
    this.#panel = new ServerPanel({
      use: (server) => {
        if (server === undefined ? this.#bar.useAgain() : this.#bar.use(server)) this.#useAddress();
      },
      useInPage: () => {
        this.#bar.storeInPage();
        void this.#useInPage();
      },
      cut: (time) => this.#inPage?.cut(time),
    });
  }

  /** Connects for the first time. */
  begin(): void {
    if (this.#bar.beginsInPage) void this.#useInPage();
    else this.#useAddress();
  }

  get options(): { timeout: number; webSocket?: WebSocketClass } {
    return this.#inPage ? { timeout, webSocket: this.#inPage.webSocket } : { timeout };
  }

  route(path: string): string {
    return (this.#inPage ? inPageOrigin : this.#bar.server) + path;
  }

  onConnected(): void {
    if (this.#inPage) return;
    this.#hasAnswered = true;
    this.#panel.hide();
  }

  onConnectFailed(error: unknown): void {
    if (this.#inPage || !isConnectFailure(error)) return;
    // A server that was there will probably come back, so nothing takes its place.
    if (this.#hasAnswered) this.#panel.showNoServer(this.#bar.server, error);
    else void this.#useInPage(error);
  }

  async watch<T>(attempt: Promise<T>): Promise<T> {
    try {
      const connection = await attempt;
      this.onConnected();
      return connection;
    } catch (error) {
      this.onConnectFailed(error);
      throw error;
    }
  }

  #useAddress(): void {
    this.#choice += 1;
    this.#inPage = undefined;
    this.#hasAnswered = false;
    this.#bar.show(false);
    this.#panel.hide();
    this.#restart();
  }

  /** `error` says why the server at the address is not used; undefined if somebody has chosen the one in the page. */
  async #useInPage(error?: Parameters<ServerPanel['showInPage']>[1]): Promise<void> {
    this.#choice += 1;
    const choice = this.#choice;
    try {
      this.#loaded ??= import('./in-page-module.js').then(({ loadInPageServer }) => loadInPageServer());
      const server = await this.#loaded;
      if (choice !== this.#choice) return;
      this.#inPage = server;
      this.#bar.show(true);
      this.#panel.showInPage(this.#bar.address, error);
      this.#restart();
    } catch (failure) {
      this.#loaded = undefined;
      if (choice !== this.#choice) return;
      const why = `${error ? `${error.message}. ` : ''}The server in this tab could not be started: ${errorText(failure)}`;
      this.#panel.showNoServer(this.#bar.address ?? 'the address above', new Error(why));
    }
  }
}
