import type { Assumption } from '../assumptions.ts';
import { formatNumber, formatPercent } from '../format.ts';
import type { PolicyOutcome } from '../study.ts';
import { drawnWords } from '../trialValues.ts';
import { SAME } from '../verdict.ts';
import type { Replicates } from './bootstrap.ts';
import { columnsOf, type PartColumns } from './replicateColumns.ts';
import type { BootstrapPart, BootstrapSetUp, DrawnPolicy, NamedPolicy } from './bootstrapPart.ts';
import {
  interval95,
  partSamples,
  savingInterval,
  totalInterval,
  wholeInterval95,
  type Interval95,
} from './intervals.ts';
import {
  capacityUncertainty,
  carriedAssumption,
  hasCapacityInterval,
  type CapacityUncertainty,
} from './capacityIntervals.ts';
import { measureNext, type MeasureNext } from './measureNext.ts';
import type { CellSpread } from './cellSpread.ts';
import { samePolicy } from './chosenPolicy.ts';
import type { PolicyChoice } from './policyChoice.ts';
import { AT, QUANTITIES } from './quantities.ts';
import type { Sensitivity } from './sensitivity.ts';
import { productThreshold } from './thresholds.ts';
import { trialDraws } from './trialDraws.ts';

export { interval95, type Interval95 };

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
  /** cost above that of the per-query optimum as the study found it, where that is among the policies */
  readonly regret?: Interval95 | undefined;
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
  /** in the order of the study's policies; the one that the verdict is about after them where another was asked for, the optimum under capacity the last */
  readonly intervals: readonly PolicyIntervals[];
  /** what the verdict is about: the best threshold, or what the user settled on */
  readonly hybrid: PolicyChoice;
  /** of its saving of the cost against the better single system */
  readonly saving95: Interval95;
  /** share of the replicates in which it costs less than every single system; costs told apart as the verdict does */
  readonly probabilityHybridWins: number;
  /** how sure the optimum under capacity is, where devices were told */
  readonly capacity?: CapacityUncertainty | undefined;
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

/** The policies, each with the intervals of its saving and its regret. */
export function withIntervals(
  policies: readonly PolicyOutcome[],
  uncertainty: Uncertainty | undefined,
): readonly PolicyOutcome[] {
  if (uncertainty === undefined) return policies;
  return policies.map((policy) => {
    const found = intervalsOf(uncertainty, policy);
    if (found === undefined) return policy;
    return {
      ...policy,
      interval95: found.saving.vsBestSingle,
      ...(found.regret === undefined || typeof policy.regret !== 'number'
        ? {}
        : { regretInterval95: found.regret }),
    };
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
 * What the replicates of a study say together. Intervals are by the percentile method, whose ends follow every rescaling
 * of what they are about, so that an energy and what it saves agree; and they are widened about their median for what
 * few trials do not know about their own spread.
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
  const parts = setUp.parts.map((part, i) => partIntervals(part, columns[i]!, { values, width, read }));
  const judged = setUp.parts[setUp.judged]!;
  const { policies, saving, sensitivity } = parts[setUp.judged]!;
  const hybrid = policies[judged.hybrid]!;
  const next = measureNext(judged, sensitivity);
  const capacity = capacityUncertainty(judged, columns[setUp.judged]!, { values, width });
  const { policy, threshold, outputThreshold, product } = hybrid;
  return {
    seed,
    replicates,
    intervals: parts.flatMap((part) => part.policies),
    hybrid: {
      policy,
      threshold,
      ...(outputThreshold === undefined ? {} : { outputThreshold }),
      ...(product === undefined ? {} : { product }),
    },
    saving95: hybrid.saving.vsBestSingle,
    probabilityHybridWins: saving.filter((saved) => saved >= SAME).length / replicates,
    ...(capacity === undefined ? {} : { capacity }),
    measureNext: next.cells,
    workloadShare: next.workloadShare,
    assumptions: [
      ...intervalAssumptions(judged, replicates),
      ...(capacity === undefined ? [] : [carriedAssumption(capacity)]),
    ],
  };
}

/** The intervals of a part's policies, and the replicates of the judged saving, widened as its interval is. */
function partIntervals(
  part: BootstrapPart,
  columns: PartColumns,
  { values, width, read }: { values: Float64Array; width: number; read: (column: number) => Float64Array },
): { policies: PolicyIntervals[]; saving: Float64Array; sensitivity: Sensitivity } {
  const { policies, searches, hybrid } = part;
  const hasOracle = policies.some(({ policy }) => policy === 'oracle');
  const found = partSamples(part, columns, { values, width });
  const told = policies.filter((_, p) => p !== part.capacity?.policy || hasCapacityInterval(part, found));
  return {
    policies: told.map((policy) => {
      const p = policies.indexOf(policy);
      const at = p * QUANTITIES;
      const interval = (quantity: number): Interval95 => interval95(found.widened[at + quantity]!);
      const savings = (first: number): SavingIntervals => ({
        vsBestSingle: savingInterval(found, at + first, { isSingle: part.singles.includes(p) }),
        vsLarge: interval(first + 1),
        vsSmall: interval(first + 2),
      });
      const family = searches.findIndex((search) => search.family === policy.policy);
      return {
        ...policy,
        energyJ: totalInterval(found, at + AT.energy),
        runtimeS: totalInterval(found, at + AT.runtime),
        cost: totalInterval(found, at + AT.cost),
        saving: savings(AT.saving),
        savingEnergy: savings(AT.savingEnergy),
        savingRuntime: savings(AT.savingRuntime),
        ...(hasOracle ? { regret: interval(AT.regret) } : {}),
        ...(family < 0 ? {} : { best: thresholds(policy, read, columns.search(family)) }),
      };
    }),
    saving: found.widened[hybrid * QUANTITIES + AT.saving]!,
    sensitivity: found.sensitivity,
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

/** How cell means are drawn, a clause; of each system by itself where the trials of any are known. */
function drawnClause({ systems }: BootstrapPart<NamedPolicy>): string {
  const known = systems.map((system) => trialDraws(system).filter((draw) => draw !== undefined).length);
  if (known.every((trials) => trials === 0)) {
    return 'in which cell means are drawn from their standard errors, energy and runtime of a cell together, and the queries anew';
  }
  const each = systems.map(({ id, cells }, i) => `${id}: ${drawnWords(cells.length, known[i]!)}`);
  return (
    `in which the queries are drawn anew, and the cell means too (${each.join('; ')}): whole trials, or else energy and ` +
    'runtime of a cell together'
  );
}

/** What the intervals rest on. */
export function intervalAssumptions(part: BootstrapPart<NamedPolicy>, replicates: number): Assumption[] {
  const found: Assumption[] = [
    {
      kind: 'interval',
      level: 'note',
      short: '95% intervals',
      message:
        `Intervals are the 2.5% and 97.5% points of ${replicates} replicates, ${drawnClause(part)}; they are widened by ` +
        "Student's t for few trials. They hold what trials and queries vary by, not what the model, the calibration of a meter or " +
        'extrapolation may be wrong by.',
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
        'The counts of the workload are weights; its queries are drawn as the ' +
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
