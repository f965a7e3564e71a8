import type { Assumption } from '../assumptions.ts';
import type { Profile } from '../profile.ts';
import { SAME } from '../verdict.ts';
import type { Workload } from '../workload.ts';
import { roundRobinShares } from './baselines.ts';
import type { Replicates } from './bootstrap.ts';
import { columnsOf, type PartColumns } from './replicateColumns.ts';
import { classesOf, type BootstrapPart, type BootstrapSetUp } from './bootstrapPart.ts';
import { drawnCapacity, drawnSystem, everyThreshold, familySearch, formOf } from './bootstrapSetUp.ts';
import {
  capacityUncertainty,
  carriedAssumption,
  hasCapacityInterval,
  type CapacityUncertainty,
} from './capacityIntervals.ts';
import type { CostTable } from './costTable.ts';
import {
  interval95,
  partSamples,
  savingInterval,
  totalInterval,
  wholeInterval95,
  type Interval95,
  type PartSamples,
} from './intervals.ts';
import type { Solve } from './linearProgram.ts';
import type { ManySettings } from './manySettings.ts';
import { manySetUp, type ManySetUp } from './manySetUp.ts';
import { measureNext, type MeasureNext } from './measureNext.ts';
import { AT, QUANTITIES } from './quantities.ts';
import { resamplingOf } from './resample.ts';
import { assign, THRESHOLD_FAMILIES, type Rule, type ThresholdFamily } from './rules.ts';
import { productThreshold } from './thresholds.ts';
import { intervalAssumptions } from './uncertainty.ts';

/** A policy among several systems, known by all that decides where a query goes. */
export interface ManyChoice {
  readonly policy: 'single' | ThresholdFamily | 'oracle' | 'capacity' | 'round-robin' | 'random';
  /** of `single`: the id of the profile */
  readonly system?: string;
  /** ascending, one fewer than there are systems: up to the first the first system, and so on; of the product √(m·n) */
  readonly thresholds?: readonly number[];
  /** of `threshold-both`: those on output tokens */
  readonly outputThresholds?: readonly number[];
  /** of `threshold-product`: their squares, whole numbers */
  readonly products?: readonly number[];
}

/** The 95% intervals of one policy, followed as the comparison found it. */
export interface ManyIntervals {
  readonly energyJ: Interval95;
  readonly runtimeS: Interval95;
  readonly cost: Interval95;
  /** saved of the cost against the best single system, a fraction */
  readonly saving: Interval95;
  /** cost above that of the per-query optimum as the comparison found it, a fraction */
  readonly regret: Interval95;
  /** where the best thresholds of this family may lie, each as in the policy */
  readonly best?: {
    readonly thresholds: readonly Interval95[];
    readonly outputThresholds?: readonly Interval95[];
    readonly products?: readonly Interval95[];
  };
}

/** How sure a comparison of any number of systems is: a bootstrap over the trials and over the workload. */
export interface ManyUncertainty {
  readonly seed: number;
  readonly replicates: number;
  /** in the order of the policies; without that of the optimum under capacity, the last, where none can be told */
  readonly intervals: readonly ManyIntervals[];
  /** what the verdict is about: the best thresholds */
  readonly hybrid: ManyChoice;
  /** of its saving of the cost against the best single system */
  readonly saving95: Interval95;
  /** share of the replicates in which it costs less than every single system */
  readonly probabilityHybridWins: number;
  /** how sure the optimum under capacity is, where devices were told */
  readonly capacity?: CapacityUncertainty;
  /** the cells whose uncertainty moves that saving most, the first most of all */
  readonly measureNext: readonly MeasureNext[];
  /** share of the variance of that saving that comes from the workload, not from the cells */
  readonly workloadShare: number;
  readonly assumptions: readonly Assumption[];
}

/** A rule, with its system by its id. */
export function manyChoice({ systems }: CostTable, rule: Rule): ManyChoice {
  return rule.policy === 'single' ? { policy: 'single', system: systems[rule.system]!.id } : rule;
}

/** The most thresholds along an axis that a replicate looks at where both must hold. */
const MOST_OF_BOTH = 256;

/**
 * Everything that a bootstrap of a comparison needs. Plain data, so that its replicates can be computed elsewhere; with
 * two systems they are those of a study of two.
 * @param solve a solver of linear programs; without one, devices that were told count for nothing
 * @throws LabError as `manySetUp`, and "infeasible" when the devices cannot carry the queries
 */
