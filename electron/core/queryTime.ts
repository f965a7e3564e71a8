/** What a query will take, from what is known of others of its model: for the time and energy that a run has left. */
import { totalOf } from './meter.ts';
import type { PlanCell } from './sweep.ts';
import { trialFate, type Trial } from './trial.ts';

/** A query as it was measured once. */
export interface KnownQuery {
  readonly m: number;
  readonly n: number;
  readonly runtimeS: number;
  /** time to its first token, where it is known */
  readonly firstTokenS?: number;
  readonly energyJ?: number;
}

/** What a query will take. */
export interface PredictedQuery {
  readonly runtimeS: number;
  /** mean power while it runs, W; undefined where no energy is known */
  readonly powerW: number | undefined;
}

/** Windows are at least this long whatever the meter, s. */
const LEAST_WINDOW_S = 0.5;

/** The queries of trials whose counts hold; warm-ups where a cell has nothing else. */
export function knownQueries(trials: readonly Trial[]): KnownQuery[] {
  const usable = trials.filter((trial) => trialFate(trial) !== 'dropped');
  const warm = new Set(
    usable.filter(({ flags }) => !flags.includes('warm-up')).map(({ m, n }) => `${m} ${n}`),
  );
  return usable
    .filter(({ m, n, flags }) => !flags.includes('warm-up') || !warm.has(`${m} ${n}`))
    .map(({ m, n, runtimeS, firstTokenS, energyJ }) => {
      const total = totalOf(energyJ);
      return { m, n, runtimeS, firstTokenS, ...(total === undefined ? {} : { energyJ: total }) };
    });
}

/**
 * What a query of a cell will take. Where times to the first token are known, the prefill follows from the input
 * tokens and each further token from where it stands, both between the measured ones on straight lines; else the
 * nearest cell stands for it, scaled by its tokens.
 * @param known at least one
 * @param kvCache without it, a token costs as much as the sequence before it is long
 */
export function predictQuery(
  { m, n }: Pick<PlanCell, 'm' | 'n'>,
  known: readonly KnownQuery[],
  kvCache: boolean,
): PredictedQuery {
  const distance = (query: KnownQuery): number =>
    Math.abs(Math.log2(query.m / m)) + Math.abs(Math.log2(query.n / n));
  const nearest = known.reduce((best, query) => (distance(query) < distance(best) ? query : best));
  const powered = known.filter(({ energyJ }) => energyJ !== undefined);
  const like =
    powered.length === 0 ? undefined : powered.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return {
    runtimeS: runtimeOf(m, n, known, kvCache) ?? nearest.runtimeS * ((m + n) / (nearest.m + nearest.n)),
    powerW: like === undefined ? undefined : like.energyJ! / like.runtimeS,
  };
}

function runtimeOf(m: number, n: number, known: readonly KnownQuery[], kvCache: boolean): number | undefined {
  const exact = known.filter((query) => query.m === m && query.n === n);
  if (exact.length > 0) return mean(exact.map(({ runtimeS }) => runtimeS));
  const split = known.filter(({ firstTokenS }) => firstTokenS !== undefined);
  const several = split.filter((query) => query.n > 1);
  if (several.length === 0) return undefined;
  const prefill = curve(split.map((query) => [query.m, query.firstTokenS!]));
  const token = curve(
    several.map((query) => [query.m + query.n / 2, (query.runtimeS - query.firstTokenS!) / (query.n - 1)]),
  );
  return prefill(m, true) + (n - 1) * token(m + n / 2, !kvCache);
}

/**
 * A line through the means of points, from point to point. Before the first it is level; behind the last it is level
 * too, or goes on in proportion.
 */
function curve(points: readonly (readonly [number, number])[]): (at: number, onwards: boolean) => number {
  const byPlace = new Map<number, number[]>();
  for (const [x, y] of points) byPlace.set(x, [...(byPlace.get(x) ?? []), y]);
  const line = [...byPlace].map(([x, ys]) => ({ x, y: mean(ys) })).sort((a, b) => a.x - b.x);
  const first = line[0]!;
  const last = line.at(-1)!;
  return (at, onwards) => {
    if (at <= first.x) return first.y;
    if (at >= last.x) return onwards ? (last.y * at) / last.x : last.y;
    const i = line.findIndex(({ x }) => x > at);
    const [a, b] = [line[i - 1]!, line[i]!];
    return a.y + ((b.y - a.y) * (at - a.x)) / (b.x - a.x);
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;

/** How long the window of a trial of a cell will be: the query again and again until it is long enough, s. */
export function windowOf(runtimeS: number, shortestS = LEAST_WINDOW_S): number {
  return Math.max(1, Math.ceil(Math.max(LEAST_WINDOW_S, shortestS) / runtimeS)) * runtimeS;
}

/** What lies between the windows of a run, as the middle of what it was, s; undefined with less than two trials. */
export function timeAround(trials: readonly Trial[]): number | undefined {
  const gaps = trials
    .slice(1)
    .map((trial, i) => trial.startS - trials[i]!.endS)
    .filter((gap) => gap >= 0)
    .sort((a, b) => a - b);
  return gaps[gaps.length >> 1];
}
