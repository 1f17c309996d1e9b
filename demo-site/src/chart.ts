import uPlot from 'uplot';
import { setText } from './dom.js';
import { formatSecond, formatValue } from './format.js';
import { type Series, isolatedValues, limitsOf } from './history.js';

/** Largest number of curves, so that they can be distinguished. The style sheet has a colour for each. */
export const maxCurves = 8;

/** Smallest time span of the chart in seconds, so that the first points do not jump. */
const minSpan = 10;

/** A scrolling chart of the readings. Its colours come from the style sheet, so it follows dark mode. */
export class Chart {
  readonly #place: HTMLElement;
  readonly #readout: HTMLElement;
  #plot: uPlot | undefined;
  #shown = '';
  #curves: readonly Series[] = [];
  /** The time span that is shown, in seconds. */
  #span = 120;

  /** `readout` shows the values under the pointer. */
  constructor(place: HTMLElement, readout: HTMLElement) {
    this.#place = place;
    this.#readout = readout;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot?.redraw(false, true));
  }

  /** Draws the last `span` seconds. */
  draw(times: readonly number[], series: readonly Series[], span: number): void {
    const curves = series.slice(0, maxCurves);
    this.#curves = curves;
    this.#span = span;
    const data: uPlot.AlignedData = [times as number[], ...curves.map((curve) => curve.values)];
    const shown = curves.map((curve) => curve.key).join();
    if (this.#plot && shown === this.#shown) {
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#shown = shown;
    this.#plot = new uPlot(this.#options(curves), data, this.#place);
  }

  clear(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#shown = '';
    setText(this.#readout, '');
  }

  #read(plot: uPlot): void {
    const at = plot.cursor.idx;
    const second = at === null || at === undefined ? undefined : plot.data[0][at];
    if (at === null || at === undefined || second === undefined) {
      setText(this.#readout, 'Point at the chart to read earlier values.');
      return;
    }
    const values = plot.series.slice(1).map((series, i) => {
      const value = plot.data[i + 1]?.[at];
      return `${series.label} ${value === null || value === undefined ? '\u2013' : formatValue(value)}`;
    });
    setText(this.#readout, `${formatSecond(second * 1000)}: ${values.join(', ')}`);
  }

  #size(): { width: number; height: number } {
    return { width: this.#place.clientWidth, height: this.#place.clientHeight };
  }

  #color(name: string): string {
    return getComputedStyle(this.#place).getPropertyValue(name).trim();
  }

  /** Draws the limits of the curves that are within the chart as dashed lines. */
  #drawLimits(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.setLineDash([6, 4]);
    ctx.lineWidth = 1.5;
    ctx.textBaseline = 'bottom';
    ctx.font = `${12 * devicePixelRatio}px ${getComputedStyle(this.#place).fontFamily}`;
    // At opposite ends, because the lines of different sensors may be near each other.
    for (const [which, color, end, x] of [
      ['high', '--warn', 'left', bbox.left + 6],
      ['critical', '--bad', 'right', bbox.left + bbox.width - 6],
    ] as const) {
      ctx.textAlign = end;
      ctx.strokeStyle = ctx.fillStyle = this.#color(color);
      for (const limit of limitsOf(this.#curves, which)) {
        const y = plot.valToPos(limit, 'y', true);
        if (y < bbox.top || y > bbox.top + bbox.height) continue;
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
        ctx.fillText(`${which} ${limit.toLocaleString('en')}`, x, y - 2);
      }
    }
    ctx.restore();
  }

  #options(curves: readonly Series[]): uPlot.Options {
    const axis = (): uPlot.Axis => ({
      stroke: () => this.#color('--muted'),
      grid: { stroke: () => this.#color('--line'), width: 1 },
      ticks: { show: false },
      font: `12px ${getComputedStyle(this.#place).fontFamily}`,
    });
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false },
      hooks: {
        setCursor: [(plot) => this.#read(plot)],
        setData: [(plot) => this.#read(plot)],
        draw: [(plot) => this.#drawLimits(plot)],
      },
      padding: [10, 30, 0, 0],
      scales: {
        x: { range: (plot) => spanOf(plot.data[0], this.#span) },
        y: { range: (_, low, high) => (isPercentage(curves, low, high) ? [0, 100] : withLimits(curves, low, high)) },
      },
      axes: [
        { ...axis(), size: 32, space: 90, values: (_, splits) => splits.map((at) => formatSecond(at * 1000)) },
        { ...axis(), size: 56, values: (_, splits) => splits.map((value) => value.toLocaleString('en')) },
      ],
      series: [
        {},
        ...curves.map((curve, i) => ({
          label: curve.name,
          stroke: () => this.#color(`--curve-${i + 1}`),
          width: 2,
          points: { show: true, size: 5, filter: isolatedPoints },
        })),
      ],
    };
  }
}

const isolatedPoints = (plot: uPlot, series: number): number[] => isolatedValues(plot.data[series] ?? []);

/** The range of the time axis. The default of uPlot is hours for a single point. */
function spanOf(times: ArrayLike<number>, span: number): uPlot.Range.MinMax {
  const to = times[times.length - 1] ?? 0;
  return [Math.max(to - span, Math.min(times[0] ?? to, to - minSpan)), to];
}

/** True for percentages, which are shown on an axis from 0 to 100. */
function isPercentage(curves: readonly Series[], low: number | null, high: number | null): boolean {
  return (low ?? 0) >= 0 && (high ?? 0) <= 100 && curves.every((curve) => curve.unit === '%');
}

/** The range of the curves. A limit that is near shows, one that is far would flatten the curves. */
function withLimits(curves: readonly Series[], low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  const reach = high + Math.max((high - low) * 2, Math.abs(high) * 0.25);
  const near = [...limitsOf(curves, 'high'), ...limitsOf(curves, 'critical')].filter((limit) => limit <= reach);
  return withMargin(low, Math.max(high, ...near));
}

/** Adds a margin above and below the curves, also for a constant value. */
function withMargin(low: number, high: number): uPlot.Range.MinMax {
  const room = Math.max((high - low) * 0.15, Math.abs(high) * 0.01, 0.01);
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
}
