import { type CloseInfo, type Codec, connect } from 'demo-messages';
import { describeClose } from './close.js';
import { find, isBusy, make, setBusy, setText } from './dom.js';
import { errorText } from './format.js';
import { type Person, personCodecs as codecs } from './messages.js';
import type { Page } from './page.js';
import { PersonForm } from './person-form.js';

type Format = keyof typeof codecs;
const formats: readonly Format[] = ['json', 'xml'];

/** Timeout of the reply to one document, in milliseconds. */
const replyTimeout = 5000;

/** The section that shows one Person as JSON and as XML, and sends either. */
export class PersonSection {
  readonly #page: Page;
  readonly #form = new PersonForm(['jan@example.com', 'jan@example.org'], () => this.#write());
  readonly #documents = {
    json: find('#person-json', HTMLTextAreaElement),
    xml: find('#person-xml', HTMLTextAreaElement),
  };
  readonly #result = find('#person-both-result', HTMLElement);

  constructor(page: Page) {
    this.#page = page;
    for (const format of formats) {
      const place = find(`.document[data-format="${format}"]`, HTMLElement);
      const state = find('.state', HTMLElement, place);
      const button = find('button', HTMLButtonElement, place);
      button.addEventListener('click', () => void this.#send(format, button, state));
    }
    const both = find('#person-both', HTMLButtonElement);
    both.addEventListener('click', () => void this.#sendBoth(both));
    this.#write();
  }

  /** Writes both documents from the form. */
  #write(): void {
    for (const format of formats) this.#documents[format].value = String(codecs[format].encode(this.#form.value));
  }

  /** Sends one document unchanged. The server answers by closing: with 1000, or with 1007 and the error. */
  async #send(format: Format, button: HTMLButtonElement, state: HTMLElement): Promise<void> {
    if (isBusy(button)) return;
    setBusy(button, true);
    show(state, 'connecting', 'sending');
    try {
      const socket = await this.#page.watch(
        connect(this.#page.route(`/person/${format}`), { timeout: this.#page.timeout }),
      );
      await socket.send(this.#documents[format].value);
      const info = await withTimeout(socket.closed, replyTimeout);
      if (!info) {
        await socket.close();
        show(state, 'failed', 'no answer from the server');
      } else if (info.code === 1000) {
        show(state, 'open', `accepted, ${describeClose(info)}`);
      } else {
        show(state, 'failed', `refused, ${describeClose(info)}`);
      }
    } catch (error) {
      show(state, 'failed', errorText(error));
    } finally {
      setBusy(button, false);
    }
  }

  /** Sends the Person of the form to /echo in both formats, and compares the replies. */
  async #sendBoth(button: HTMLButtonElement): Promise<void> {
    if (isBusy(button)) return;
    setBusy(button, true);
    const sent = this.#form.value;
    try {
      const back = [await this.#echo(codecs.json, sent), await this.#echo(codecs.xml, sent)] as const;
      const equal = back.every((value) => codecs.json.encode(value) === codecs.json.encode(sent));
      this.#result.replaceChildren(
        facts('Decoded from JSON', back[0]),
        facts('Decoded from XML', back[1]),
        equal
          ? make('p', 'verdict equal', 'Both are equal to what was sent')
          : make('p', 'verdict different', 'They differ from what was sent'),
      );
    } catch (error) {
      this.#result.replaceChildren(make('p', 'error', errorText(error)));
    } finally {
      setBusy(button, false);
    }
  }

  async #echo(codec: Codec<Person>, value: Person): Promise<Person> {
    const socket = await this.#page.watch(connect(this.#page.route('/echo'), { codec, timeout: this.#page.timeout }));
    try {
      await socket.send(value);
      return await socket.receive({ timeout: replyTimeout });
    } finally {
      await socket.close();
    }
  }
}

function show(state: HTMLElement, name: string, text: string): void {
  state.dataset.state = name;
  setText(state, text);
}

function facts(title: string, value: Person): HTMLElement {
  const emails = value.Emails.length ? value.Emails.join(', ') : 'no e-mail';
  const text = make('span', 'mono', `${value.Name || '(no name)'}; ${emails}`);
  return make('p', 'decoded', make('strong', '', title), text);
}

async function withTimeout(closed: Promise<CloseInfo>, milliseconds: number): Promise<CloseInfo | undefined> {
  let timer = 0;
  const late = new Promise<undefined>((resolve) => {
    timer = window.setTimeout(() => resolve(undefined), milliseconds);
  });
  return Promise.race([closed, late]).finally(() => clearTimeout(timer));
}