export function manyBootstrapSetUp(
  settings: ManySettings,
  profiles: readonly Profile[],
  workload: Workload,
  solve?: Solve,
): BootstrapSetUp<ManyChoice> {
  const setUp = manySetUp(settings, profiles, workload);
  const { boundary, energyModel, problem, form, rules, best, singles } = setUp;
  const { table } = problem;
  const { pairs } = table;
  const capacity =
    settings.capacity === undefined || solve === undefined
      ? undefined
      : drawnCapacity(table, form, { policy: rules.length + 2, ...settings.capacity, solve });
  const policies: ManyChoice[] = [
    ...rules.map((rule) => manyChoice(table, rule)),
    { policy: 'round-robin' },
    { policy: 'random' },
    ...(capacity === undefined ? [] : [{ policy: 'capacity' as const }]),
  ];
  return {
    judged: 0,
    parts: [
      {
        axis: 'joint',
        pairs: { size: pairs.size, input: pairs.input, output: pairs.output },
        resampling: resamplingOf(pairs.count),
        systems: profiles.map((profile, i) => drawnSystem(profile, boundary.rules[i]!, energyModel)),
        form: formOf(form),
        policies,
        ...classesOf(
          pairs.size,
          policies.map((_, p) => rules[p] && assign(table, rules[p], form)),
        ),
        shared: [
          { policy: rules.length, share: roundRobinShares(table) },
          ...(capacity === undefined ? [] : [capacity.shared]),
        ],
        ...(capacity === undefined ? {} : { capacity: capacity.drawn }),
        searches: THRESHOLD_FAMILIES.map((family) => searchOf(setUp, family)),
        hybrid: best,
        singles: singles.map((_, system) => system),
      },
    ],
  };
}

function searchOf({ problem, rules }: ManySetUp, family: ThresholdFamily): BootstrapPart['searches'][number] {
  const { table, axes } = problem;
  const found = rules.find(({ policy }) => policy === family) as Exclude<
    Rule,
    { policy: 'single' | 'oracle' }
  >;
  return familySearch(family, table.pairs, everyThreshold(axes, family, table.pairs), {
    most: MOST_OF_BOTH,
    kept: [found.thresholds, 'outputThresholds' in found ? found.outputThresholds : []],
  });
}

/** What the replicates of a comparison say together; see `summariseBootstrap`. */
export function summariseMany(
  setUp: BootstrapSetUp<ManyChoice>,
  seed: number,
  { from, to, values }: Replicates,
): ManyUncertainty {
  const part = setUp.parts[0]!;
  const { columns, width } = columnsOf(setUp);
  const replicates = to - from;
  const found = partSamples(part, columns[0]!, { values, width });
  const read = (column: number): Float64Array =>
    Float64Array.from({ length: replicates }, (_, k) => values[k * width + column]!);
  const judged = part.hybrid * QUANTITIES + AT.saving;
  const next = measureNext(part, found.sensitivity);
  const capacity = capacityUncertainty(part, columns[0]!, { values, width });
  const told = part.policies
    .map((_, p) => p)
    .filter((p) => p !== part.capacity?.policy || hasCapacityInterval(part, found));
  return {
    seed,
    replicates,
    intervals: told.map((p) => policyIntervals(part, p, found, columns[0]!, read)),
    hybrid: part.policies[part.hybrid]!,
    saving95: savingInterval(found, judged, { isSingle: false }),
    probabilityHybridWins: found.widened[judged]!.filter((saved) => saved >= SAME).length / replicates,
    ...(capacity === undefined ? {} : { capacity }),
    measureNext: next.cells,
    workloadShare: next.workloadShare,
    assumptions: [
      ...intervalAssumptions(part, replicates),
      ...(capacity === undefined ? [] : [carriedAssumption(capacity)]),
    ],
  };
}

function policyIntervals(
  part: BootstrapPart<ManyChoice>,
  p: number,
  found: PartSamples,
  columns: PartColumns,
  read: (column: number) => Float64Array,
): ManyIntervals {
  const at = p * QUANTITIES;
  const { policy } = part.policies[p]!;
  const family = part.searches.findIndex((search) => search.family === policy);
  return {
    energyJ: totalInterval(found, at + AT.energy),
    runtimeS: totalInterval(found, at + AT.runtime),
    cost: totalInterval(found, at + AT.cost),
    saving: savingInterval(found, at + AT.saving, { isSingle: part.singles.includes(p) }),
    regret: interval95(found.widened[at + AT.regret]!),
    ...(family < 0 ? {} : { best: thresholds(part, policy, read, columns.search(family)) }),
  };
}

function thresholds(
  { systems }: BootstrapPart<ManyChoice>,
  policy: ManyChoice['policy'],
  read: (column: number) => Float64Array,
  at: number,
): NonNullable<ManyIntervals['best']> {
  const levels = systems.length - 1;
  const ends = (from: number): Interval95[] =>
    Array.from({ length: levels }, (_, level) => wholeInterval95(read(from + level)));
  const found = ends(at);
  if (policy === 'threshold-product') {
    return {
      thresholds: found.map(([low, high]) => [productThreshold(low), productThreshold(high)] as const),
      products: found,
    };
  }
  return policy === 'threshold-both'
    ? { thresholds: found, outputThresholds: ends(at + levels) }
    : { thresholds: found };
}
