import { LabError } from '../errors.ts';
import type { CostForm, Totals } from '../policy.ts';
import type { Profile } from '../profile.ts';
import type { Workload } from '../workload.ts';
import { commonBoundary, type CommonBoundary } from './boundary.ts';
import { checkProfile } from './checkInputs.ts';
import { energyCells } from './costCells.ts';
import { costTableOf, modelSystem, type CostTable } from './costTable.ts';
import { suggestModel } from './fitModel.ts';
import type { ManySettings } from './manySettings.ts';
import type { JointModelName } from './model.ts';
import { pairTable } from './pairs.ts';
import { bestOfFamily, policyProblem, type PolicyProblem } from './problem.ts';
import { ruleTotals, tableCostForm, THRESHOLD_FAMILIES, type Rule } from './rules.ts';

/** What a comparison of any number of systems rests on, and the rules that it found. */
export interface ManySetUp {
  readonly settings: ManySettings;
  readonly profiles: readonly Profile[];
  readonly boundary: CommonBoundary;
  readonly energyModel: JointModelName;
  readonly problem: PolicyProblem;
  readonly form: CostForm;
  /** what each system alone costs, in their order */
  readonly singles: readonly Totals[];
  /** the single systems, the best of each family in the order of the families, and the per-query optimum */
  readonly rules: readonly Rule[];
  /** the position of the best threshold among the rules */
  readonly best: number;
}

/** Costs closer than this, relatively, count as the same, and the simpler policy is taken. */
const SAME = 1e-12;

/**
 * Boundary, models, cost table and best rules of a comparison.
 * @param profiles in the order of the settings
 * @throws LabError "bad-setting", "bad-profile", "bad-workload" or "incompatible" with the reason
 */
export function manySetUp(
  settings: ManySettings,
  profiles: readonly Profile[],
  workload: Workload,
): ManySetUp {
  profiles.forEach(checkProfile);
  const boundary = commonBoundary(
    profiles.map((profile) => ({ profile })),
    settings.boundary,
    settings.idle,
  );
  const energyModel =
    settings.energyModel ??
    suggestModel(profiles.map((profile, i) => energyCells(profile, boundary.rules[i]!))) ??
    'grid';
  const table = costTableOf(
    pairTable(workload),
    profiles.map((profile, i) =>
      modelSystem({ ...boundary.rules[i]!, profile, energyModel, runtimeModel: energyModel }),
    ),
  );
  const form = tableCostForm(table, settings.lambda, settings.cost);
  const problem = policyProblem(table);
  const alone = table.systems.map((_, system): Rule => ({ policy: 'single', system }));
  const singles = alone.map((rule) => ruleTotals(table, rule, form));
  refuseNothing(table, singles, energyModel, workload);
  const families = THRESHOLD_FAMILIES.map((family) => bestOfFamily(problem, family, form));
  const costs = families.map((rule) => ruleTotals(table, rule, form).cost);
  const at = costs.reduce(
    (found, cost, i) => (cost < costs[found]! - SAME * Math.abs(costs[found]!) ? i : found),
    0,
  );
  return {
    settings,
    profiles,
    boundary,
    energyModel,
    problem,
    form,
    singles,
    rules: [...alone, ...families, { policy: 'oracle' }],
    best: alone.length + at,
  };
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
