import { chosenSchema, type Chosen } from '#core/analysis/chosenPolicy';
import { LabError } from '#core/errors';

/** A policy that was settled on, as the command line takes it: `threshold-both:33,81`. */
export function chosenText(chosen: Chosen): string {
  switch (chosen.policy) {
    case 'small':
    case 'large':
      return chosen.policy;
    case 'threshold-in':
    case 'threshold-out':
      return `${chosen.policy}:${chosen.threshold}`;
    case 'threshold-both':
      return `${chosen.policy}:${chosen.threshold},${chosen.outputThreshold}`;
    case 'threshold-product':
      return `${chosen.policy}:${chosen.product}`;
  }
}

/**
 * Reads `small`, `large`, `threshold-in:32`, `threshold-out:64`, `threshold-both:33,81` (input, output) or
 * `threshold-product:1264` (the largest m·n).
 * @throws LabError "bad-setting" when it is none of these
 */
export function parseChosen(text: string): Chosen {
  const [policy = '', values] = text.trim().split(':', 2);
  const numbers = values?.split(',').map((each) => (/^-?\d+$/.test(each.trim()) ? Number(each) : NaN)) ?? [];
  const [first, second] = numbers;
  const asked =
    policy === 'threshold-both'
      ? { policy, threshold: first, outputThreshold: second }
      : policy === 'threshold-product'
        ? { policy, product: first }
        : policy === 'small' || policy === 'large'
          ? { policy }
          : { policy, threshold: first };
  const takes = policy === 'threshold-both' ? 2 : policy === 'small' || policy === 'large' ? 0 : 1;
  const read = chosenSchema.safeParse(asked);
  if (read.success && numbers.length === takes) return read.data;
  throw new LabError(
    'bad-setting',
    `--at cannot read "${text}" as a policy with its threshold.`,
    'Nothing was stored. Give small, large, threshold-in:32, threshold-out:64, threshold-both:33,81 or threshold-product:1264.',
  );
}
