import { type Connection, type Message, connect } from 'demo-messages';
import { parseHex } from './bytes.js';
import { describeClose } from './close.js';
import { Conversation } from './conversation.js';
import { chosen, find, onChosen, setText } from './dom.js';
import { EchoLog } from './echo-log.js';
import { errorText } from './format.js';
import type { Page } from './page.js';

/** The section that sends messages to /echo and shows the replies with their round-trip times. */
export class EchoSection {
  readonly conversation: Conversation;
  readonly #log = new EchoLog(find('#echo-log', HTMLElement));
  readonly #text = find('#echo-text', HTMLTextAreaElement);
  readonly #hex = find('#echo-hex', HTMLTextAreaElement);
  readonly #file = find('#echo-file', HTMLInputElement);
  readonly #error = find('#echo-error', HTMLElement);
  readonly #code = find('#echo-close-code', HTMLInputElement);
  readonly #reason = find('#echo-close-reason', HTMLInputElement);
  /** Send times of the messages without a reply yet. Replies arrive in the same order. */
  #underWay: number[] = [];

  constructor(page: Page) {
    this.conversation = new Conversation(find('#echo', HTMLElement), {
      connect: (signal) => page.watch(connect(page.route('/echo'), { timeout: page.timeout, signal })),
      talk: (connection) => this.#talk(connection),
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

  async #talk(connection: Connection): Promise<void> {
    const underWay: number[] = [];
    this.#underWay = underWay;
    this.#log.event(`open: ${connection.url}`);
    try {
      for await (const message of connection) {
        const sent = underWay.shift();
        this.#log.message('received', message, sent === undefined ? undefined : performance.now() - sent);
      }
    } catch (error) {
      setText(this.#error, errorText(error));
    }
    this.#log.event(describeClose(await connection.closed));
  }

  async #send(): Promise<void> {
    setText(this.#error, '');
    const { connection } = this.conversation;
    if (!connection) {
      setText(this.#error, 'Not connected. Connect first.');
      return;
    }
    const underWay = this.#underWay;
    let message: Message;
    try {
      message = await this.#compose();
    } catch (error) {
      setText(this.#error, errorText(error));
      return;
    }
    const started = performance.now();
    underWay.push(started);
    try {
      await connection.send(message);
      this.#log.message('sent', message);
    } catch (error) {
      underWay.splice(underWay.lastIndexOf(started), 1);
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
      field.hidden = field.dataset['kind'] !== kind;
    }
    setText(this.#error, '');
  }
}
