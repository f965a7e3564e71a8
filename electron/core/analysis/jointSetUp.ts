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

/** What a joint study rests on, and λ, the form of the cost and the policy do not change: computed once. */
export interface PreparedJoint {
  /** what it was prepared for; see `fits` */
  readonly inputs: StudyInputs;
  readonly key: string;
  readonly boundary: CommonBoundary;
  readonly systems: readonly [small: ModelledSystem, large: ModelledSystem];
  readonly problem: PolicyProblem & { readonly curves: NonNullable<PolicyProblem['curves']> };
  /** what follows from all this alone, made when it is first asked for */
  readonly once: <T>(name: string, make: () => T) => T;
}

/** A prepared study at one λ. */
export interface JointSetUp extends PreparedJoint {
  readonly settings: JointSettings;
  /** its λ is that of the settings */
  readonly form: CostForm;
}

/** Whether settings ask for a model of m and n together. */
export function isJoint(settings: StudySettings): settings is JointSettings {
  return settings.energyModel !== 'paper';
}

/** The settings that a prepared study depends on. */
const preparedKey = ({ energyModel, boundary, idle = 'gross', stated }: JointSettings): string =>
  JSON.stringify([energyModel, boundary, idle, stated ?? null]);

/** Whether a prepared study serves these settings and inputs too. */
export function fits(prepared: PreparedJoint, settings: JointSettings, inputs: StudyInputs): boolean {
  const { small, large, workload } = prepared.inputs;
  return (
    small === inputs.small &&
    large === inputs.large &&
    workload === inputs.workload &&
    prepared.key === preparedKey(settings)
  );
}

/**
 * Boundary, models and cost table of a joint study.
 * @throws LabError "bad-setting", "bad-profile", "bad-workload" or "incompatible" with the reason
 */
export function prepareJoint(settings: JointSettings, inputs: StudyInputs): PreparedJoint {
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
  const problem = policyProblem(costTableOf(pairTable(workload), systems));
  const made = new Map<string, unknown>();
  return {
    inputs,
    key: preparedKey(settings),
    boundary,
    systems,
    problem: { ...problem, curves: problem.curves! },
    once: <T>(name: string, make: () => T): T => {
      if (!made.has(name)) made.set(name, make());
      return made.get(name) as T;
    },
  };
}

/**
 * A study set up at its λ.
 * @param prepared where one is at hand; one that does not fit is not used
 * @throws LabError as `prepareJoint`
 */
export function jointSetUp(
  settings: JointSettings,
  inputs: StudyInputs,
  prepared?: PreparedJoint,
): JointSetUp {
  const kept =
    prepared !== undefined && fits(prepared, settings, inputs) ? prepared : prepareJoint(settings, inputs);
  return { ...kept, settings, form: tableCostForm(kept.problem.table, settings.lambda, settings.cost) };
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
