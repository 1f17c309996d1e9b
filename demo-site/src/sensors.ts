import { type Codec, type Message, initXml, reconnecting } from 'demo-messages';
import { LastUpdated } from './last-updated.js';
import { sizeOf, toHex } from './bytes.js';
import { Chart, maxCurves } from './chart.js';
import { chosen, find, make, onChosen, setText } from './dom.js';
import { errorText, formatSize } from './format.js';
import { History, kindOf } from './history.js';
import { type Attempt, ReconnectingSession } from './reconnecting-session.js';
import { type SensorReport, sensorReportCodec } from './messages.js';
import type { Page } from './page.js';
import { ReadingsTable } from './readings-table.js';

/** In milliseconds: a dead server is detected in less than 30 s, for instance after a laptop's sleep. */
const keepalive = { interval: 10_000, timeout: 10_000 } as const;

/** Number of bytes of a binary message that are shown. Each takes three characters. */
const shownBytes = 4096;

const sourceNames: Readonly<Record<string, string>> = {
  simulated: 'Simulated values',
  hwmon: 'Measured by the server\u2019s hardware monitors',
  system: 'Measured by the server\u2019s kernel',
  command: 'Printed by a command on the server',
};

/** The section that shows live readings from /sensors, as numbers and as curves. */
export class SensorsSection {
  readonly session: ReconnectingSession<Message>;
  readonly #history = new History();
  readonly #table = new ReadingsTable();
  readonly #chart = new Chart(find('#sensors-chart', HTMLElement), find('#sensors-readout', HTMLElement));
  readonly #caption = find('#sensors-caption', HTMLElement);
  readonly #source = find('#sensors-source', HTMLElement);
  readonly #kinds = find('#sensors-kinds', HTMLFieldSetElement);
  readonly #pause = find('#sensors-pause', HTMLButtonElement);
  readonly #raw = find('#sensors-raw', HTMLElement);
  readonly #error = find('#sensors-error', HTMLElement);
  readonly #lastUpdated = new LastUpdated();
  #latest: SensorReport | undefined;
  #latestMessage: Message = '';
  /** The displayed report. While paused it is not the latest one. */
  #shown: SensorReport | undefined;
  #isOld = false;
  #kind = '';
  #frame = 0;

  constructor(page: Page) {
    this.session = new ReconnectingSession(find('#sensors', HTMLElement), page, {
      connect: () => this.#connect(page),
      onLost: () => this.#markOld(),
    });
    onChosen('sensor-format', () => this.session.start());
    onChosen('sensor-span', () => this.#show());
    this.#pause.addEventListener('click', () => this.#togglePause());
  }

  /** Clears the data of the previous server. */
  clear(): void {
    this.#history.clear();
    this.#table.clear();
    this.#chart.clear();
    this.#latest = this.#shown = undefined;
    this.#lastUpdated.showCurrent();
    setText(this.#source, '');
    setText(this.#caption, 'No readings yet');
  }

  get #paused(): boolean {
    return this.#pause.getAttribute('aria-pressed') === 'true';
  }

  /** Pauses only the display. Readings are still received and stored. */
  #togglePause(): void {
    const paused = !this.#paused;
    this.#pause.setAttribute('aria-pressed', String(paused));
    this.#scheduleShow();
  }

  #connect(page: Page): Attempt<Message> {
    setText(this.#error, '');
    let codec = sensorReportCodec('');
    const socket = reconnecting(page.route('/sensors'), {
      ...page.reconnectOptions,
      subprotocols: [`sensors.${chosen('sensor-format')}`],
      keepalive,
      onConnected: async (fresh) => {
        if (fresh.subprotocol === 'sensors.xml') await initXml();
        codec = sensorReportCodec(fresh.subprotocol);
      },
    });
    const onMessage = (message: Message): void => {
      try {
        this.#onMessage(message, codec);
      } catch (error) {
        setText(this.#error, `The readings cannot be shown: ${errorText(error)}`);
        void socket.close();
      }
    };
    return { socket, messages: socket, onMessage };
  }

  #onMessage(message: Message, codec: Codec<SensorReport>): void {
    this.#latest = codec.decode(message);
    this.#latestMessage = message;
    this.#isOld = false;
    this.#history.add(this.#latest);
    this.#scheduleShow();
  }

  #markOld(): void {
    this.#isOld = true;
    this.#history.interrupt();
    if (this.#shown) this.#lastUpdated.showOld(Number(this.#shown.time));
  }

  /** Updates the display at most once per frame, because readings can arrive faster and a hidden page needs no update. */
  #scheduleShow(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#paused) this.#show();
    });
  }

  #show(): void {
    const report = this.#latest;
    if (!report) return;
    this.#shown = report;
    if (this.#isOld) this.#lastUpdated.showOld(Number(report.time));
    else this.#lastUpdated.showCurrent();
    setText(this.#error, report.error ?? '');
    setText(this.#source, sourceNames[report.source] ?? report.source);
    this.#source.dataset.source = report.source;
    this.#offerKinds(report);
    const span = Number(chosen('sensor-span'));
    const since = (this.#history.times.at(-1) ?? 0) - span;
    this.#table.show(report.readings, this.#kind, (key) => this.#history.rangeOf(key, since));
    const series = this.#history.of(this.#kind);
    this.#chart.draw(this.#history.times, series, span);
    setText(this.#caption, this.#captionFor(series.length));
    const message = this.#latestMessage;
    setText(this.#raw, typeof message === 'string' ? message : toHex(message, shownBytes));
  }

  #captionFor(curves: number): string {
    const sensors = curves === 1 ? 'sensor' : 'sensors';
    const shown = curves > maxCurves ? `${maxCurves} of ${curves} ${sensors}` : `${curves} ${sensors}`;
    const name = this.#kinds.querySelector('input:checked')?.nextElementSibling?.textContent ?? '';
    const simulated = this.#latest?.source === 'simulated' ? ', simulated' : '';
    return `${name}: ${shown}${simulated}; a report takes ${formatSize(sizeOf(this.#latestMessage))}`;
  }

  /** Offers one choice per kind of sensor. Changes the choices only if the kinds have changed. */
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
  }
}
