import { type CloseInfo, type Codec, Person, cbor, connect, initXml, json, xml } from 'demo-messages';
import './style/person-result.css';
import { sizeOf, toHex } from './bytes.js';
import { describeClose } from './close.js';
import { find, isBusy, make, setBusy, setText } from './dom.js';
import { errorText, formatSize } from './format.js';
import type { Page } from './page.js';
import { PersonForm } from './person-form.js';

const codecs = { json: json(Person), xml: xml(Person), cbor: cbor(Person) } as const;
const formats = ['json', 'xml'] as const;
type Format = (typeof formats)[number];

/** Timeout of the reply to one document, in milliseconds. */
const replyTimeout = 5000;

/** Starts the section. XML is written by WebAssembly, whose module is loaded before. */
export async function startPerson(page: Page): Promise<void> {
  await initXml();
  new PersonSection(page);
}

/** The section that shows one Person as JSON, XML and CBOR, and sends them. */
class PersonSection {
  readonly #page: Page;
  readonly #form = new PersonForm(() => this.#write());
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
      this.#documents[format].addEventListener('input', () => this.#read(format));
    }
    find('#person details', HTMLDetailsElement).addEventListener('toggle', () => void showSource(), { once: true });
    const both = find('#person-both', HTMLButtonElement);
    both.addEventListener('click', () => void this.#sendBoth(both));
    this.#write();
  }

  /** Writes the documents from the form, but for the one that is being edited. */
  #write(edited?: Format): void {
    const person = this.#form.value;
    for (const format of formats) {
      if (format !== edited) this.#documents[format].value = String(codecs[format].encode(person));
      this.#showError(format, '');
    }
    const bytes = codecs.cbor.encode(person) as Uint8Array;
    setText(find('#person-cbor', HTMLElement), toHex(bytes, bytes.length));
    setText(find('#person-cbor-size', HTMLElement), formatSize(sizeOf(bytes)));
  }

  /** Checks an edited document, and writes the others from it. */
  #read(format: Format): void {
    try {
      this.#form.value = codecs[format].decode(this.#documents[format].value);
      this.#write(format);
    } catch (error) {
      this.#showError(format, errorText(error));
    }
  }

  #showError(format: Format, text: string): void {
    setText(find(`#person-${format}-error`, HTMLElement), text);
    this.#documents[format].setAttribute('aria-invalid', String(text !== ''));
  }

  /** Sends one document unchanged. The server answers by closing: with 1000, or with 1007 and the error. */
  async #send(format: Format, button: HTMLButtonElement, state: HTMLElement): Promise<void> {
    if (isBusy(button)) return;
    setBusy(button, true);
    show(state, 'connecting', 'sending');
    try {
      const socket = await this.#page.watch(connect(this.#page.route(`/person/${format}`), this.#page.options));
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

  /** Sends the Person of the form to /echo in all formats, and compares the replies. */
  async #sendBoth(button: HTMLButtonElement): Promise<void> {
    if (isBusy(button)) return;
    setBusy(button, true);
    const sent = this.#form.value;
    try {
      const back = [
        await this.#echo(codecs.json, sent),
        await this.#echo(codecs.xml, sent),
        await this.#echo(codecs.cbor, sent),
      ] as const;
      const equal = back.every((value) => codecs.json.encode(value) === codecs.json.encode(sent));
      this.#result.replaceChildren(
        facts('Decoded from JSON', back[0]),
        facts('Decoded from XML', back[1]),
        facts('Decoded from CBOR', back[2]),
        equal
          ? make('p', 'verdict equal', 'All are equal to what was sent')
          : make('p', 'verdict different', 'They differ from what was sent'),
      );
    } catch (error) {
      this.#result.replaceChildren(make('p', 'error', errorText(error)));
    } finally {
      setBusy(button, false);
    }
  }

  async #echo(codec: Codec<Person>, value: Person): Promise<Person> {
    const socket = await this.#page.watch(connect(this.#page.route('/echo'), { ...this.#page.options, codec }));
    try {
      await socket.send(value);
      return await socket.receive({ timeout: replyTimeout });
    } finally {
      await socket.close();
    }
  }
}

async function showSource(): Promise<void> {
  (await import('./person-source.js')).showPersonSource();
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
