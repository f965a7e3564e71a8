import type { PolicyName } from '../policy.ts';
import type { Rule } from './rules.ts';

/** A policy between two systems with its thresholds, as results tell it. */
export interface PolicyChoice {
  readonly policy: PolicyName;
  /** of `threshold-both` the one on input tokens, of `threshold-product` the T of √(m·n) ≤ T; null without one */
  readonly threshold: number | null;
  /** of `threshold-both`: the one on output tokens */
  readonly outputThreshold?: number | undefined;
  /** of `threshold-product`: T², a whole number */
  readonly product?: number | undefined;
}

/** A rule between two systems in the words of results. */
export function policyChoice(rule: Rule): PolicyChoice {
  switch (rule.policy) {
    case 'single':
      return { policy: rule.system === 0 ? 'small' : 'large', threshold: null };
    case 'oracle':
      return { policy: 'oracle', threshold: null };
    case 'threshold-in':
    case 'threshold-out':
      return { policy: rule.policy, threshold: rule.thresholds[0]! };
    case 'threshold-product':
      return { policy: rule.policy, threshold: rule.thresholds[0]!, product: rule.products[0]! };
    case 'threshold-both':
      return {
        policy: rule.policy,
        threshold: rule.thresholds[0]!,
        outputThreshold: rule.outputThresholds[0]!,
      };
  }
}

/** Which queries a threshold sends to the small system, as a phrase: "at most 32 input tokens". */
export function thresholdPhrase({ policy, threshold, outputThreshold, product }: PolicyChoice): string {
  switch (policy) {
    case 'threshold-in':
      return `at most ${threshold} input tokens`;
    case 'threshold-out':
      return `at most ${threshold} output tokens`;
    case 'threshold-both':
      return `at most ${threshold} input and at most ${outputThreshold} output tokens`;
    case 'threshold-product':
      return `input × output tokens of at most ${product}`;
    default:
      return policy;
  }
}
