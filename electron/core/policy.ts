import type { AxisCosts } from './energyModel.ts';
import type { Axis } from './profile.ts';
import { runningTotals, type Weighted } from './statistics.ts';
import { joules, seconds, type Joules, type Seconds } from './units.ts';

/** The policies this version evaluates. The paper's model, which sees one axis, knows the first four alone. */
export const POLICIES = [
  'small',
  'large',
  'threshold-in',
  'threshold-out',
  'threshold-product',
  'threshold-both',
  'oracle',
  'capacity',
  'round-robin',
  'random',
] as const;
export type PolicyName = (typeof POLICIES)[number];

/** The policies that the paper's model knows; with "all" all of them are looked at. */
export const PAPER_POLICIES: readonly (PolicyName | 'all')[] = [
  'small',
  'large',
  'threshold-in',
  'threshold-out',
  'all',
];

/** Energy, runtime and cost of a whole workload under a policy. */
export interface Totals {
  readonly energyJ: Joules;
  readonly runtimeS: Seconds;
  /** U = λE + (1−λ)R, in the units that the cost form says */
  readonly cost: number;
}

/** A threshold with what it costs: lengths ≤ threshold go to the small system. */
export interface SweepPoint extends Totals {
  readonly threshold: number;
}

/** How energy and runtime are made into one cost. */
export interface CostForm {
  readonly lambda: number;
  /** J that count as 1: 1 for the raw cost, the largest energy of a query for the normalised one */
  readonly energyUnit: Joules;
  /** s that count as 1: 1 for the raw cost, the longest runtime of a query for the normalised one */
  readonly runtimeUnit: Seconds;
}

/** U = λE + (1−λ)R of an energy and a runtime. */
export function costOf(form: CostForm, energy: Joules, runtime: Seconds): number {
  return (form.lambda * energy) / form.energyUnit + ((1 - form.lambda) * runtime) / form.runtimeUnit;
}

/** The workload along one axis, with what a query of each length costs on both systems. */
export interface AxisProblem {
  readonly axis: Axis;
  /** [length, number of queries], ascending */
  readonly lengths: readonly Weighted[];
  readonly small: AxisCosts;
  readonly large: AxisCosts;
}

/**
 * The cost form: raw mixes joules and seconds as they are (the paper); normalised divides each by its largest
 * value over the workload's queries and the systems first (the thesis).
 */
export function costForm(problem: AxisProblem, lambda: number, kind: 'raw' | 'normalised'): CostForm {
  if (kind === 'raw') return { lambda, energyUnit: joules(1), runtimeUnit: seconds(1) };
  const largest = (costs: readonly number[][]): number => costs.flat().reduce((a, b) => Math.max(a, b), 0);
  return {
    lambda,
    energyUnit: joules(largest([[...problem.small.energyJ], [...problem.large.energyJ]])),
    runtimeUnit: seconds(largest([[...problem.small.runtimeS], [...problem.large.runtimeS]])),
  };
}

/**
 * Totals of the workload for each threshold: queries with length ≤ threshold on the small system, the others on
 * the large one. Takes time in proportion to lengths plus thresholds, for sliders.
 * @param thresholds in any order
 */
export function sweepThresholds(
  problem: AxisProblem,
  thresholds: readonly number[],
  form: CostForm,
): SweepPoint[] {
  const sums = runningSums(problem);
  const lengths = problem.lengths.map(([length]) => length);
  return thresholds.map((threshold) => ({
    threshold,
    ...totalsAt(sums, countUpTo(lengths, threshold), form),
  }));
}

/** Totals with every query on one system. */
export function singleSystem(problem: AxisProblem, system: 'small' | 'large', form: CostForm): Totals {
  return totalsAt(runningSums(problem), system === 'small' ? problem.lengths.length : 0, form);
}

/** Entry k: the k shortest lengths on the small system, or all but the k shortest on the large one. */
interface RunningSums {
  readonly small: { readonly energyJ: readonly number[]; readonly runtimeS: readonly number[] };
  readonly large: { readonly energyJ: readonly number[]; readonly runtimeS: readonly number[] };
}

function runningSums(problem: AxisProblem): RunningSums {
  const weighted = (costs: readonly number[]): number[] =>
    costs.map((cost, i) => cost * problem.lengths[i]![1]);
  const upTo = (costs: readonly number[]): number[] => runningTotals(weighted(costs));
  const beyond = (costs: readonly number[]): number[] => runningTotals(weighted(costs).reverse()).reverse();
  return {
    small: { energyJ: upTo(problem.small.energyJ), runtimeS: upTo(problem.small.runtimeS) },
    large: { energyJ: beyond(problem.large.energyJ), runtimeS: beyond(problem.large.runtimeS) },
  };
}

function totalsAt(sums: RunningSums, onSmall: number, form: CostForm): Totals {
  const energyJ = joules(sums.small.energyJ[onSmall]! + sums.large.energyJ[onSmall]!);
  const runtimeS = seconds(sums.small.runtimeS[onSmall]! + sums.large.runtimeS[onSmall]!);
  return { energyJ, runtimeS, cost: costOf(form, energyJ, runtimeS) };
}

/** How many of the ascending `lengths` are at most `threshold`. */
function countUpTo(lengths: readonly number[], threshold: number): number {
  let low = 0;
  let high = lengths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lengths[middle]! <= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The point of least cost; of equals, the smallest threshold. */
export function bestThreshold(sweep: readonly SweepPoint[]): SweepPoint | undefined {
  let best: SweepPoint | undefined;
  for (const point of sweep) {
    if (
      best === undefined ||
      point.cost < best.cost ||
      (point.cost === best.cost && point.threshold < best.threshold)
    ) {
      best = point;
    }
  }
  return best;
}

/** Powers of two from 8 to `largest`, the paper's candidates. */
export function powerOfTwoThresholds(largest: number): number[] {
  const thresholds: number[] = [];
  for (let threshold = 8; threshold <= largest; threshold *= 2) thresholds.push(threshold);
  return thresholds;
}

/** Every integer at which the assignment changes: the lengths that occur. */
export function everyThreshold(lengths: readonly Weighted[]): number[] {
  return lengths.map(([length]) => length);
}

/** 1 − part/whole: what is saved of `whole` by paying `part`. */
export function saving(part: number, whole: number): number {
  return 1 - part / whole;
}
