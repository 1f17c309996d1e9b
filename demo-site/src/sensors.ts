import { type Connection, connect } from 'demo-messages';
import { sizeOf } from './bytes.js';
import { Chart, curveLimit } from './chart.js';
import { Conversation } from './conversation.js';
import { chosen, find, make, onChosen, setText } from './dom.js';
import { errorText, formatSize } from './format.js';
import { History, kindOf } from './history.js';
import { type SensorReport, sensorReportCodecs as codecs } from './messages.js';
import type { Page } from './page.js';
import { ReadingsTable } from './readings-table.js';

type Format = keyof typeof codecs;

const sourceNames: Readonly<Record<string, string>> = {
  simulated: 'Simulated values, not measured',
  hwmon: 'Measured by the server\u2019s hardware monitors',
  system: 'Measured by the server\u2019s kernel',
  command: 'From a command on the server',
};

/** The section that shows live readings from /sensors, as numbers and as curves. */
export class SensorsSection {
  readonly conversation: Conversation;
  readonly #history = new History();
  readonly #table = new ReadingsTable();
  readonly #chart = new Chart(find('#sensors-chart', HTMLElement), find('#sensors-readout', HTMLElement));
  readonly #caption = find('#sensors-caption', HTMLElement);
  readonly #source = find('#sensors-source', HTMLElement);
  readonly #kinds = find('#sensors-kinds', HTMLFieldSetElement);
  readonly #pause = find('#sensors-pause', HTMLButtonElement);
  readonly #raw = find('#sensors-raw', HTMLElement);
  readonly #error = find('#sensors-error', HTMLElement);
  #format: Format = chosen('sensor-format') as Format;
  #latest: SensorReport | undefined;
  #latestMessage: string | Uint8Array = '';
  #kind = '';
  #frame = 0;

  constructor(page: Page) {
    this.conversation = new Conversation(find('#sensors', HTMLElement), {
      connect: (signal) =>
        page.watch(
          connect(page.route('/sensors'), { subprotocols: [`sensors.${this.#format}`], timeout: page.timeout, signal }),
        ),
      talk: (connection) => this.#talk(connection),
    });
    onChosen('sensor-format', (format) => {
      this.#format = format as Format;
      void this.conversation.start();
    });
    this.#pause.addEventListener('click', () => this.#togglePause());
  }

  /** Forgets what another server sent. */
  clear(): void {
    this.#history.clear();
    this.#table.clear();
    this.#chart.clear();
    this.#latest = undefined;
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

  async #talk(connection: Connection): Promise<void> {
    const codec = codecs[connection.subprotocol === 'sensors.xml' ? 'xml' : 'json'];
    setText(this.#error, '');
    try {
      for await (const message of connection) {
        this.#latest = codec.decode(message);
        this.#latestMessage = message;
        if (this.#history.add(this.#latest)) this.#showSoon();
      }
    } catch (error) {
      setText(this.#error, `The readings cannot be shown: ${errorText(error)}`);
      await connection.close();
    }
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
    setText(this.#error, report.error ?? '');
    setText(this.#source, sourceNames[report.source] ?? report.source);
    this.#source.dataset['source'] = report.source;
    this.#offerKinds(report);
    this.#table.show(report.readings, this.#kind);
    const series = this.#history.of(this.#kind);
    this.#chart.draw(this.#history.times, series);
    setText(this.#caption, this.#captionFor(series.length));
    setText(this.#raw, String(this.#latestMessage));
  }

  #captionFor(curves: number): string {
    const sensors = curves === 1 ? 'sensor' : 'sensors';
    const shown = curves > curveLimit ? `${curveLimit} of ${curves} ${sensors}` : `${curves} ${sensors}`;
    const name = this.#kinds.querySelector('input:checked')?.nextElementSibling?.textContent ?? '';
    const simulated = this.#latest?.source === 'simulated' ? ', simulated' : '';
    return `${name}: ${shown}${simulated}; ${formatSize(sizeOf(this.#latestMessage))} a message`;
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
