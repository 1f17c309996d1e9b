import { maxCurves } from './chart.js';
import { find, make, setText } from './dom.js';
import { formatValue } from './format.js';
import { type Range, keyOf, kindOf } from './history.js';
import type { Reading } from './messages.js';

type Level = 'ordinary' | 'high' | 'critical';

export function levelOf(reading: Reading): Level {
  if (reading.critical !== undefined && reading.value >= reading.critical) return 'critical';
  if (reading.high !== undefined && reading.value >= reading.high) return 'high';
  return 'ordinary';
}

interface Row {
  readonly row: HTMLTableRowElement;
  readonly mark: HTMLElement;
  readonly value: HTMLElement;
  readonly range: HTMLElement;
  readonly level: HTMLElement;
  readonly high: HTMLElement;
  readonly critical: HTMLElement;
}

/** The table of current values. Rows are reused while the sensors are the same, so that scroll position and focus stay. */
export class ReadingsTable {
  readonly #body = find('#sensors-rows', HTMLTableSectionElement);
  #rows = new Map<string, Row>();

  /** Shows readings, with the ranges of their values. Marks those of the charted kind with the colours of their curves. */
  show(readings: readonly Reading[], charted: string, rangeOf: (key: string) => Range | undefined): void {
    const keys = readings.map(keyOf);
    if (keys.length !== this.#rows.size || keys.some((key) => !this.#rows.has(key))) this.#build(readings);
    let curve = 0;
    for (const reading of readings) {
      const row = this.#rows.get(keyOf(reading));
      if (!row) continue;
      if (kindOf(reading).id === charted) curve += 1;
      row.mark.dataset.curve = kindOf(reading).id === charted && curve <= maxCurves ? String(curve) : '';
      setText(row.value, withUnit(reading.value, reading.unit));
      const range = rangeOf(keyOf(reading));
      setText(row.range, range ? `${formatValue(range.least)} to ${formatValue(range.greatest)}` : '');
      setText(row.high, limit(reading.high));
      setText(row.critical, limit(reading.critical));
      const level = levelOf(reading);
      row.row.dataset.level = level;
      setText(row.level, level === 'ordinary' ? '' : level);
    }
  }

  clear(): void {
    this.#rows.clear();
    this.#body.replaceChildren();
  }

  #build(readings: readonly Reading[]): void {
    this.#rows = new Map(readings.map((reading) => [keyOf(reading), makeRow(reading)]));
    this.#body.replaceChildren(...[...this.#rows.values()].map(({ row }) => row));
  }
}

function makeRow(reading: Reading): Row {
  const mark = make('span', 'curve-mark');
  const label = make('span', 'sensor-name', reading.label || reading.kind);
  const name = make('th', '', mark, label, make('span', 'sensor-chip', reading.chip));
  name.scope = 'row';
  // Numbers with units have the same order in every direction of the text around them.
  const value = make('bdi', 'sensor-value');
  const range = make('bdi');
  const level = make('span', 'level');
  const high = make('td', 'number');
  const critical = make('td', 'number');
  const row = make(
    'tr',
    '',
    name,
    make('td', 'number', level, value, make('span', 'sensor-range', range)),
    high,
    critical,
  );
  return { row, mark, value, range, level, high, critical };
}

function withUnit(value: number, unit: string): string {
  return unit ? `${formatValue(value)}\u00a0${unit}` : formatValue(value);
}

function limit(value: number | undefined): string {
  return value === undefined ? '\u2013' : value.toLocaleString('en', { maximumFractionDigits: 2 });
}
