import type { ManyPolicy } from './analysis/manySystems.ts';
import type { ManyReport } from './manyReport.ts';

/** A policy among several systems in words. */
export function manyPolicyName({ policy, system }: ManyPolicy, report: Pick<ManyReport, 'systems'>): string {
  if (policy === 'single') {
    return `${report.systems.find(({ profile }) => profile.id === system)?.label ?? system} alone`;
  }
  const names = {
    'threshold-in': 'thresholds on input tokens',
    'threshold-out': 'thresholds on output tokens',
    'threshold-both': 'thresholds on input and output tokens',
    'threshold-product': 'thresholds on input × output tokens',
    oracle: 'the cheapest system for each query',
    capacity: 'the least that the devices can carry',
    'round-robin': 'each system in turn',
    random: 'any system at random',
  };
  return names[policy];
}
