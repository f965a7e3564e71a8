import { z } from 'zod';
import { LabError } from '../errors.ts';
import { formatPercent } from '../format.ts';
import { saving, type Totals } from '../policy.ts';
import { BOUNDARIES, firstIssues, type Boundary, type Profile, type Rail } from '../profile.ts';
import { sum } from '../statistics.ts';
import { objectiveName } from '../verdict.ts';
import type { Workload } from '../workload.ts';
import { randomTotals, roundRobinTotals } from './baselines.ts';
import { commonBoundary } from './boundary.ts';
import { capacityPlan, type CapacityLoad } from './capacity.ts';
import { energyCells } from './costCells.ts';
import { checkProfile } from './checkInputs.ts';
import { costTableOf, modelSystem, MOST_SYSTEMS, type CostTable } from './costTable.ts';
import { suggestModel } from './fitModel.ts';
import { deployableEnvelope } from './flips.ts';
import type { Solve } from './linearProgram.ts';
import { JOINT_MODELS, type JointModelName } from './model.ts';
import { pairTable } from './pairs.ts';
import { bestOfFamily, policyProblem } from './problem.ts';
import {
  assign,
  assignedTotals,
  ruleTotals,
  tableCostForm,
  THRESHOLD_FAMILIES,
  type Rule,
  type ThresholdFamily,
} from './rules.ts';

/** Everything that decides a comparison of any number of systems, beside the profiles and the workload themselves. */
export const manySettingsSchema = z.strictObject({
  /** ids of the profiles, from the one for the shortest queries to the one for the longest */
  profiles: z.array(z.string().min(1)).min(2).max(MOST_SYSTEMS),
  workload: z.string().min(1),
  /** by default grid or physical, whichever foretells left-out cells better */
  energyModel: z.exactOptional(z.enum(JOINT_MODELS)),
  lambda: z.number().min(0).max(1).default(1),
  cost: z.enum(['raw', 'normalised']).default('raw'),
  boundary: z.enum(['like-for-like', ...BOUNDARIES]).default('like-for-like'),
  idle: z.enum(['gross', 'above-idle']).default('gross'),
  minSaving: z.number().min(0).max(1).default(0.01),
  /** devices of each system, in the order of the profiles, and queries per second */
  capacity: z.exactOptional(
    z.strictObject({
      devices: z.array(z.number().int().min(0).max(1e6)),
      arrivalRate: z.number().positive().finite(),
    }),
  ),
});
export type ManySettings = z.output<typeof manySettingsSchema>;

/**
 * Validates the settings of a comparison, filling in defaults.
 * @throws LabError "bad-setting" naming what is wrong
 */
