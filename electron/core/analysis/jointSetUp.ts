import { LabError } from '../errors.ts';
import { powerOfTwoThresholds, type CostForm } from '../policy.ts';
import type { StudyInputs, StudySettings } from '../study.ts';
import { commonBoundary, type CommonBoundary } from './boundary.ts';
import { costTableOf, modelSystem, type ModelledSystem } from './costTable.ts';
import type { JointModelName } from './model.ts';
import { pairTable } from './pairs.ts';
import { bestOfFamily, policyProblem, type PolicyProblem } from './problem.ts';
import { ruleTotals, tableCostForm, type Rule, type ThresholdFamily } from './rules.ts';

/** The settings of a study that looks at m and n together. */
export type JointSettings = StudySettings & { readonly energyModel: JointModelName };

/** Everything about a joint study that λ does not change: computed once, moved along with λ. */
export interface JointSetUp {
  readonly settings: JointSettings;
  readonly inputs: StudyInputs;
  readonly boundary: CommonBoundary;
  readonly systems: readonly [small: ModelledSystem, large: ModelledSystem];
  readonly problem: PolicyProblem & { readonly curves: NonNullable<PolicyProblem['curves']> };
  /** its λ is that of the settings */
  readonly form: CostForm;
}

/** Whether settings ask for a model of m and n together. */
export function isJoint(settings: StudySettings): settings is JointSettings {
  return settings.energyModel !== 'paper';
}

/**
 * Boundary, models and cost table of a joint study.
 * @throws LabError "bad-setting", "bad-profile", "bad-workload" or "incompatible" with the reason
 */
export function jointSetUp(settings: JointSettings, inputs: StudyInputs): JointSetUp {
  const { small, large, workload } = inputs;
  const boundary = commonBoundary(
    [
      { profile: small, stated: settings.stated?.small },
      { profile: large, stated: settings.stated?.large },
    ],
    settings.boundary,
    settings.idle ?? 'gross',
  );
  const model = (profile: StudyInputs['small'], i: number): ModelledSystem =>
    modelSystem({
      ...boundary.rules[i]!,
      profile,
      energyModel: settings.energyModel,
      runtimeModel: settings.energyModel,
    });
  const systems = [model(small, 0), model(large, 1)] as const;
  const table = costTableOf(pairTable(workload), systems);
  const problem = policyProblem(table);
  return {
    settings,
    inputs,
    boundary,
    systems,
    problem: { ...problem, curves: problem.curves! },
    form: tableCostForm(table, settings.lambda, settings.cost),
  };
}

/**
 * The best rule of a family among the thresholds that the settings look at: every whole one, or powers of two from 8.
 * @throws LabError "incompatible" where no power of two lies within what was measured
 */
export function bestRule(setUp: JointSetUp, family: ThresholdFamily, form: CostForm = setUp.form): Rule {
  const { problem, settings } = setUp;
  if (settings.thresholds === 'every-integer') return bestOfFamily(problem, family, form);
  const rules = powerOfTwoRules(setUp, family);
  const costs = rules.map((rule) => ruleTotals(problem.table, rule, form).cost);
  return rules[costs.indexOf(Math.min(...costs))]!;
}

/** Every rule of a family with powers of two from 8 to the end of what both systems measured. */
export function powerOfTwoRules({ systems, inputs }: JointSetUp, family: ThresholdFamily): Rule[] {
  const reach = (axis: 'm' | 'n'): number => Math.min(...systems.map(({ energy }) => energy.range[axis][1]));
  const [input, output] = [powerOfTwoThresholds(reach('m')), powerOfTwoThresholds(reach('n'))];
  const rules = ((): Rule[] => {
    switch (family) {
      case 'threshold-in':
        return input.map((threshold) => ({ policy: family, thresholds: [threshold] }));
      case 'threshold-out':
        return output.map((threshold) => ({ policy: family, thresholds: [threshold] }));
      case 'threshold-product':
        return powerOfTwoThresholds(Math.sqrt(reach('m') * reach('n'))).map((threshold) => ({
          policy: family,
          thresholds: [threshold],
          products: [threshold * threshold],
        }));
      case 'threshold-both':
        return input.flatMap((threshold) =>
          output.map((other): Rule => ({
            policy: family,
            thresholds: [threshold],
            outputThresholds: [other],
          })),
        );
    }
  })();
  if (rules.length > 0) return rules;
  throw new LabError(
    'incompatible',
    `${inputs.small.name} and ${inputs.large.name} are measured up to ${reach('m')} input and ${reach('n')} output ` +
      'tokens only; thresholds in powers of two begin at 8.',
    'Choose thresholds "every-integer", or profiles with longer sweeps.',
  );
}
