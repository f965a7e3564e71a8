import { z } from 'zod';
import type { PolicyOutcome } from '../study.ts';
import type { PolicyChoice } from './policyChoice.ts';
import type { Rule } from './rules.ts';
import { productThreshold } from './thresholds.ts';

/** Whole tokens; −1 sends nothing to the small system where there are queries with none. */
const tokens = z
  .number()
  .int()
  .min(-1)
  .max(2 ** 26);

/** A policy between two systems that a user settles on: all that decides where a query goes. */
export const chosenSchema = z.discriminatedUnion('policy', [
  z.strictObject({ policy: z.literal('small') }),
  z.strictObject({ policy: z.literal('large') }),
  z.strictObject({ policy: z.literal('threshold-in'), threshold: tokens }),
  z.strictObject({ policy: z.literal('threshold-out'), threshold: tokens }),
  z.strictObject({ policy: z.literal('threshold-both'), threshold: tokens, outputThreshold: tokens }),
  z.strictObject({
    policy: z.literal('threshold-product'),
    /** the largest m·n that goes to the small system */
    product: z
      .number()
      .int()
      .min(-1)
      .max(2 ** 52),
  }),
]);
export type Chosen = z.output<typeof chosenSchema>;

/** The rule of a policy that was settled on. */
export function chosenRule(chosen: Chosen): Rule {
  switch (chosen.policy) {
    case 'small':
    case 'large':
      return { policy: 'single', system: chosen.policy === 'small' ? 0 : 1 };
    case 'threshold-in':
    case 'threshold-out':
      return { policy: chosen.policy, thresholds: [chosen.threshold] };
    case 'threshold-both':
      return {
        policy: chosen.policy,
        thresholds: [chosen.threshold],
        outputThresholds: [chosen.outputThreshold],
      };
    case 'threshold-product':
      return {
        policy: chosen.policy,
        thresholds: [productThreshold(chosen.product)],
        products: [chosen.product],
      };
  }
}

/**
 * A policy of a result as one that can be settled on.
 * @returns undefined for the oracle and the baselines, which nobody would carry out
 */
export function toChosen({ policy, threshold, outputThreshold, product }: PolicyChoice): Chosen | undefined {
  if (policy === 'small' || policy === 'large') return { policy };
  if (threshold === null) return undefined;
  if (policy === 'threshold-in' || policy === 'threshold-out') return { policy, threshold };
  if (policy === 'threshold-both' && outputThreshold !== undefined) {
    return { policy, threshold, outputThreshold };
  }
  return policy === 'threshold-product' && product !== undefined ? { policy, product } : undefined;
}

/** Whether two policies send every query to the same place, by their thresholds. */
export function samePolicy(a: PolicyChoice | undefined, b: PolicyChoice | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.policy === b.policy &&
    (a.policy === 'threshold-product' ? a.product === b.product : a.threshold === b.threshold) &&
    a.outputThreshold === b.outputThreshold
  );
}

/** The outcome of a policy that was settled on. */
export function chosenOutcome(
  judge: (policy: PolicyOutcome['policy'], rule: Rule) => PolicyOutcome,
  rule: Rule,
): PolicyOutcome {
  const policy = rule.policy === 'single' ? (rule.system === 0 ? 'small' : 'large') : rule.policy;
  return { ...judge(policy, rule), chosen: true };
}

/** The outcomes with the one that was settled on: marked where it is among them, else after the single systems. */
export function withChosen(
  outcomes: readonly PolicyOutcome[],
  chosen: PolicyOutcome | undefined,
): readonly PolicyOutcome[] {
  if (chosen === undefined) return outcomes;
  const at = outcomes.findIndex((outcome) => samePolicy(outcome, chosen));
  return at >= 0
    ? outcomes.toSpliced(at, 1, { ...outcomes[at]!, chosen: true })
    : outcomes.toSpliced(2, 0, chosen);
}
