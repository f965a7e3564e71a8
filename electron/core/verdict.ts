import { formatPercent } from './format.ts';
import type { PolicyName } from './policy.ts';
import type { PolicyOutcome, StudyInputs, StudySettings } from './study.ts';

/** A piece of the verdict's sentence; what it is about gives it its colour. */
export interface VerdictPart {
  readonly text: string;
  readonly about?: 'hybrid' | 'small' | 'large';
}

/** The answer of a study. */
export interface Verdict {
  readonly kind: 'threshold' | 'no-useful-threshold';
  /** the policy to follow: a threshold, or the better single system */
  readonly policy: PolicyName;
  readonly threshold: number | null;
  /** the whole sentence */
  readonly text: string;
  readonly parts: readonly VerdictPart[];
  /** saved of the cost by the best threshold against the better single system, a fraction */
  readonly saving: number;
  readonly bestSingle: 'small' | 'large';
  /** under which condition the sentence holds */
  readonly condition: string;
  /** what would change it */
  readonly change: string;
}

/** What a study with this λ saves, in a word. */
export function objectiveName(settings: Pick<StudySettings, 'lambda' | 'cost'>): string {
  if (settings.lambda === 1) return 'energy';
  if (settings.lambda === 0) return 'runtime';
  return `cost at λ = ${settings.lambda}`;
}

/** Savings smaller than this show as 0.00%: the two costs count as the same. */
const SAME = 5e-5;

/** By how much more is spent, as a verb and what follows it. */
function spendsMore(settings: Pick<StudySettings, 'lambda' | 'cost'>, more: number): string {
  if (settings.lambda === 1) return `uses ${formatPercent(more)} more energy`;
  if (settings.lambda === 0) return `takes ${formatPercent(more)} more time`;
  return `costs ${formatPercent(more)} more at λ = ${settings.lambda}`;
}

/**
 * The verdict rule of this version: a threshold is useful when its point estimate saves something, and at least
 * the user's minimum, against the better of the two single systems. It knows no interval, and says so.
 */
export function verdictOf(
  settings: StudySettings,
  inputs: StudyInputs,
  outcomes: readonly PolicyOutcome[],
  best: PolicyOutcome,
): Verdict {
  const cost = (policy: PolicyName): number => outcomes.find((outcome) => outcome.policy === policy)!.cost;
  const bestSingle = cost('small') <= cost('large') ? 'small' : 'large';
  const label = { small: inputs.small.system.label, large: inputs.large.system.label };
  const other = bestSingle === 'small' ? 'large' : 'small';
  const saved = best.saving.vsBestSingle;
  const objective = objectiveName(settings);
  const side = best.axis === 'input' ? 'input' : 'output';
  const condition = `Under the paper's energy model, which looks at ${side} tokens alone; a point estimate, without an interval.`;
  const useful = saved > 0 && saved >= settings.minSaving;
  const parts: VerdictPart[] = useful
    ? [
        { text: 'Send queries with ' },
        { text: `at most ${best.threshold} ${side} tokens`, about: 'hybrid' },
        { text: ' to the ' },
        { text: label.small, about: 'small' },
        { text: ' and longer ones to the ' },
        { text: label.large, about: 'large' },
        { text: '. That saves ' },
        { text: formatPercent(saved), about: 'hybrid' },
        {
          text: ` of the ${objective} against the ${label[bestSingle]} alone, the better single system, and `,
        },
        {
          text: formatPercent(other === 'large' ? best.saving.vsLarge : best.saving.vsSmall),
          about: 'hybrid',
        },
        { text: ` against the ${label[other]} alone.` },
      ]
    : [
        { text: 'No useful threshold: ', about: 'hybrid' },
        { text: 'send every query to the ' },
        { text: label[bestSingle], about: bestSingle },
        {
          text:
            saved >= SAME
              ? `. The best threshold, ${best.threshold} ${side} tokens, would save ` +
                `${formatPercent(saved)} of the ${objective} against it, less than your minimum of ` +
                `${formatPercent(settings.minSaving)}.`
              : saved > -SAME
                ? `. No threshold on ${side} tokens saves as much as 0.01% of the ${objective} against it.`
                : `. Even the best threshold, ${best.threshold} ${side} tokens, ${spendsMore(settings, -saved)} than it alone.`,
        },
      ];
  return {
    kind: useful ? 'threshold' : 'no-useful-threshold',
    policy: useful ? best.policy : bestSingle,
    threshold: useful ? best.threshold : null,
    text: parts.map((part) => part.text).join(''),
    parts,
    saving: saved,
    bestSingle,
    condition,
    change: useful
      ? `Raising the minimum saving above ${formatPercent(saved)} would turn this into "no useful threshold".`
      : saved >= SAME
        ? `Accepting a saving of ${formatPercent(saved)} as useful, another workload or another λ would change this.`
        : 'Another workload, another pair of systems or another λ would change this.',
  };
}
