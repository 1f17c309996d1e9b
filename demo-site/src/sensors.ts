import { type Codec, type Message, reconnecting } from 'demo-messages';
import { Age } from './age.js';
import { sizeOf, toHex } from './bytes.js';
import { Chart, curveLimit } from './chart.js';
import { chosen, find, make, onChosen, setText } from './dom.js';
import { errorText, formatSize } from './format.js';
import { History, kindOf } from './history.js';
import { LastingConversation, type LastingConversationOptions } from './lasting-conversation.js';
import { type SensorReport, sensorReportCodec } from './messages.js';
import type { Page } from './page.js';
import { ReadingsTable } from './readings-table.js';

/** A server that is gone is noticed in less than half a minute, as after a laptop's sleep; in milliseconds. */
const keepalive = { interval: 10_000, timeLimit: 10_000 } as const;

/** How much of a binary message is shown; hexadecimal digits take three times as much. */
const shownBytes = 4096;

const sourceNames: Readonly<Record<string, string>> = {
  simulated: 'Simulated values, not measured',
  hwmon: 'Measured by the server\u2019s hardware monitors',
  system: 'Measured by the server\u2019s kernel',
  command: 'From a command on the server',
};

/** The section that shows live readings from /sensors, as numbers and as curves. */
export class SensorsSection {
  readonly conversation: LastingConversation;
  readonly #history = new History();
  readonly #table = new ReadingsTable();
  readonly #chart = new Chart(find('#sensors-chart', HTMLElement), find('#sensors-readout', HTMLElement));
  readonly #caption = find('#sensors-caption', HTMLElement);
  readonly #source = find('#sensors-source', HTMLElement);
  readonly #kinds = find('#sensors-kinds', HTMLFieldSetElement);
  readonly #pause = find('#sensors-pause', HTMLButtonElement);
  readonly #raw = find('#sensors-raw', HTMLElement);
  readonly #error = find('#sensors-error', HTMLElement);
  readonly #age = new Age();
  #latest: SensorReport | undefined;
  #latestMessage: Message = '';
  /** What is on the screen, which is not the latest while it is paused. */
  #shown: SensorReport | undefined;
  #isOld = false;
  #kind = '';
  #frame = 0;

  constructor(page: Page) {
    this.conversation = new LastingConversation(find('#sensors', HTMLElement), page, {
      connect: () => this.#connect(page),
      lapsed: () => this.#lapse(),
    });
    onChosen('sensor-format', () => this.conversation.start());
    this.#pause.addEventListener('click', () => this.#togglePause());
  }

  /** Forgets what another server sent. */
  clear(): void {
    this.#history.clear();
    this.#table.clear();
    this.#chart.clear();
    this.#latest = this.#shown = undefined;
    this.#age.current();
    setText(this.#source, '');
    setText(this.#caption, 'No readings yet');
  }

  get #paused(): boolean {
    return this.#pause.getAttribute('aria-pressed') === 'true';
  }

  /** While it is paused the readings still come in and are kept: only the display stands still. */
  #togglePause(): void {
    const paused = !this.#paused;
    this.#pause.setAttribute('aria-pressed', String(paused));
    this.#showSoon();
  }

  #connect(page: Page): ReturnType<LastingConversationOptions['connect']> {
    setText(this.#error, '');
    let codec = sensorReportCodec('');
    const socket = reconnecting(page.route('/sensors'), {
      subprotocols: [`sensors.${chosen('sensor-format')}`],
      timeout: page.timeout,
      keepalive,
      prepare: (fresh) => {
        codec = sensorReportCodec(fresh.subprotocol);
      },
    });
    const take = (message: Message): void => {
      try {
        this.#take(message, codec);
      } catch (error) {
        setText(this.#error, `The readings cannot be shown: ${errorText(error)}`);
        void socket.close();
      }
    };
    return { socket, take };
  }

  #take(message: Message, codec: Codec<SensorReport>): void {
    this.#latest = codec.decode(message);
    this.#latestMessage = message;
    this.#isOld = false;
    this.#history.add(this.#latest);
    this.#showSoon();
  }

  #lapse(): void {
    this.#isOld = true;
    this.#history.interrupt();
    if (this.#shown) this.#age.old(Number(this.#shown.time));
  }

  /** Shows what came once per frame at most: readings can come faster, and a hidden page needs none. */
  #showSoon(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#paused) this.#show();
    });
  }

  #show(): void {
    const report = this.#latest;
    if (!report) return;
    this.#shown = report;
    if (this.#isOld) this.#age.old(Number(report.time));
    else this.#age.current();
    setText(this.#error, report.error ?? '');
    setText(this.#source, sourceNames[report.source] ?? report.source);
    this.#source.dataset['source'] = report.source;
    this.#offerKinds(report);
    this.#table.show(report.readings, this.#kind);
    const series = this.#history.of(this.#kind);
    this.#chart.draw(this.#history.times, series);
    setText(this.#caption, this.#captionFor(series.length));
    const message = this.#latestMessage;
    setText(this.#raw, typeof message === 'string' ? message : toHex(message, shownBytes));
  }

  #captionFor(curves: number): string {
    const sensors = curves === 1 ? 'sensor' : 'sensors';
    const shown = curves > curveLimit ? `${curveLimit} of ${curves} ${sensors}` : `${curves} ${sensors}`;
    const name = this.#kinds.querySelector('input:checked')?.nextElementSibling?.textContent ?? '';
    const simulated = this.#latest?.source === 'simulated' ? ', simulated' : '';
    return `${name}: ${shown}${simulated}; a report takes ${formatSize(sizeOf(this.#latestMessage))}`;
  }

  /** One choice for each kind of sensor that there is; they change only when the sensors do. */
  #offerKinds(report: SensorReport): void {
    const kinds = new Map(report.readings.map((reading) => [kindOf(reading).id, kindOf(reading).name]));
    const offered = [...this.#kinds.querySelectorAll('input')].map((input) => input.value);
    if (offered.length === kinds.size && offered.every((id) => kinds.has(id))) return;
    if (!kinds.has(this.#kind)) this.#kind = [...kinds.keys()][0] ?? '';
    for (const label of this.#kinds.querySelectorAll('label')) label.remove();
    for (const [id, name] of kinds) {
      const radio = make('input');
      radio.type = 'radio';
      radio.name = 'sensor-kind';
      radio.value = id;
      radio.checked = id === this.#kind;
      radio.addEventListener('change', () => {
        this.#kind = id;
        this.#show();
      });
      this.#kinds.append(make('label', '', radio, make('span', '', name)));
    }
    this.#kinds.hidden = kinds.size === 0;
  }
}
