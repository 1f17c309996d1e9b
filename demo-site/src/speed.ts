import { find, isBusy, setBusy, setText } from './dom.js';
import { errorText } from './format.js';
import type { Page } from './page.js';
import { type Comparison, type Figures, compare } from './speed-measure.js';

interface Row {
  figure: keyof Figures;
  unit: string;
  digits: number;
}

/** The rows of the page's table. */
const rows: Row[] = [
  { figure: 'median', unit: 'ms', digits: 3 },
  { figure: 'percentile99', unit: 'ms', digits: 3 },
  { figure: 'rate', unit: 'per second', digits: 0 },
];

function text({ figure, unit, digits }: Row, figures: Figures): string {
  const value = figures[figure].toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${value} ${unit}`;
}

/** The section that compares the package with the bare socket below it: the browser's own, or that of the server in the page. */
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
    this.#button.addEventListener('click', () => (this.#stop ? this.#stop.abort() : this.start()));
    this.#copy.addEventListener('click', () => void this.#copyReport());
  }

  /** Measures, which a click stops. */
  start(): void {
    void this.#measure();
  }

  async #measure(): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    setText(this.#button, 'Stop');
    setText(this.#status, 'Measuring: 0 %');
    try {
      const url = this.#page.route('/echo');
      const { webSocket } = this.#page.options;
      const measured = await compare({
        url,
        signal: stop.signal,
        webSocket,
        onProgress: (share) => setText(this.#status, `Measuring: ${(share * 100).toFixed(0)} %`),
      });
      this.#show(measured, webSocket ? 'socket in the page' : 'WebSocket', url);
    } catch (error) {
      setText(this.#status, stop.signal.aborted ? 'Stopped.' : errorText(error));
      if (!stop.signal.aborted) this.#page.onConnectFailed(error);
    }
    this.#stop = undefined;
    setText(this.#button, 'Measure');
  }

  #show(measured: Comparison, plain: string, url: string): void {
    const clients = [
      ['twinsocket', 'twinsocket'],
      ['plain', plain],
    ] as const;
    const lines = rows.map((row) => {
      const largest = Math.max(...clients.map(([client]) => measured[client][row.figure]));
      const figures = clients.map(([client, name]) => {
        const line = find(`[data-figure="${row.figure}"][data-client="${client}"]`, HTMLTableRowElement, this.#rows);
        const [nameCell, valueCell] = line.cells;
        if (nameCell) setText(nameCell, name);
        if (valueCell) setText(valueCell, text(row, measured[client]));
        find('.speed-bar', HTMLElement, line).style.inlineSize = `${(measured[client][row.figure] / largest) * 100}%`;
        return `${name} ${text(row, measured[client])}`;
      });
      const title = find(
        `tr:has(+ [data-figure="${row.figure}"][data-client="twinsocket"]) th`,
        HTMLElement,
        this.#rows,
      );
      return `${title.textContent}: ${figures.join(', ')}`;
    });
    this.#report = [
      `twinsocket and ${plain} in one tab, with ${url}, ${new Date().toISOString().slice(0, 10)}`,
      navigator.userAgent,
      ...lines,
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
