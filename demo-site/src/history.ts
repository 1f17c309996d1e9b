import type { Reading, SensorReport } from './messages.js';

/** Time span of the history in seconds. */
export const historySpan = 600;

/** One curve: the values of one sensor at the common times, null for missing values. */
export interface Series {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly values: (number | null)[];
  /** The limits that the newest reading names. */
  high: number | undefined;
  critical: number | undefined;
}

/** The least and the greatest value of a sensor. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/** The distinct limits of curves, the lowest first. */
export function limitsOf(curves: readonly Series[], which: 'high' | 'critical'): number[] {
  const all = curves.map((curve) => curve[which]).filter((limit) => limit !== undefined);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Indices of values without a neighbour. They need a point, because a curve through them has no length. */
export function isolatedValues(values: ArrayLike<number | null | undefined>): number[] {
  const hasValue = (at: number): boolean => typeof values[at] === 'number';
  return Array.from(values, (_, at) => at).filter((at) => hasValue(at) && !hasValue(at - 1) && !hasValue(at + 1));
}

/** A group of sensors that share an axis. */
export interface Kind {
  readonly id: string;
  readonly name: string;
}

export function keyOf(reading: Reading): string {
  return JSON.stringify([reading.chip, reading.label, reading.kind, reading.unit]);
}

/** Groups by kind and unit, because sensors of one kind can have different units. */
export function kindOf(reading: Reading): Kind {
  const word = reading.kind ? reading.kind[0]?.toUpperCase() + reading.kind.slice(1) : 'Other';
  return { id: `${reading.kind} ${reading.unit}`, name: reading.unit ? `${word}, ${reading.unit}` : word };
}

/** The reports of the last ten minutes, as one column per sensor with common times. */
export class History {
  readonly times: number[] = [];
  readonly #series = new Map<string, { kind: string; series: Series }>();
  #hasGap = false;

  /** Adds a report. Returns false for a duplicate of the last one. If the time goes back, the history is cleared first. */
  add(report: SensorReport): boolean {
    const time = Number(report.time) / 1000;
    const last = this.times.at(-1);
    const hasGap = this.#hasGap;
    this.#hasGap = false;
    if (time === last) return false;
    if (last !== undefined && time < last) this.clear();
    // Adds a time without values, so that no curve is drawn across the gap.
    else if (last !== undefined && hasGap) this.times.push((last + time) / 2);
    this.times.push(time);
    for (const reading of report.readings) {
      const series = this.#seriesOf(reading);
      const { values } = series;
      series.high = reading.high;
      series.critical = reading.critical;
      while (values.length < this.times.length - 1) values.push(null);
      values.push(reading.value);
    }
    this.#removeBefore(time - historySpan);
    return true;
  }

  /** Marks a possible gap before the next report. */
  interrupt(): void {
    this.#hasGap = true;
  }

  of(kind: string): Series[] {
    return [...this.#series.values()].filter((entry) => entry.kind === kind).map((entry) => entry.series);
  }

  /** The range of a sensor's values since a time, in seconds since 1970. */
  rangeOf(key: string, since: number): Range | undefined {
    const values = this.#series.get(key)?.series.values ?? [];
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let at = values.length - 1; at >= 0 && (this.times[at] ?? 0) >= since; at -= 1) {
      const value = values[at];
      if (value === null || value === undefined) continue;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    return least <= greatest ? { least, greatest } : undefined;
  }

  clear(): void {
    this.times.length = 0;
    this.#series.clear();
    this.#hasGap = false;
  }

  #seriesOf(reading: Reading): Series {
    const key = keyOf(reading);
    const known = this.#series.get(key);
    if (known) return known.series;
    const series = {
      key,
      name: reading.label || reading.chip,
      unit: reading.unit,
      values: [],
      high: reading.high,
      critical: reading.critical,
    };
    this.#series.set(key, { kind: kindOf(reading).id, series });
    return series;
  }

  #removeBefore(before: number): void {
    let old = 0;
    while ((this.times[old] ?? before) < before) old += 1;
    this.times.splice(0, old);
    for (const [key, { series }] of this.#series) {
      series.values.splice(0, old);
      while (series.values.length < this.times.length) series.values.push(null);
      if (series.values.every((value) => value === null)) this.#series.delete(key);
    }
  }
}
