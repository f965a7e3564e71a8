import { LabError } from './errors.ts';
import {
  axisCells,
  cellEnergy,
  cellTokens,
  energyPerToken,
  railNames,
  type Axis,
  type Profile,
  type Rail,
} from './profile.ts';
import { weightedMean, type Weighted } from './statistics.ts';
import { joules, joulesPerToken, seconds, type Joules, type JoulesPerToken, type Seconds } from './units.ts';

/** A point of the paper's curve: what a token, and a query, cost at one sweep point. */
export interface CurvePoint {
  /** nominal tokens along the axis */
  readonly length: number;
  readonly jPerToken: JoulesPerToken;
  /** runtime of one query at this point */
  readonly runtimeS: Seconds;
  readonly trials: number;
}

/** The paper's energy model of one system along one axis. */
export interface AxisCurve {
  readonly axis: Axis;
  /** in ascending order of length, at least one */
  readonly points: readonly CurvePoint[];
}

/** How trials were chosen: all but iteration 0, or the paper's own filter (as published). */
export type TrialFilter = 'all-but-first' | 'published';

/**
 * Energy per token and runtime along one axis, the mean over the trials of one or several profiles of a system
 * (several: the paper averages its models).
 * Source: arXiv 2407.00010, section 6; the filter is that of the authors' scripts.
 * @param rails the rails to count, or the total of each profile
 * @throws LabError "incompatible" when no cell lies along the axis, or a rail is missing
 */
export function paperCurve(
  profiles: readonly Profile[],
  axis: Axis,
  {
    filter = 'all-but-first',
    rails = 'total',
  }: { filter?: TrialFilter; rails?: readonly Rail[] | 'total' } = {},
): AxisCurve {
  const energies = new Map<number, Weighted[]>();
  const runtimes = new Map<number, Weighted[]>();
  const add = (length: number, trials: number, perToken: number, runtime: number): void => {
    if (!energies.has(length)) energies.set(length, []);
    if (!runtimes.has(length)) runtimes.set(length, []);
    energies.get(length)!.push([perToken, trials]);
    runtimes.get(length)!.push([runtime, trials]);
  };
  for (const profile of profiles) {
    for (const cell of axisCells(profile, axis)) {
      const length = axis === 'input' ? cell.m : cell.n;
      if (filter === 'published') {
        if (cell.published) {
          add(length, cell.published.trials, cell.published.jPerToken, cell.published.runtimeS);
        }
        continue;
      }
      const energy = cellEnergy(cell, rails);
      if (energy === undefined) {
        throw new LabError(
          'incompatible',
          `${profile.name} has not measured all of ${rails === 'total' ? 'its rails' : railNames(rails)}.`,
          'Choose the boundary "like-for-like", which counts what both systems have.',
        );
      }
      add(length, cell.trials, energyPerToken(energy, cellTokens(cell)), cell.runtimeS);
    }
  }
  const points = [...energies.keys()]
    .sort((a, b) => a - b)
    .map((length) => ({
      length,
      jPerToken: joulesPerToken(weightedMean(energies.get(length)!)),
      runtimeS: seconds(weightedMean(runtimes.get(length)!)),
      trials: energies.get(length)!.reduce((total, [, trials]) => total + trials, 0),
    }));
  if (points.length === 0) {
    throw new LabError(
      'incompatible',
      `${profiles.map((profile) => profile.name).join(', ')} has no cells along the ${axis} axis.`,
      'Choose a profile with two sweeps or a grid.',
    );
  }
  return { axis, points };
}

/** Rounds half to even, as Python and IEEE 754 do. */
function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const part = value - low;
  if (part !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

/**
 * The sweep point that stands for a length: 2^round(log2 length), clamped to the measured range (and, where a
 * curve has no cell at that power of two, the nearest cell on a log axis).
 */
export function sweepPoint(curve: AxisCurve, length: number): CurvePoint {
  const first = curve.points[0]!;
  const last = curve.points.at(-1)!;
  const target = Math.min(Math.max(2 ** roundHalfEven(Math.log2(length)), first.length), last.length);
  let best = first;
  for (const point of curve.points) {
    if (Math.abs(Math.log2(point.length / target)) < Math.abs(Math.log2(best.length / target))) best = point;
  }
  return best;
}

/** Whether a length lies outside the measured range of a curve, so that its end point stands for it. */
export function isExtrapolated(curve: AxisCurve, length: number): boolean {
  return length < curve.points[0]!.length || length > curve.points.at(-1)!.length;
}

/** Energy and runtime of one query of each length, on one system. */
export interface AxisCosts {
  readonly energyJ: readonly Joules[];
  readonly runtimeS: readonly Seconds[];
}

/**
 * The paper's energy of a query: its tokens along the axis times the energy per token of its sweep point. (The
 * energy per token was measured over input and output tokens together, so sums are not those of the workload.)
 * The runtime is that of the sweep point's query.
 */
export function paperCosts(curve: AxisCurve, lengths: readonly number[]): AxisCosts {
  const points = lengths.map((length) => sweepPoint(curve, length));
  return {
    energyJ: points.map((point, i) => joules(lengths[i]! * point.jPerToken)),
    runtimeS: points.map((point) => point.runtimeS),
  };
}
