import type { PowerSeries, RunNews } from '#core/activeRun';
import type { Span } from '#core/meter';
import { RAILS, type Rail } from '#core/profile';

export type PowerSample = Extract<RunNews, { news: 'power' }>['samples'][number];

/** A point of a line: s on the run's clock, W. NaN breaks the line where nothing was measured. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The line of a rail; `low` and `high` where each point stands for several samples. */
export interface RailLine {
  readonly rail: Rail;
  readonly points: readonly Point[];
  readonly low?: readonly Point[];
  readonly high?: readonly Point[];
}

/** So much of a run is kept in the window, s. */
const KEPT_S = 3600;
/** Time between two samples above which the line is broken, s. */
const GAP_S = 1;

/** The power of the run under way, as it comes: plain arrays by rail, the last hour of it. */
export class PowerTrace {
  readonly #rails = new Map<Rail, { x: number[]; y: number[] }>();
  #span: Span | undefined;
  #latest: PowerSample | undefined;

  /** from the first to the last sample that is kept */
  get span(): Span | undefined {
    return this.#span;
  }

  get latest(): PowerSample | undefined {
    return this.#latest;
  }

  get rails(): Rail[] {
    return RAILS.filter((rail) => this.#rails.has(rail));
  }

  clear(): void {
    this.#rails.clear();
    this.#span = undefined;
    this.#latest = undefined;
  }

  push(samples: readonly PowerSample[]): void {
    for (const sample of samples) {
      const before = this.#span?.endS;
      if (before !== undefined && sample.startS < before - GAP_S) continue;
      const gap = before !== undefined && sample.startS - before > GAP_S;
      for (const rail of RAILS) {
        const power = sample.watts[rail];
        if (power === undefined) continue;
        let line = this.#rails.get(rail);
        if (line === undefined) this.#rails.set(rail, (line = { x: [], y: [] }));
        if (gap) append(line, before, NaN);
        append(line, (sample.startS + sample.endS) / 2, power);
      }
      this.#latest = sample;
      this.#span = { startS: this.#span?.startS ?? sample.startS, endS: sample.endS };
    }
    this.#forget();
  }

  /** Puts what was stored before the page was opened in front of what came since. */
  putBefore(series: PowerSeries): void {
    const untilS = this.#span?.startS ?? Infinity;
    for (const line of seriesLines(series)) {
      const { points } = line;
      const own = this.#rails.get(line.rail) ?? { x: [], y: [] };
      const x: number[] = [];
      const y: number[] = [];
      points.forEach((point, i) => {
        if (point.x >= untilS) return;
        const low = line.low?.[i]?.y ?? point.y;
        const high = line.high?.[i]?.y ?? point.y;
        // Both ends of a bucket, so that a peak stays a peak.
        x.push(point.x);
        y.push(low);
        if (high > low) {
          x.push(point.x);
          y.push(high);
        }
      });
      if (x.length === 0) continue;
      this.#rails.set(line.rail, { x: x.concat(own.x), y: y.concat(own.y) });
      this.#span = {
        startS: Math.min(this.#span?.startS ?? Infinity, x[0]!),
        endS: this.#span?.endS ?? x.at(-1)!,
      };
    }
  }

  /** The lines over a span, thinned to about so many buckets, least and largest of each kept. */
  lines(span: Span, buckets: number): RailLine[] {
    return this.rails.map((rail) => {
      const { x, y } = this.#rails.get(rail)!;
      return { rail, points: thin(x, y, span, buckets) };
    });
  }

  #forget(): void {
    const first = (this.#span?.endS ?? 0) - KEPT_S;
    if (this.#span === undefined || this.#span.startS > first - KEPT_S / 10) return;
    for (const line of this.#rails.values()) {
      const from = firstFrom(line.x, first);
      line.x.splice(0, from);
      line.y.splice(0, from);
    }
    this.#span = { ...this.#span, startS: first };
  }
}

function append(line: { x: number[]; y: number[] }, x: number, y: number): void {
  line.x.push(x);
  line.y.push(y);
}

/** Index of the first value that is at least `from`, in rising values. */
function firstFrom(values: readonly number[], from: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Thins a line to the least and the largest value of each bucket, in the order in which they occurred. Buckets lie at
 * multiples of their width, so that a line that scrolls does not flicker. Breaks (NaN) stay.
 * @param x rising
 */
export function thin(x: readonly number[], y: readonly number[], span: Span, buckets: number): Point[] {
  // One more on either side, so that the line reaches the edges.
  const from = Math.max(0, firstFrom(x, span.startS) - 1);
  const to = Math.min(x.length, firstFrom(x, span.endS) + 1);
  const points: Point[] = [];
  if (to - from <= 2 * buckets) {
    for (let i = from; i < to; i++) points.push({ x: x[i]!, y: y[i]! });
    return points;
  }
  const width = (span.endS - span.startS) / buckets;
  let bucket = NaN;
  let least = -1;
  let largest = -1;
  const close = (): void => {
    if (least < 0) return;
    for (const i of least === largest ? [least] : [Math.min(least, largest), Math.max(least, largest)]) {
      points.push({ x: x[i]!, y: y[i]! });
    }
    least = largest = -1;
  };
  for (let i = from; i < to; i++) {
    const value = y[i]!;
    const own = Math.floor(x[i]! / width);
    if (Number.isNaN(value) || own !== bucket) {
      close();
      bucket = own;
    }
    if (Number.isNaN(value)) points.push({ x: x[i]!, y: NaN });
    else if (least < 0) least = largest = i;
    else if (value < y[least]!) least = i;
    else if (value > y[largest]!) largest = i;
  }
  close();
  return points;
}

/** The lines of a stored series: means, with least and largest where a point stands for several samples. */
export function seriesLines(series: PowerSeries): RailLine[] {
  return RAILS.flatMap((rail): RailLine[] => {
    const found = series[rail];
    if (found === undefined) return [];
    const { tS, endS, minW, meanW, maxW } = found;
    const points: Point[] = [];
    const low: Point[] = [];
    const high: Point[] = [];
    const put = (x: number, mean: number, least: number, most: number): void => {
      points.push({ x, y: mean });
      low.push({ x, y: least });
      high.push({ x, y: most });
    };
    for (let i = 0; i < tS.length; i++) {
      if (i > 0 && tS[i]! - endS[i - 1]! > GAP_S) put(endS[i - 1]!, NaN, NaN, NaN);
      put((tS[i]! + endS[i]!) / 2, meanW[i]!, minW[i]!, maxW[i]!);
    }
    const several = minW.some((least, i) => least < maxW[i]!);
    return [several ? { rail, points, low, high } : { rail, points }];
  });
}
