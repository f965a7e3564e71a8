import type { CostForm } from '../policy.ts';
import { bestBothRule } from './bothThresholds.ts';
import type { CostTable } from './costTable.ts';
import { THRESHOLD_FAMILIES, type Rule, type ThresholdFamily } from './rules.ts';
import {
  axisRule,
  bestAxisRule,
  bestOnCurve,
  thresholdAxes,
  thresholdCurve,
  type ThresholdAxis,
  type ThresholdCurve,
} from './thresholds.ts';

/** A cost table with what does not depend on λ computed once, so that moving λ costs little. */
export interface PolicyProblem {
  readonly table: CostTable;
  readonly axes: Record<ThresholdAxis['policy'], ThresholdAxis>;
  /** for two systems: every threshold along each axis; undefined for more */
  readonly curves: Record<ThresholdAxis['policy'], ThresholdCurve> | undefined;
}

/** Whether a problem is one of two systems, whose curves are at hand. */
export function hasCurves(problem: PolicyProblem): problem is PolicyProblem & {
  readonly curves: NonNullable<PolicyProblem['curves']>;
} {
  return problem.curves !== undefined;
}

/** Prepares a table for looking for policies. */
export function policyProblem(table: CostTable): PolicyProblem {
  const axes = thresholdAxes(table.pairs);
  const curve = (policy: ThresholdAxis['policy']): ThresholdCurve => thresholdCurve(table, axes[policy]);
  return {
    table,
    axes,
    curves:
      table.systems.length === 2
        ? {
            'threshold-in': curve('threshold-in'),
            'threshold-out': curve('threshold-out'),
            'threshold-product': curve('threshold-product'),
          }
        : undefined,
  };
}

/** The rule of least cost of one family, exact over all whole thresholds; of equals the lowest. */
export function bestOfFamily(
  { table, axes, curves }: PolicyProblem,
  family: ThresholdFamily,
  form: CostForm,
): Rule {
  if (family === 'threshold-both') return bestBothRule(table, form);
  return curves === undefined
    ? bestAxisRule(table, axes[family], form)
    : axisRule(axes[family], [bestOnCurve(curves[family], form)]);
}

/** Every rule that needs nothing but m and n to be carried out, the simplest first: singles, then the best of each family. */
export function deployableRules(
  problem: PolicyProblem,
  form: CostForm,
  families: readonly ThresholdFamily[] = THRESHOLD_FAMILIES,
): Rule[] {
  return [
    ...problem.table.systems.map((_, system): Rule => ({ policy: 'single', system })),
    ...families.map((family) => bestOfFamily(problem, family, form)),
  ];
}
