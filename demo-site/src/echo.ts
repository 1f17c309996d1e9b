import { type Message, type ReconnectingConnection, reconnecting } from 'demo-messages';
import { type View, parseHex, sizeOf } from './bytes.js';
import { describeClose, describeCloseCode } from './close.js';
import { chosen, find, onChosen, setText } from './dom.js';
import { EchoLog } from './echo-log.js';
import { errorText, formatDuration, formatSize } from './format.js';
import type { Page } from './page.js';
import { type Attempt, ReconnectingSession } from './reconnecting-session.js';

const maxTimes = 10_000;

/** In milliseconds: a dead server is detected in less than 30 s. */
const keepalive = { interval: 10_000, timeout: 10_000 } as const;

interface Burst {
  /** Replies that are not here yet. */
  missing: number;
  readonly times: number;
  readonly size: number;
  readonly started: number;
}

/** The section that sends messages to /echo and shows the replies with their round-trip times. */
export class EchoSection {
  readonly session: ReconnectingSession<Message>;
  readonly #log = new EchoLog(find('#echo-log', HTMLElement));
  readonly #text = find('#echo-text', HTMLTextAreaElement);
  readonly #hex = find('#echo-hex', HTMLTextAreaElement);
  readonly #file = find('#echo-file', HTMLInputElement);
  readonly #error = find('#echo-error', HTMLElement);
  readonly #code = find('#echo-close-code', HTMLInputElement);
  readonly #reason = find('#echo-close-reason', HTMLInputElement);
  readonly #onMessage: (direction: 'sent' | 'received', message: Message) => void;
  readonly #times = find('#echo-times', HTMLInputElement);
  readonly #onOpen: () => void;
  #socket: ReconnectingConnection | undefined;
  /** The connection is open, and the log says so. */
  #isOpen = false;
  /** Send times of the messages without a reply yet. Replies arrive in the same order. */
  #pendingSendTimes: number[] = [];
  /** The messages of a burst are not shown one by one. */
  #burst: Burst | undefined;

  /** `onMessage` is called for each message that is shown, `onOpen` for each connection. */
  constructor(page: Page, onMessage: (direction: 'sent' | 'received', message: Message) => void, onOpen: () => void) {
    this.#onMessage = onMessage;
    this.#onOpen = onOpen;
    this.session = new ReconnectingSession(find('#echo', HTMLElement), page, {
      connect: () => this.#connect(page),
      onOpen: () => this.#opened(page.route('/echo')),
      onLost: () => this.#lost(),
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
    onChosen('echo-view', (view) => {
      this.#log.view(view as View).catch((error: unknown) => setText(this.#error, errorText(error)));
    });
    find('#echo-clear', HTMLButtonElement).addEventListener('click', () => this.#log.clear());
    form.addEventListener('dragover', (event) => event.preventDefault());
    form.addEventListener('drop', (event) => this.#drop(event));
  }

  /** Takes a file that is dropped on the form. */
  #drop(event: DragEvent): void {
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    this.#file.files = files;
    find('input[name="echo-kind"][value="file"]', HTMLInputElement).click();
  }

  #connect(page: Page): Attempt<Message> {
    this.#lost();
    const socket = reconnecting(page.route('/echo'), { ...page.reconnectOptions, keepalive });
    this.#socket = socket;
    return { socket, messages: socket, onMessage: (message) => this.#receive(message) };
  }

  #opened(url: string): void {
    this.#isOpen = true;
    this.#pendingSendTimes = [];
    this.#burst = undefined;
    this.#log.event(`open: ${url}`);
    this.#onOpen();
  }

  /** Also called when an attempt to reconnect fails. */
  #lost(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { close, phase } = this.#socket?.status ?? {};
    if (close) this.#log.event(phase === 'closed' ? describeClose(close) : `lost: ${describeCloseCode(close)}`);
  }

  #receive(message: Message): void {
    if (this.#burst) {
      this.#countReply(this.#burst);
      return;
    }
    const sent = this.#pendingSendTimes.shift();
    this.#onMessage('received', message);
    this.#log.message('received', message, sent === undefined ? undefined : performance.now() - sent);
  }

  async #send(): Promise<void> {
    setText(this.#error, '');
    const socket = this.#socket;
    if (socket?.status.phase !== 'open') {
      setText(
        this.#error,
        this.session.isActive ? 'Not connected. The page is connecting by itself.' : 'Not connected. Connect first.',
      );
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
    const times = this.#times.valueAsNumber;
    if (!Number.isInteger(times) || times < 1 || times > maxTimes) {
      setText(this.#error, `A message is sent 1 to ${maxTimes} times.`);
      return;
    }
    if (this.#burst) {
      setText(this.#error, 'The last messages are not all back yet.');
      return;
    }
    if (times > 1) {
      await this.#sendBurst(socket, message, times);
      return;
    }
    const started = performance.now();
    pendingSendTimes.push(started);
    try {
      await socket.send(message);
      this.#onMessage('sent', message);
      this.#log.message('sent', message);
    } catch (error) {
      pendingSendTimes.splice(pendingSendTimes.lastIndexOf(started), 1);
      setText(this.#error, errorText(error));
    }
  }

  async #sendBurst(socket: ReconnectingConnection, message: Message, times: number): Promise<void> {
    this.#burst = { missing: times, times, size: sizeOf(message), started: performance.now() };
    this.#log.message('sent', message);
    this.#log.event(`sent ${times} times`);
    try {
      for (let sent = 0; sent < times; sent += 1) await socket.send(message);
    } catch (error) {
      setText(this.#error, errorText(error));
    }
  }

  #countReply(burst: Burst): void {
    burst.missing -= 1;
    if (burst.missing > 0) return;
    this.#burst = undefined;
    const taken = performance.now() - burst.started;
    const rate = Math.round(burst.times / (taken / 1000)).toLocaleString('en');
    this.#log.event(
      `all ${burst.times} back in ${formatDuration(taken)}: ${rate} a second, of ${formatSize(burst.size)} each`,
    );
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
