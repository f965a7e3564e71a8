import type { Assumption } from '../assumptions.ts';
import { formatNumber, formatPercent } from '../format.ts';
import type { PolicyOutcome } from '../study.ts';
import { SAME } from '../verdict.ts';
import { columnsOf, type Replicates } from './bootstrap.ts';
import type { BootstrapPart, BootstrapSetUp, DrawnPolicy } from './bootstrapPart.ts';
import { measureNext, type MeasureNext } from './measureNext.ts';
import type { CellSpread } from './cellSpread.ts';
import { samePolicy } from './chosenPolicy.ts';
import type { PolicyChoice } from './policyChoice.ts';
import { productThreshold } from './thresholds.ts';

/** The ends of a 95% interval. */
export type Interval95 = readonly [low: number, high: number];

/** Intervals of what a policy saves of the cost, the energy or the runtime, fractions. */
export interface SavingIntervals {
  readonly vsBestSingle: Interval95;
  readonly vsLarge: Interval95;
  readonly vsSmall: Interval95;
}

/** The 95% intervals of one policy, followed as the study found it. */
export interface PolicyIntervals extends DrawnPolicy {
  readonly energyJ: Interval95;
  readonly runtimeS: Interval95;
  readonly cost: Interval95;
  readonly saving: SavingIntervals;
  readonly savingEnergy: SavingIntervals;
  readonly savingRuntime: SavingIntervals;
  /** where the best threshold of this family may lie; `product` and `outputThreshold` as in the policy */
  readonly best?:
    | {
        readonly threshold: Interval95;
        readonly outputThreshold?: Interval95 | undefined;
        readonly product?: Interval95 | undefined;
      }
    | undefined;
}

/** How sure a study is of its figures: a bootstrap over the trials and over the workload. */
export interface Uncertainty {
  readonly seed: number;
  readonly replicates: number;
  /** in the order of the study's policies; the one that the verdict is about is the last where another was asked for */
  readonly intervals: readonly PolicyIntervals[];
  /** what the verdict is about: the best threshold, or what the user settled on */
  readonly hybrid: PolicyChoice;
  /** of its saving of the cost against the better single system */
  readonly saving95: Interval95;
  /** share of the replicates in which it costs less than every single system; costs told apart as the verdict does */
  readonly probabilityHybridWins: number;
  /** the cells whose uncertainty moves that saving most, the first most of all */
  readonly measureNext: readonly MeasureNext[];
  /** share of the variance of that saving that comes from the workload, not from the cells */
  readonly workloadShare: number;
  readonly assumptions: readonly Assumption[];
}

/** What a verdict's condition says about its interval, to its end. */
export function intervalCondition(uncertainty: Uncertainty | undefined): string {
  return uncertainty === undefined
    ? '; a point estimate, without an interval.'
    : `; the interval is that of a bootstrap over the trials and the queries, with ${uncertainty.replicates} replicates.`;
}

/** The policies, each with the interval of its saving. */
export function withIntervals(
  policies: readonly PolicyOutcome[],
  uncertainty: Uncertainty | undefined,
): readonly PolicyOutcome[] {
  if (uncertainty === undefined) return policies;
  return policies.map((policy) => {
    const found = intervalsOf(uncertainty, policy);
    return found === undefined ? policy : { ...policy, interval95: found.saving.vsBestSingle };
  });
}

/** The intervals of a policy. */
export function intervalsOf(
  { intervals }: Pick<Uncertainty, 'intervals'>,
  policy: Pick<PolicyOutcome, 'axis'> & PolicyChoice,
): PolicyIntervals | undefined {
  return intervals.find((each) => samePolicy(each, policy) && each.axis === policy.axis);
}

/**
 * What the replicates of a study say together: intervals by the percentile method, whose ends follow every rescaling of
 * what they are about, so that an energy, its share and what it saves agree.
 */
export function summariseBootstrap(
  setUp: BootstrapSetUp,
  seed: number,
  { from, to, values }: Replicates,
): Uncertainty {
  const { columns, width } = columnsOf(setUp);
  const replicates = to - from;
  const read = (column: number): Float64Array => {
    const found = new Float64Array(replicates);
    for (let k = 0; k < replicates; k++) found[k] = values[k * width + column]!;
    return found;
  };
  const judged = setUp.parts[setUp.judged]!;
  const parts = setUp.parts.map((part, i) =>
    partIntervals(part, read, {
      energy: columns[i]!.energy,
      runtime: columns[i]!.runtime,
      search: columns[i]!.search,
    }),
  );
  const hybrid = parts[setUp.judged]!.policies[judged.hybrid]!;
  const { cost, single } = parts[setUp.judged]!;
  let wins = 0;
  const hybridCost = cost[judged.hybrid]!;
  for (let k = 0; k < replicates; k++) if (hybridCost[k]! < single[k]! * (1 - SAME)) wins += 1;
  const next = measureNext(judged);
  const { policy, threshold, outputThreshold, product } = hybrid;
  return {
    seed,
    replicates,
    intervals: parts.flatMap(({ policies }) => policies),
    hybrid: {
      policy,
      threshold,
      ...(outputThreshold === undefined ? {} : { outputThreshold }),
      ...(product === undefined ? {} : { product }),
    },
    saving95: hybrid.saving.vsBestSingle,
    probabilityHybridWins: wins / replicates,
    measureNext: next.cells,
    workloadShare: next.workloadShare,
    assumptions: intervalAssumptions(judged, replicates),
  };
}

