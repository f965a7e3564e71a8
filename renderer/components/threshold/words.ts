import type { PolicyChoice } from '#core/analysis/policyChoice';
import { formatNumber } from '#core/format';

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
  'threshold-in': 'Queries with few input tokens go to the small system. Known before the query runs.',
  'threshold-out':
    'Queries with few output tokens go to the small system. Their number must be known or predicted before the query runs.',
  'threshold-both': 'Queries with few input and few output tokens go to the small system; both must hold.',
  'threshold-product':
    'Queries whose product of input and output tokens is small go to the small system. T² is the largest such product.',
  oracle:
    'Each query on the system where it costs less: what no policy can beat. A bound, not a rule to carry out.',
  capacity: 'What so many devices can carry at the arrival rate, as well as can be. An optimum, not a rule.',
  'round-robin':
    'Query after query in turn to one system and the other. A baseline, not a rule to carry out.',
  random:
    'Each query to either system by the toss of a coin, in expectation. A baseline, not a rule to carry out.',
};

/** The class that gives a policy its colour. */
export function policyTone({ policy }: PolicyChoice): 'mac' | 'gpu' | 'hybrid' | 'oracle' | 'baseline' {
  if (policy === 'small') return 'mac';
  if (policy === 'large') return 'gpu';
  if (policy === 'oracle') return 'oracle';
  return policy === 'round-robin' || policy === 'random' || policy === 'capacity' ? 'baseline' : 'hybrid';
}
