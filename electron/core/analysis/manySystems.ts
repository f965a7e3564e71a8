import { saving, type Totals } from '../policy.ts';
import type { Boundary, Profile, Rail } from '../profile.ts';
import { sum } from '../statistics.ts';
import type { Workload } from '../workload.ts';
import { randomTotals, roundRobinTotals } from './baselines.ts';
import { capacityPlan, type CapacityLoad } from './capacity.ts';
import type { CostTable } from './costTable.ts';
import { deployableEnvelope } from './flips.ts';
import type { Solve } from './linearProgram.ts';
import { manyChoice, type ManyChoice, type ManyIntervals, type ManyUncertainty } from './manyBootstrap.ts';
import type { ManySettings } from './manySettings.ts';
import { manySetUp } from './manySetUp.ts';
import { manyVerdict } from './manyVerdict.ts';
import type { JointModelName } from './model.ts';
import { assign, assignedTotals, ruleTotals, type Rule } from './rules.ts';

/** A policy among several systems with what it costs over the whole workload. */
export interface ManyPolicy extends Totals, ManyChoice {
  /** saved of the cost against the best single system, a fraction */
  readonly saving: number;
  /** cost above that of the per-query optimum, a fraction of it; null where that costs nothing or less */
  readonly regret: number | null;
  /** share of the queries on each system; absent where they are dealt in turn or at random */
  readonly queries?: readonly number[];
  /** where a bootstrap was asked for */
  readonly intervals?: ManyIntervals;
}

/** The outcome of a comparison of any number of systems. */
export interface ManyResult {
  readonly systems: readonly { readonly id: string; readonly label: string }[];
  readonly energyModel: JointModelName;
  readonly boundary: Boundary;
  readonly rails: readonly Rail[];
  readonly policies: readonly ManyPolicy[];
  /** what to do, in a sentence */
  readonly text: string;
  readonly kind: 'threshold' | 'no-useful-threshold';
  /** share of the queries, and of the best threshold's energy, beyond what was measured on the system they go to */
  readonly extrapolated: { readonly queries: number; readonly energy: number };
  /** every λ at which the best policy changes, ascending */
  readonly flips: readonly { readonly lambda: number; readonly from: Rule; readonly to: Rule }[];
  readonly capacity?: { readonly arrivalRate: number; readonly systems: readonly CapacityLoad[] };
  /** how sure all this is, where a bootstrap was asked for; the intervals stand with the policies */
  readonly uncertainty?: Omit<ManyUncertainty, 'intervals'>;
}

/**
 * Compares any number of systems: every single one, ordered thresholds of each family (exact over all whole numbers), the
 * per-query optimum, and the optimum that given devices can carry.
 * @param profiles in the order of the settings
 * @param solve a solver of linear programs; needed with a capacity alone
 * @param uncertainty of this very comparison, where it was computed
 * @throws LabError "bad-setting", "bad-profile", "bad-workload", "incompatible" or "infeasible" with the reason
 */
export function compareSystems(
  settings: ManySettings,
  profiles: readonly Profile[],
  workload: Workload,
  solve?: Solve,
  uncertainty?: ManyUncertainty,
): ManyResult {
  const { boundary, energyModel, problem, form, singles, rules, best } = manySetUp(
    settings,
    profiles,
    workload,
  );
  const { table } = problem;
  const least = Math.min(...singles.map(({ cost }) => cost));
  const optimum = ruleTotals(table, { policy: 'oracle' }, form).cost;
  const judged = (totals: Totals): Pick<ManyPolicy, keyof Totals | 'saving' | 'regret'> => ({
    ...totals,
    saving: saving(totals.cost, least),
    regret: optimum > 0 ? totals.cost / optimum - 1 : null,
  });
  const { capacity } = settings;
  const plan =
    capacity === undefined || solve === undefined ? undefined : capacityPlan(table, form, capacity, solve);
  const followed = rules.map((rule): ManyPolicy => {
    const to = assign(table, rule, form);
    return {
      ...manyChoice(table, rule),
      ...judged(assignedTotals(table, to, form)),
      queries: sharesOf(table, to),
    };
  });
  const policies: ManyPolicy[] = [
    ...followed,
    { policy: 'round-robin', ...judged(roundRobinTotals(table, form)) },
    { policy: 'random', ...judged(randomTotals(table, form)) },
    ...(plan === undefined
      ? []
      : [
          {
            policy: 'capacity' as const,
            ...judged({ energyJ: plan.energyJ, runtimeS: plan.runtimeS, cost: plan.cost }),
            queries: plan.systems.map(({ queries }) => queries),
          },
        ]),
  ];
  const parts = deployableEnvelope(problem, form);
  return {
    systems: table.systems.map(({ id, label }) => ({ id, label })),
    energyModel,
    boundary: boundary.boundary,
    rails: boundary.rails,
    policies: policies.map((policy, p) => withManyIntervals(policy, uncertainty?.intervals[p])),
    ...manyVerdict(settings, table, singles, followed[best]!, uncertainty?.saving95),
    extrapolated: extrapolatedShare(table, assign(table, rules[best]!, form)),
    flips: parts
      .slice(1)
      .map(({ from, choice }, i) => ({ lambda: from, from: parts[i]!.choice.rule, to: choice.rule })),
    ...(plan === undefined
      ? {}
      : { capacity: { arrivalRate: capacity!.arrivalRate, systems: plan.systems } }),
    ...(uncertainty === undefined ? {} : { uncertainty: withoutIntervals(uncertainty) }),
  };
}

/** The intervals stand with their policies. */
function withoutIntervals({ intervals, ...rest }: ManyUncertainty): NonNullable<ManyResult['uncertainty']> {
  void intervals;
  return rest;
}

function withManyIntervals(policy: ManyPolicy, intervals: ManyIntervals | undefined): ManyPolicy {
  return intervals === undefined ? policy : { ...policy, intervals };
}

/** The share of the queries on each system. */
function sharesOf({ pairs, systems }: CostTable, to: Uint8Array): number[] {
  const queries = new Float64Array(systems.length);
  for (let i = 0; i < to.length; i++) queries[to[i]!]! += pairs.count[i]!;
  return Array.from(queries, (each) => each / pairs.queries);
}

function extrapolatedShare({ pairs, systems }: CostTable, to: Uint8Array): ManyResult['extrapolated'] {
  const part = (of: (i: number) => number): number => sum(Float64Array.from(to, (_, i) => of(i)));
  const beyond = (i: number): number => systems[to[i]!]!.extrapolated[i]! * pairs.count[i]!;
  const energy = (i: number): number => systems[to[i]!]!.energyJ[i]!;
  return {
    queries: part(beyond) / pairs.queries,
    energy: part((i) => beyond(i) * energy(i)) / part((i) => pairs.count[i]! * energy(i)),
  };
}