function partIntervals(
  part: BootstrapPart,
  read: (column: number) => Float64Array,
  at: Record<'energy' | 'runtime' | 'search', (i: number) => number>,
): { policies: PolicyIntervals[]; cost: Float64Array[]; single: Float64Array } {
  const { policies, form, singles, searches } = part;
  const energy = policies.map((_, p) => read(at.energy(p)));
  const runtime = policies.map((_, p) => read(at.runtime(p)));
  const cost = energy.map((each, p) =>
    each.map((energyJ, k) => form.perJoule * energyJ + form.perSecond * runtime[p]![k]!),
  );
  const least = (of: readonly Float64Array[]): Float64Array =>
    of[singles[0]!]!.map((_, k) => Math.min(...singles.map((s) => of[s]![k]!)));
  const savings = (of: readonly Float64Array[], p: number): SavingIntervals => {
    const against = (whole: Float64Array): Interval95 =>
      interval95(of[p]!.map((part, k) => 1 - part / whole[k]!));
    return {
      vsBestSingle: against(least(of)),
      vsLarge: against(of[singles.at(-1)!]!),
      vsSmall: against(of[singles[0]!]!),
    };
  };
  return {
    policies: policies.map((policy, p) => {
      const family = searches.findIndex((search) => search.family === policy.policy);
      return {
        ...policy,
        energyJ: interval95(energy[p]!),
        runtimeS: interval95(runtime[p]!),
        cost: interval95(cost[p]!),
        saving: savings(cost, p),
        savingEnergy: savings(energy, p),
        savingRuntime: savings(runtime, p),
        ...(family < 0 ? {} : { best: thresholds(policy, read, at.search(family)) }),
      };
    }),
    cost,
    single: least(cost),
  };
}

function thresholds(
  { policy }: DrawnPolicy,
  read: (column: number) => Float64Array,
  at: number,
): NonNullable<PolicyIntervals['best']> {
  const found = wholeInterval95(read(at));
  if (policy === 'threshold-product') {
    return { threshold: [productThreshold(found[0]), productThreshold(found[1])], product: found };
  }
  return policy === 'threshold-both'
    ? { threshold: found, outputThreshold: wholeInterval95(read(at + 1)) }
    : { threshold: found };
}

/** The 2.5% and the 97.5% quantile (R's type 7). @param values in any order, at least one */
export function interval95(values: Float64Array): Interval95 {
  const sorted = Float64Array.from(values).sort();
  const at = (p: number): number => {
    const position = (sorted.length - 1) * p;
    const low = Math.floor(position);
    const from = sorted[low]!;
    return from + ((sorted[low + 1] ?? from) - from) * (position - low);
  };
  return [at(0.025), at(0.975)];
}

/** The same ends where only values that occur have a meaning: outwards to the next of them. */
function wholeInterval95(values: Float64Array): Interval95 {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  return [sorted[Math.floor(last * 0.025)]!, sorted[Math.ceil(last * 0.975)]!];
}

/** What the intervals rest on. */
function intervalAssumptions(part: BootstrapPart, replicates: number): Assumption[] {
  const found: Assumption[] = [
    {
      kind: 'interval',
      level: 'note',
      short: '95% intervals',
      message:
        `Intervals are the 2.5% and 97.5% points of ${replicates} replicates: cell means drawn from their standard ` +
        'errors by Student’s t, energy and runtime of a cell together, and the queries drawn anew. They hold what ' +
        'trials and queries vary by; not what the model, the meter’s calibration or extrapolation may be wrong by.',
    },
  ];
  for (const { id, energy } of part.systems) {
    const sentence = standSentence(energy.spread);
    if (sentence !== undefined) {
      found.push({
        kind: 'interval',
        level: 'warning',
        short: 'an assumed spread',
        message: `${id}: ${sentence}`,
      });
    }
  }
  if (part.resampling.weighted) {
    found.push({
      kind: 'interval',
      level: 'note',
      short: 'weighted queries',
      message:
        'The workload’s counts are weights; its queries are drawn as the ' +
        `${formatNumber(part.resampling.draws, 4)} that such weights are worth.`,
    });
  }
  return found;
}

function standSentence({ stand, value }: CellSpread): string | undefined {
  if (stand === undefined) return undefined;
  const { relativeSd, basis, cells } = stand;
  const which = cells === value.length ? 'No cell has' : `${cells} of ${value.length} cells have no`;
  const from = {
    own: '',
    pooled: 'that of its other cells, pooled',
    scatter: 'how much its neighbouring cells scatter',
    assumed: 'an assumption, for nothing about it is known',
  }[basis];
  return (
    `${which === 'No cell has' ? 'no cell has' : which} a standard deviation over repeated trials; ` +
    `${formatPercent(relativeSd)} of the mean stands in for a trial: ${from}.`
  );
}
