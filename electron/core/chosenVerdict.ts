import { thresholdPhrase } from './analysis/policyChoice.ts';
import { formatPercent } from './format.ts';
import type { PolicyOutcome, StudyInputs, StudySettings } from './study.ts';
import {
  intervalText,
  isUseful,
  objectiveName,
  SAME,
  spendsMore,
  type Verdict,
  type VerdictPart,
} from './verdict.ts';

/**
 * The verdict on a policy that the user settled on, in place of the best one: what it saves or costs, and what the best
 * threshold would do.
 * @param condition under which it holds
 * @param interval95 of the saving of `chosen` against the better single system, where it was computed
 */
export function chosenVerdict(
  settings: StudySettings,
  inputs: StudyInputs,
  found: {
    readonly outcomes: readonly PolicyOutcome[];
    readonly chosen: PolicyOutcome;
    readonly best: PolicyOutcome;
  },
  condition: string,
  interval95?: Verdict['interval95'],
): Verdict {
  const { outcomes, chosen, best } = found;
  const cost = (policy: 'small' | 'large'): number =>
    outcomes.find((outcome) => outcome.policy === policy)!.cost;
  const bestSingle = cost('small') <= cost('large') ? 'small' : 'large';
  const label = { small: inputs.small.system.label, large: inputs.large.system.label };
  const saved = chosen.saving.vsBestSingle;
  const objective = objectiveName(settings);
  const useful = isUseful({ point: saved, interval95 }, settings.minSaving);
  const isBestSingle = chosen.policy === bestSingle;
  const parts: VerdictPart[] = [
    { text: 'As you chose: ' },
    ...sending(chosen, label),
    ...(isBestSingle
      ? [{ text: ', the better single system.' }]
      : saved >= SAME
        ? [
            { text: '. That saves ' },
            { text: formatPercent(saved), about: 'hybrid' as const },
            {
              text: `${intervalText(interval95)} of the ${objective} against the ${label[bestSingle]} alone.`,
            },
          ]
        : saved > -SAME
          ? [{ text: `. That is as good as the ${label[bestSingle]} alone.` }]
          : [{ text: `. That ${spendsMore(settings, -saved)} than the ${label[bestSingle]} alone.` }]),
    { text: ` ${besides(settings, saved, best)}` },
  ];
  return {
    kind: useful ? 'threshold' : 'no-useful-threshold',
    policy: chosen.policy,
    threshold: chosen.threshold,
    ...(chosen.outputThreshold === undefined ? {} : { outputThreshold: chosen.outputThreshold }),
    ...(chosen.product === undefined ? {} : { product: chosen.product }),
    text: parts.map((part) => part.text).join(''),
    parts,
    saving: saved,
    ...(interval95 === undefined ? {} : { interval95 }),
    bestSingle,
    condition,
    change: 'It is a choice, not the optimum; letting go of it leads back to the best policy.',
  };
}

/** What the best threshold would do instead. */
function besides(settings: StudySettings, saved: number, best: PolicyOutcome): string {
  const bestSaves = best.saving.vsBestSingle;
  if (bestSaves - saved < SAME) return 'No threshold does better.';
  const named = `The best threshold, ${thresholdPhrase(best)},`;
  return bestSaves >= SAME
    ? `${named} would save ${formatPercent(bestSaves)}.`
    : bestSaves > -SAME
      ? `${named} would be as good as that system alone.`
      : `Even the best threshold, ${thresholdPhrase(best)}, ${spendsMore(settings, -bestSaves)} than that system alone.`;
}

/** What is sent where. */
function sending(chosen: PolicyOutcome, label: { small: string; large: string }): VerdictPart[] {
  if (chosen.policy === 'small' || chosen.policy === 'large') {
    return [{ text: 'send every query to the ' }, { text: label[chosen.policy], about: chosen.policy }];
  }
  return [
    { text: 'send queries with ' },
    { text: thresholdPhrase(chosen), about: 'hybrid' },
    { text: ' to the ' },
    { text: label.small, about: 'small' },
    { text: ' and the others to the ' },
    { text: label.large, about: 'large' },
  ];
}
