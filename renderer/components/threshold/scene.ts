import { samePolicy } from '#core/analysis/chosenPolicy';
import type { PreparedJoint } from '#core/analysis/jointSetUp';
import { tableCostForm } from '#core/analysis/rules';
import { WHOLE_WORKLOAD, type ShownQuantity, type StudyUnits } from '#core/displayUnits';
import type { CostForm } from '#core/policy';
import type { PolicyOutcome, StudyInputs, StudyResult, StudySettings } from '#core/study';
import { costMeaning } from '../../charts/thresholdChart.ts';

/** What every view of a joint study is drawn from. */
export interface StudyScene {
  readonly settings: StudySettings;
  readonly inputs: StudyInputs;
  readonly result: StudyResult;
  readonly prepared: PreparedJoint;
  /** with the λ of the settings */
  readonly form: CostForm;
  readonly singles: readonly [small: PolicyOutcome, large: PolicyOutcome];
  readonly followed: PolicyOutcome;
  /** the best pair of thresholds, where `prepared` is in bins and does not tell it exactly */
  readonly bestPair?: PolicyOutcome | undefined;
  readonly meaning: ShownQuantity;
  readonly units: StudyUnits;
}

/** The policy that a study's answer follows: the one that was settled on, the best threshold, or a single system. */
export function followedOutcome({ policies, verdict }: StudyResult): PolicyOutcome {
  return (
    policies.find((policy) => policy.chosen) ??
    policies.find((policy) => samePolicy(policy, verdict)) ??
    policies.find((policy) => policy.policy === verdict.bestSingle)!
  );
}

/** The best threshold that a study found, useful or not, of those that it lists. */
export function bestOutcome({ policies }: StudyResult): PolicyOutcome | undefined {
  return policies
    .filter(({ threshold }) => threshold !== null)
    .reduce<PolicyOutcome | undefined>(
      (a, b) => (a === undefined || b.cost < a.cost * (1 - 1e-12) ? b : a),
      undefined,
    );
}

/** The scene of a joint study's views. */
export function studyScene(
  settings: StudySettings,
  inputs: StudyInputs,
  result: StudyResult,
  prepared: PreparedJoint,
  units: StudyUnits = WHOLE_WORKLOAD,
): StudyScene {
  const single = (name: 'small' | 'large'): PolicyOutcome =>
    result.policies.find(({ policy }) => policy === name)!;
  return {
    settings,
    inputs,
    result,
    prepared,
    form: tableCostForm(prepared.problem.table, settings.lambda, settings.cost),
    singles: [single('small'), single('large')],
    followed: followedOutcome(result),
    meaning: costMeaning(settings, units, Math.max(...result.policies.map(({ cost }) => cost))),
    units,
  };
}