export function parseManySettings(settings: unknown): ManySettings {
  const result = manySettingsSchema.safeParse(settings);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The systems cannot be compared with these settings: ${firstIssues(result.error)}.`,
    `Give 2 to ${MOST_SYSTEMS} profiles, and λ between 0 and 1.`,
  );
}

/** A policy among several systems with what it costs over the whole workload. */
export interface ManyPolicy extends Totals {
  readonly policy: 'single' | ThresholdFamily | 'oracle' | 'capacity' | 'round-robin' | 'random';
  /** of `single`: the id of the profile */
  readonly system?: string;
  /** ascending, one fewer than there are systems: up to the first the first system, and so on; of the product √(m·n) */
  readonly thresholds?: readonly number[];
  /** of `threshold-both`: those on output tokens */
  readonly outputThresholds?: readonly number[];
  /** of `threshold-product`: their squares, whole numbers */
  readonly products?: readonly number[];
  /** saved of the cost against the best single system, a fraction */
  readonly saving: number;
  /** cost above that of the per-query optimum, a fraction of it; null where that costs nothing or less */
  readonly regret: number | null;
  /** share of the queries on each system; absent where they are dealt in turn or at random */
  readonly queries?: readonly number[];
}

/** The outcome of a comparison of any number of systems. Point estimates. */
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
}

/** Costs closer than this, relatively, count as the same, and the simpler policy is taken. */
const SAME = 1e-12;

/**
 * Compares any number of systems: every single one, ordered thresholds of each family (exact over all whole numbers), the
 * per-query optimum, and the optimum that given devices can carry.
 * @param profiles in the order of the settings
 * @param solve a solver of linear programs; needed with a capacity alone
 * @throws LabError "bad-setting", "bad-profile", "bad-workload", "incompatible" or "infeasible" with the reason
 */
export function compareSystems(
  settings: ManySettings,
  profiles: readonly Profile[],
  workload: Workload,
  solve?: Solve,
): ManyResult {
  profiles.forEach(checkProfile);
  const { boundary, rails, rules } = commonBoundary(
    profiles.map((profile) => ({ profile })),
    settings.boundary,
    settings.idle,
  );
  const energyModel =
    settings.energyModel ??
    suggestModel(profiles.map((profile, i) => energyCells(profile, rules[i]!))) ??
    'grid';
  const table = costTableOf(
    pairTable(workload),
    profiles.map((profile, i) =>
      modelSystem({ ...rules[i]!, profile, energyModel, runtimeModel: energyModel }),
    ),
  );
  const form = tableCostForm(table, settings.lambda, settings.cost);
  const problem = policyProblem(table);
  const oracle = ruleTotals(table, { policy: 'oracle' }, form);
  const singles = table.systems.map((_, system) => ruleTotals(table, { policy: 'single', system }, form));
  refuseNothing(table, singles, energyModel, workload);
  const best = Math.min(...singles.map(({ cost }) => cost));
  const judged = (totals: Totals): Pick<ManyPolicy, keyof Totals | 'saving' | 'regret'> => ({
    ...totals,
    saving: saving(totals.cost, best),
    regret: oracle.cost > 0 ? totals.cost / oracle.cost - 1 : null,
  });
  const byRule = (rule: Rule): ManyPolicy => {
    const to = assign(table, rule, form);
    const { policy, ...rest } = rule;
    const told = policy === 'single' ? { system: table.systems[rule.system]!.id } : withoutSystem(rest);
    return { policy, ...told, ...judged(assignedTotals(table, to, form)), queries: sharesOf(table, to) };
  };
  const families = THRESHOLD_FAMILIES.map((family) => bestOfFamily(problem, family, form));
  const thresholds = families.map(byRule);
  const at = thresholds.reduce(
    (found, each, i) =>
      each.cost < thresholds[found]!.cost - SAME * Math.abs(thresholds[found]!.cost) ? i : found,
    0,
  );
  const { capacity } = settings;
  const plan =
    capacity === undefined || solve === undefined ? undefined : capacityPlan(table, form, capacity, solve);
  const policies: ManyPolicy[] = [
    ...table.systems.map((_, system) => byRule({ policy: 'single', system })),
    ...thresholds,
    byRule({ policy: 'oracle' }),
    ...(plan === undefined
      ? []
      : [
          {
            policy: 'capacity' as const,
            ...judged({ energyJ: plan.energyJ, runtimeS: plan.runtimeS, cost: plan.cost }),
            queries: plan.systems.map(({ queries }) => queries),
          },
        ]),
    { policy: 'round-robin', ...judged(roundRobinTotals(table, form)) },
    { policy: 'random', ...judged(randomTotals(table, form)) },
  ];
  const useful = thresholds[at]!.saving > 0 && thresholds[at]!.saving >= settings.minSaving;
  const parts = deployableEnvelope(problem, form);
  return {
    systems: table.systems.map(({ id, label }) => ({ id, label })),
    energyModel,
    boundary,
    rails,
    policies,
    kind: useful ? 'threshold' : 'no-useful-threshold',
    text: sentence(settings, table, singles, thresholds[at]!, useful),
    extrapolated: extrapolatedShare(table, assign(table, families[at]!, form)),
    flips: parts
      .slice(1)
      .map(({ from, choice }, i) => ({ lambda: from, from: parts[i]!.choice.rule, to: choice.rule })),
    ...(plan === undefined
      ? {}
      : { capacity: { arrivalRate: capacity!.arrivalRate, systems: plan.systems } }),
  };
}

/** A rule's thresholds, without what only a single system has. */
function withoutSystem(
  rest: Omit<Rule, 'policy'>,
): Pick<ManyPolicy, 'thresholds' | 'outputThresholds' | 'products'> {
  return rest;
}

function refuseNothing(
  { systems }: CostTable,
  singles: readonly Totals[],
  model: JointModelName,
  workload: Workload,
): void {
  const at = singles.findIndex(({ energyJ, runtimeS, cost }) => !(energyJ > 0 && runtimeS > 0 && cost > 0));
  if (at < 0) return;
  throw new LabError(
    'incompatible',
    `The ${model} model gives ${workload.name} ${singles[at]!.energyJ} J and ${singles[at]!.runtimeS} s on the ` +
      `${systems[at]!.label}, which cannot be.`,
    'Choose the grid or the physical model, which are never negative.',
  );
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

function sentence(
  settings: ManySettings,
  { systems }: CostTable,
  singles: readonly Totals[],
  best: ManyPolicy,
  useful: boolean,
): string {
  const cheapest = singles.reduce((a, b) => (b.cost < a.cost ? b : a));
  const single = systems[singles.indexOf(cheapest)]!.label;
  const objective = objectiveName(settings);
  const saved = `${formatPercent(best.saving, 2)} of the ${objective} against the ${single} alone, the best single system`;
  if (!useful) {
    return (
      `No useful threshold: send every query to the ${single}. ` +
      (best.saving > 0
        ? `The best thresholds would save ${saved}; your minimum is ${formatPercent(settings.minSaving)}.`
        : `No thresholds save anything of the ${objective}.`)
    );
  }
  // A threshold that is that of the system before sends nothing to its own.
  const used = systems.map((_, s) => s).filter((s) => best.queries![s]! > 0);
  const unused = systems.filter((_, s) => best.queries![s] === 0).map(({ label }) => label);
  const last = used.at(-1)!;
  const parts = used.slice(0, -1).map((s) => `${limitText(best, s)} to the ${systems[s]!.label}`);
  return (
    `Send queries with ${parts.join(', of the others those with ')}, and the rest to the ${systems[last]!.label}. ` +
    `That saves ${saved}.${unused.length === 0 ? '' : ` There is nothing for the ${unused.join(' and the ')} to do.`}`
  );
}

function limitText({ policy, thresholds, outputThresholds, products }: ManyPolicy, s: number): string {
  switch (policy) {
    case 'threshold-in':
      return `at most ${thresholds![s]} input tokens`;
    case 'threshold-out':
      return `at most ${thresholds![s]} output tokens`;
    case 'threshold-both':
      return `at most ${thresholds![s]} input and ${outputThresholds![s]} output tokens`;
    default:
      return `input × output tokens of at most ${products![s]}`;
  }
}
