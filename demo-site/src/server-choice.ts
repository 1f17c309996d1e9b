import type { InPageServer } from './in-page-server.js';
import type { ConnectionOptions, Page } from './page.js';
import { ServerBar } from './server-bar.js';
import { ServerPanel, isConnectFailure } from './server-panel.js';

/** The host of URLs of the server in the page. It belongs to this machine, which needs no network to reach it. */
const inPageOrigin = 'ws://in-page.localhost';

/** Timeout of connecting, and the longest delay of an attempt to reconnect, in milliseconds: somebody is watching. */
const timeout = 5000;
const maxDelay = 5000;

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
  readonly #listeners: (() => void)[] = [];
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
      cut: (time) => this.#inPage?.cut(time),
    });
  }

  /** Connects for the first time. */
  begin(): void {
    if (this.#bar.beginsInPage) void this.#useInPage();
    else this.#useAddress();
  }

  get options(): ConnectionOptions {
    return this.#inPage ? { timeout, webSocket: this.#inPage.webSocket } : { timeout };
  }

  get reconnectOptions(): ConnectionOptions & { maxDelay: number } {
    return { ...this.options, maxDelay };
  }

  route(path: string): string {
    return (this.#inPage ? inPageOrigin : this.#bar.server) + path;
  }

  onConnected(): void {
    if (!this.#inPage) {
      this.#hasAnswered = true;
      this.#panel.showConnected(this.#bar.server);
    }
    for (const listener of this.#listeners) listener();
  }

  whenConnected(listener: () => void): void {
    this.#listeners.push(listener);
  }

  onLost(): void {
    if (!this.#inPage) this.#panel.showLost(this.#bar.server);
  }

  onConnectFailed(error: unknown): void {
    if (this.#inPage || !isConnectFailure(error)) return;
    // A server that was there will probably come back, so nothing takes its place.
    if (this.#hasAnswered) this.#panel.showLost(this.#bar.server, error);
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
    this.#panel.showConnecting(this.#bar.address);
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
      this.#panel.showNoServer(this.#bar.address ?? 'the address above', failure, error);
    }
  }
}
