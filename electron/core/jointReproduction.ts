import { costTable, type CostTable } from './analysis/costTable.ts';
import { bestOfFamily, policyProblem } from './analysis/problem.ts';
import { policyChoice, type PolicyChoice } from './analysis/policyChoice.ts';
import { ruleTotals, tableCostForm, THRESHOLD_FAMILIES, type Rule } from './analysis/rules.ts';
import { saving } from './policy.ts';
import { railNames, type Axis, type Profile, type Rail } from './profile.ts';
import type { CostForm } from './policy.ts';
import { kilowattHours } from './units.ts';
import type { Workload } from './workload.ts';

/** What a policy saves of the energy against the large system alone, a fraction. */
export interface JointSaving extends PolicyChoice {
  readonly savingVsLarge: number;
}

/** A workload on the joint distribution of (m, n), at λ = 1. */
export interface JointFigure {
  readonly workload: string;
  /** what is counted on both systems */
  readonly rails: readonly Rail[];
  readonly design: Profile['design'];
  readonly smallKwh: number;
  readonly largeKwh: number;
  /** the exact best threshold of each family, then the per-query optimum */
  readonly policies: readonly JointSaving[];
}

/** Totals for thresholds along one axis, kWh. */
export interface JointCurve {
  readonly thresholds: readonly number[];
  readonly hybridKwh: readonly number[];
  readonly smallKwh: number;
  readonly largeKwh: number;
}

/** A pair of profiles of the same model with a workload, counted over some rails by the grid model. */
export interface JointComparison {
  readonly small: Profile;
  readonly large: Profile;
  readonly workload: Workload;
  readonly rails: readonly Rail[];
}

function tableOf({ small, large, workload, rails }: JointComparison): { table: CostTable; form: CostForm } {
  const system = (profile: Profile) =>
    ({ profile, energyModel: 'grid', runtimeModel: 'grid', rails, idle: 'gross' }) as const;
  const table = costTable(workload, [system(small), system(large)]);
  return { table, form: tableCostForm(table, 1, 'raw') };
}

/** The totals of given thresholds along one axis, on the joint distribution. */
export function jointCurve(
  comparison: JointComparison,
  axis: Axis,
  thresholds: readonly number[],
): JointCurve {
  const { table, form } = tableOf(comparison);
  const kwh = (rule: Rule): number => kilowattHours(ruleTotals(table, rule, form).energyJ);
  const policy = axis === 'input' ? 'threshold-in' : 'threshold-out';
  return {
    thresholds,
    hybridKwh: thresholds.map((threshold) => kwh({ policy, thresholds: [threshold] })),
    smallKwh: kwh({ policy: 'single', system: 0 }),
    largeKwh: kwh({ policy: 'single', system: 1 }),
  };
}

/** Every family's exact best threshold and the per-query optimum, on the joint distribution. */
export function jointFigure(comparison: JointComparison): JointFigure {
  const { table, form } = tableOf(comparison);
  const problem = policyProblem(table);
  const kwh = (rule: Rule): number => kilowattHours(ruleTotals(table, rule, form).energyJ);
  const largeKwh = kwh({ policy: 'single', system: 1 });
  const rules: Rule[] = [
    ...THRESHOLD_FAMILIES.map((family) => bestOfFamily(problem, family, form)),
    { policy: 'oracle' },
  ];
  return {
    workload: comparison.workload.name,
    rails: comparison.rails,
    design: comparison.small.design,
    smallKwh: kwh({ policy: 'single', system: 0 }),
    largeKwh,
    policies: rules.map((rule) => ({
      ...policyChoice(rule),
      savingVsLarge: saving(kwh(rule), largeKwh),
    })),
  };
}

/** A figure in words: "Alpaca, davinci outputs (CPU and GPU, two sweeps)". */
export function figureName({ workload, rails, design }: JointFigure): string {
  return `${workload} (${railNames(rails)}, ${design === 'grid' ? 'full grids' : 'two sweeps'})`;
}
