import type { PolicyChoice } from '#core/analysis/policyChoice';
import { formatNumber } from '#core/format';
import { explain, type Term } from '#core/glossary';

/** What the two systems of a study are called. */
export type SystemLabels = Readonly<
  Record<'small' | 'large', { readonly system: { readonly label: string } }>
>;

/** A policy with its thresholds, as short as it stands on a chart. */
export function policyName(choice: PolicyChoice, inputs: SystemLabels): string {
  const { policy, threshold, outputThreshold, product } = choice;
  switch (policy) {
    case 'small':
    case 'large':
      return `${inputs[policy].system.label} only`;
    case 'threshold-in':
      return `T_in ≤ ${threshold}`;
    case 'threshold-out':
      return `T_out ≤ ${threshold}`;
    case 'threshold-both':
      return `T_in ≤ ${threshold} & T_out ≤ ${outputThreshold}`;
    case 'threshold-product':
      return `√(m·n) ≤ ${formatNumber(threshold ?? Math.sqrt(product ?? 0), 3)}`;
    case 'oracle':
      return 'Oracle';
    case 'capacity':
      return 'Capacity optimum';
    case 'round-robin':
      return 'Round robin';
    case 'random':
      return 'Random';
  }
}

/** What each kind of policy is, in a sentence. */
export const POLICY_WORDS: Readonly<Record<PolicyChoice['policy'], string>> = {
  small: 'Every query on the small system.',
  large: 'Every query on the large system.',
  'threshold-in': explain('thresholdIn'),
  'threshold-out': explain('thresholdOut'),
  'threshold-both': explain('thresholdBoth'),
  'threshold-product': explain('thresholdProduct'),
  oracle: explain('oracle'),
  capacity: explain('capacityOptimum'),
  'round-robin': explain('roundRobin'),
  random: explain('random'),
};

/** The term of each kind of policy that has a name of its own. */
export const POLICY_TERMS: Readonly<Partial<Record<PolicyChoice['policy'], Term>>> = {
  'threshold-in': 'thresholdIn',
  'threshold-out': 'thresholdOut',
  'threshold-both': 'thresholdBoth',
  'threshold-product': 'thresholdProduct',
  oracle: 'oracle',
  capacity: 'capacityOptimum',
  'round-robin': 'roundRobin',
  random: 'random',
};

/** The class that gives a policy its colour. */
export function policyTone({ policy }: PolicyChoice): 'mac' | 'gpu' | 'hybrid' | 'oracle' | 'baseline' {
  if (policy === 'small') return 'mac';
  if (policy === 'large') return 'gpu';
  if (policy === 'oracle') return 'oracle';
  return policy === 'round-robin' || policy === 'random' || policy === 'capacity' ? 'baseline' : 'hybrid';
}
