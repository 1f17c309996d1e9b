import { type Connection, type Message, connect } from 'demo-messages';
import { parseHex } from './bytes.js';
import { describeClose } from './close.js';
import { EchoSession } from './echo-session.js';
import { chosen, find, onChosen, setText } from './dom.js';
import { EchoLog } from './echo-log.js';
import { errorText } from './format.js';
import type { Page } from './page.js';

/** The section that sends messages to /echo and shows the replies with their round-trip times. */
export class EchoSection {
  readonly session: EchoSession;
  readonly #log = new EchoLog(find('#echo-log', HTMLElement));
  readonly #text = find('#echo-text', HTMLTextAreaElement);
  readonly #hex = find('#echo-hex', HTMLTextAreaElement);
  readonly #file = find('#echo-file', HTMLInputElement);
  readonly #error = find('#echo-error', HTMLElement);
  readonly #code = find('#echo-close-code', HTMLInputElement);
  readonly #reason = find('#echo-close-reason', HTMLInputElement);
  /** Send times of the messages without a reply yet. Replies arrive in the same order. */
  #pendingSendTimes: number[] = [];

  constructor(page: Page) {
    this.session = new EchoSession(find('#echo', HTMLElement), {
      connect: (signal) => page.watch(connect(page.route('/echo'), { timeout: page.timeout, signal })),
      receive: (connection) => this.#receive(connection),
      closeWith: () => ({ code: this.#code.valueAsNumber || 1000, reason: this.#reason.value }),
    });
    const form = find('#echo-form', HTMLFormElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    for (const field of [this.#text, this.#hex]) {
      field.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit();
      });
    }
    onChosen('echo-kind', (kind) => this.#showField(kind));
    this.#showField(chosen('echo-kind'));
    find('#echo-clear', HTMLButtonElement).addEventListener('click', () => this.#log.clear());
  }

  async #receive(connection: Connection): Promise<void> {
    const pendingSendTimes: number[] = [];
    this.#pendingSendTimes = pendingSendTimes;
    this.#log.event(`open: ${connection.url}`);
    try {
      for await (const message of connection) {
        const sent = pendingSendTimes.shift();
        this.#log.message('received', message, sent === undefined ? undefined : performance.now() - sent);
      }
    } catch (error) {
      setText(this.#error, errorText(error));
    }
    this.#log.event(describeClose(await connection.closed));
  }

  async #send(): Promise<void> {
    setText(this.#error, '');
    const { connection } = this.session;
    if (!connection) {
      setText(this.#error, 'Not connected. Connect first.');
      return;
    }
    const pendingSendTimes = this.#pendingSendTimes;
    let message: Message;
    try {
      message = await this.#compose();
    } catch (error) {
      setText(this.#error, errorText(error));
      return;
    }
    const started = performance.now();
    pendingSendTimes.push(started);
    try {
      await connection.send(message);
      this.#log.message('sent', message);
    } catch (error) {
      pendingSendTimes.splice(pendingSendTimes.lastIndexOf(started), 1);
      setText(this.#error, errorText(error));
    }
  }

  async #compose(): Promise<Message> {
    switch (chosen('echo-kind')) {
      case 'bytes':
        return parseHex(this.#hex.value);
      case 'file': {
        const file = this.#file.files?.[0];
        if (!file) throw new Error('No file is chosen.');
        return new Uint8Array(await file.arrayBuffer());
      }
      default:
        return this.#text.value;
    }
  }

  #showField(kind: string): void {
    for (const field of document.querySelectorAll<HTMLElement>('#echo-form [data-kind]')) {
      field.hidden = field.dataset.kind !== kind;
    }
    setText(this.#error, '');
  }
}
