import type { Arrivals } from '../workload.ts';
import type { TimeUnit } from './request.ts';

/** How many of a unit are a second. */
export const PER_SECOND: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/** What adding up the arrivals of a trace gave; the times are in s. */
export interface ArrivalSums {
  readonly queries: number;
  readonly firstS: number;
  readonly lastS: number;
  readonly peakPerMinute: number;
  /** standard deviation of the times between arrivals, s (one less than their number in the divisor) */
  readonly sdGapS: number | null;
}

/**
 * Arrival statistics from their sums.
 * @param dated whether the times count from 1970
 * @returns undefined below two arrivals
 */
export function arrivalsOf(sums: ArrivalSums, dated: boolean): Arrivals | undefined {
  const { queries, firstS, lastS, peakPerMinute, sdGapS } = sums;
  if (queries < 2) return undefined;
  const spanS = lastS - firstS;
  const meanGapS = spanS / (queries - 1);
  return {
    queries,
    spanS,
    ratePerS: spanS > 0 ? (queries - 1) / spanS : null,
    peakPerMinute,
    gapCv: spanS > 0 && sdGapS !== null && queries > 2 ? sdGapS / meanGapS : null,
    startsAt: dated && Number.isFinite(firstS) ? isoTime(firstS) : null,
  };
}

function isoTime(timeS: number): string | null {
  const date = new Date(timeS * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Adds up arrival times. @param timesS is sorted in place */
export function sumArrivals(timesS: Float64Array): ArrivalSums {
  timesS.sort();
  const firstS = timesS[0] ?? NaN;
  const lastS = timesS.at(-1) ?? NaN;
  const gaps = timesS.length - 1;
  const meanGapS = (lastS - firstS) / gaps;
  let squares = 0;
  let peakPerMinute = 0;
  let minute = -1;
  let inMinute = 0;
  timesS.forEach((timeS, i) => {
    const now = Math.floor((timeS - firstS) / 60);
    inMinute = now === minute ? inMinute + 1 : 1;
    minute = now;
    peakPerMinute = Math.max(peakPerMinute, inMinute);
    if (i > 0) squares += (timeS - timesS[i - 1]! - meanGapS) ** 2;
  });
  return {
    queries: timesS.length,
    firstS,
    lastS,
    peakPerMinute,
    sdGapS: gaps > 1 ? Math.sqrt(squares / (gaps - 1)) : null,
  };
}
