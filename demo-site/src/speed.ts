import { find, isBusy, make, setBusy, setText } from './dom.js';
import { errorText } from './format.js';
import type { Page } from './page.js';
import type { Comparison, Figures } from './speed-measure.js';
import { burstBytes, messagesUnderway, roundTripBytes } from './speed-workload.js';

interface Row {
  title: string;
  unit: string;
  digits: number;
  of(figures: Figures): number;
}

const rows: Row[] = [
  { title: `Round trip of ${roundTripBytes} bytes, median`, unit: 'ms', digits: 3, of: (figures) => figures.median },
  { title: 'Round trip, 99th percentile', unit: 'ms', digits: 3, of: (figures) => figures.percentile99 },
  {
    title: `Messages of ${burstBytes} bytes, ${messagesUnderway} in flight`,
    unit: 'per second',
    digits: 0,
    of: (figures) => figures.rate,
  },
];

function text(row: Row, figures: Figures): string {
  const value = row.of(figures);
  return `${value.toLocaleString('en', { minimumFractionDigits: row.digits, maximumFractionDigits: row.digits })} ${row.unit}`;
}

/** The section that compares the package with the browser's own WebSocket. */
export class SpeedSection {
  readonly #page: Page;
  readonly #button = find('#speed-start', HTMLButtonElement);
  readonly #copy = find('#speed-copy', HTMLButtonElement);
  readonly #status = find('#speed-status', HTMLElement);
  readonly #rows = find('#speed-rows', HTMLElement);
  #stop: AbortController | undefined;
  #report = '';

  constructor(page: Page) {
    this.#page = page;
    this.#button.addEventListener('click', () => (this.#stop ? this.#stop.abort() : void this.#measure()));
    this.#copy.addEventListener('click', () => void this.#copyReport());
    setBusy(this.#copy, true);
  }

  async #measure(): Promise<void> {
    if (this.#page.options.webSocket) {
      setText(
        this.#status,
        'The browser\u2019s own WebSocket cannot reach the server in this tab. Use a real server first.',
      );
      return;
    }
    const stop = new AbortController();
    this.#stop = stop;
    setText(this.#button, 'Stop');
    setText(this.#status, 'Measuring: 0 %');
    try {
      const { compare } = await import('./speed-measure.js');
      const url = this.#page.route('/echo');
      this.#show(
        await compare(url, stop.signal, (share) => setText(this.#status, `Measuring: ${(share * 100).toFixed(0)} %`)),
        url,
      );
    } catch (error) {
      setText(this.#status, stop.signal.aborted ? 'Stopped.' : errorText(error));
      if (!stop.signal.aborted) this.#page.onConnectFailed(error);
    }
    this.#stop = undefined;
    setText(this.#button, 'Measure');
  }

  #show(measured: Comparison, url: string): void {
    const clients: [string, Figures][] = [
      ['twinsocket', measured.twinsocket],
      ['WebSocket', measured.plain],
    ];
    this.#rows.replaceChildren(
      ...rows.flatMap((row) => {
        const largest = Math.max(...clients.map(([, figures]) => row.of(figures)));
        return clients.map(([name, figures], index) => {
          const bar = make('span', `speed-bar speed-bar-${index + 1}`);
          bar.style.inlineSize = `${(row.of(figures) / largest) * 100}%`;
          const line = make(
            'tr',
            '',
            make('td', '', name),
            make('td', 'number', text(row, figures)),
            make('td', 'speed-bars', bar),
          );
          if (index === 0) {
            const title = make('th', '', row.title);
            title.scope = 'rowgroup';
            title.rowSpan = clients.length;
            line.prepend(title);
          }
          return line;
        });
      }),
    );
    this.#report = [
      `twinsocket and WebSocket in one tab, with ${url}, ${new Date().toISOString().slice(0, 10)}`,
      navigator.userAgent,
      ...rows.map(
        (row) => `${row.title}: ${clients.map(([name, figures]) => `${name} ${text(row, figures)}`).join(', ')}`,
      ),
    ].join('\n');
    setBusy(this.#copy, false);
    setText(this.#status, 'Measured. Figures of one run in one tab; other tabs and programs disturb them.');
  }

  async #copyReport(): Promise<void> {
    if (isBusy(this.#copy)) return;
    try {
      await navigator.clipboard.writeText(this.#report);
      setText(this.#status, 'Copied.');
    } catch {
      setText(this.#status, this.#report);
    }
  }
}
