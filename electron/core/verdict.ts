import { formatExact, formatPercent } from './format.ts';
import { thresholdPhrase } from './analysis/policyChoice.ts';
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
  /** of `threshold-both`: the one on output tokens */
  readonly outputThreshold?: number | undefined;
  /** of `threshold-product`: the largest product of input and output tokens that is sent to the small system */
  readonly product?: number | undefined;
  /** the whole sentence */
  readonly text: string;
  readonly parts: readonly VerdictPart[];
  /** saved of the cost by the best threshold against the better single system, a fraction */
  readonly saving: number;
  /** 95% interval of that saving, where it was computed */
  readonly interval95?: readonly [low: number, high: number] | undefined;
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
  return `cost at λ = ${formatExact(settings.lambda)}`;
}

/** Savings smaller than this show as 0.00%: the two costs count as the same. */
export const SAME = 5e-5;

/** By how much more is spent, as a verb and what follows it. */
export function spendsMore(settings: Pick<StudySettings, 'lambda' | 'cost'>, more: number): string {
  if (settings.lambda === 1) return `uses ${formatPercent(more)} more energy`;
  if (settings.lambda === 0) return `takes ${formatPercent(more)} more time`;
  return `costs ${formatPercent(more)} more at λ = ${formatExact(settings.lambda)}`;
}

/** A saving as the verdict rule takes it: against the better single system, a fraction. */
export interface SavingEstimate {
  readonly point: number;
  /** 95% interval, where it was computed */
  readonly interval95?: readonly [low: number, high: number] | undefined;
}

/**
 * The verdict rule: a policy is useful when the lower end of its saving's 95% interval is at least the user's minimum
 * and above 0; without an interval, the point estimate stands in for the lower end.
 */
export function isUseful({ point, interval95 }: SavingEstimate, minSaving: number): boolean {
  const sure = interval95 === undefined ? point : Math.min(point, interval95[0]);
  return sure > 0 && sure >= minSaving;
}

/**
 * The verdict on the best threshold that a study found.
 * @param condition under which it holds
 * @param interval95 of the saving of `best` against the better single system, where it was computed
 */
export function verdictOf(
  settings: StudySettings,
  inputs: StudyInputs,
  outcomes: readonly PolicyOutcome[],
  best: PolicyOutcome,
  condition: string,
  interval95?: SavingEstimate['interval95'],
): Verdict {
  const cost = (policy: PolicyName): number => outcomes.find((outcome) => outcome.policy === policy)!.cost;
  const bestSingle = cost('small') <= cost('large') ? 'small' : 'large';
  const label = { small: inputs.small.system.label, large: inputs.large.system.label };
  const other = bestSingle === 'small' ? 'large' : 'small';
  const saved = best.saving.vsBestSingle;
  const objective = objectiveName(settings);
  const one = best.policy === 'threshold-in' || best.policy === 'threshold-out';
  const phrase = thresholdPhrase(best);
  const named = one ? `${best.threshold} ${best.axis} tokens` : phrase;
  const useful = isUseful({ point: saved, interval95 }, settings.minSaving);
  const unsure = !useful && isUseful({ point: saved }, settings.minSaving);
  const parts: VerdictPart[] = useful
    ? [
        { text: 'Send queries with ' },
        { text: phrase, about: 'hybrid' },
        { text: ' to the ' },
        { text: label.small, about: 'small' },
        { text: one ? ' and longer ones to the ' : ' and the others to the ' },
        { text: label.large, about: 'large' },
        { text: '. That saves ' },
        { text: formatPercent(saved), about: 'hybrid' },
        {
          text:
            `${intervalText(interval95)} of the ${objective} against the ${label[bestSingle]} alone, the better ` +
            'single system, and ',
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
          text: unsure
            ? `. The best threshold, ${named}, would save ${formatPercent(saved)} of the ${objective} against it, but ` +
              `its 95% interval begins at ${formatPercent(interval95![0])}, below your minimum of ` +
              `${formatPercent(settings.minSaving)}.`
            : saved >= SAME
              ? `. The best threshold, ${named}, would save ` +
                `${formatPercent(saved)} of the ${objective} against it, less than your minimum of ` +
                `${formatPercent(settings.minSaving)}.`
              : saved > -SAME
                ? `. No threshold${one ? ` on ${best.axis} tokens` : ''} saves as much as ${formatPercent(1e-4)} of the ${objective} against it.`
                : `. Even the best threshold, ${named}, ${spendsMore(settings, -saved)} than it alone.`,
        },
      ];
  return {
    kind: useful ? 'threshold' : 'no-useful-threshold',
    policy: useful ? best.policy : bestSingle,
    threshold: useful ? best.threshold : null,
    ...(useful && best.outputThreshold !== undefined ? { outputThreshold: best.outputThreshold } : {}),
    ...(useful && best.product !== undefined ? { product: best.product } : {}),
    text: parts.map((part) => part.text).join(''),
    parts,
    saving: saved,
    ...(interval95 === undefined ? {} : { interval95 }),
    bestSingle,
    condition,
    change: useful
      ? `Raising the minimum saving above ${formatPercent(Math.min(saved, interval95?.[0] ?? saved))} would turn this ` +
        'into "no useful threshold".'
      : unsure
        ? 'More trials, which narrow the interval, or a lower minimum saving could change this.'
        : saved >= SAME
          ? `Accepting a saving of ${formatPercent(saved)} as useful, another workload or another λ would change this.`
          : 'Another workload, another pair of systems or another λ would change this.',
  };
}

/** An interval beside its number, in brackets. */
export function intervalText(interval95: SavingEstimate['interval95']): string {
  return interval95 === undefined
    ? ''
    : ` (95% interval ${formatPercent(interval95[0])} to ${formatPercent(interval95[1])})`;
}
