import type { ManyIntervals } from '#core/analysis/manyBootstrap';
import type { ManyPolicy, ManyResult } from '#core/analysis/manySystems';
import type { Interval95 } from '#core/analysis/uncertainty';
import type { StudyUnits } from '#core/displayUnits';
import { formatNumber, formatPercent, readoutText } from '#core/format';
import { energyRange, percentRange, timeRange } from './intervals.ts';

/** A policy of a comparison as a row of a table; what is not known is empty. */
export interface ManyRow {
  readonly key: string;
  readonly name: string;
  readonly limits: string;
  readonly limits95: string;
  readonly saved: string;
  readonly saved95: string;
  readonly regret: string;
  readonly regret95: string;
  /** energy and runtime, a sentence or two */
  readonly totals: string;
  /** of the queries, by system */
  readonly shares: readonly string[];
}

const NAMES: Readonly<Record<ManyPolicy['policy'], string>> = {
  single: '',
  'threshold-in': 'T_in',
  'threshold-out': 'T_out',
  'threshold-both': 'T_in & T_out',
  'threshold-product': '√(m·n)',
  oracle: 'Oracle',
  capacity: 'Capacity optimum',
  'round-robin': 'Round robin',
  random: 'Random',
};

/** The policies of a comparison, the one of least regret first. */
export function manyRows({ systems, policies }: ManyResult, units: StudyUnits): ManyRow[] {
  return policies
    .toSorted((a, b) => (a.regret ?? Infinity) - (b.regret ?? Infinity))
    .map((policy) => {
      const { intervals } = policy;
      return {
        key: `${policy.policy} ${policy.system ?? ''}`,
        name:
          policy.policy === 'single'
            ? `${systems.find(({ id }) => id === policy.system)!.label} only`
            : NAMES[policy.policy],
        limits: limits(policy),
        limits95: intervals?.best === undefined ? '' : limitRanges(intervals.best),
        saved: formatPercent(policy.saving, 2),
        saved95: intervals === undefined ? '' : percentRange(intervals.saving),
        regret: policy.regret === null ? 'n/a' : `+${formatPercent(policy.regret, 2)}`,
        regret95: intervals === undefined || policy.policy === 'oracle' ? '' : percentRange(intervals.regret),
        totals:
          `Energy ${readoutText(units.energy(policy.energyJ))}, runtime ${readoutText(units.time(policy.runtimeS))}.` +
          (intervals === undefined
            ? ''
            : ` 95%: energy ${energyRange(intervals.energyJ, units)}, runtime ${timeRange(intervals.runtimeS, units)}.`),
        shares: systems.map((_, s) => {
          const share = policy.queries?.[s];
          return share === undefined ? 'n/a' : formatPercent(share);
        }),
      };
    });
}

function limits({ thresholds = [], outputThresholds }: ManyPolicy): string {
  return thresholds
    .map((threshold, s) =>
      outputThresholds === undefined
        ? formatNumber(threshold, 3)
        : `${formatNumber(threshold, 3)} & ${formatNumber(outputThresholds[s]!, 3)}`,
    )
    .join(', then ');
}

function limitRanges({ thresholds, outputThresholds }: NonNullable<ManyIntervals['best']>): string {
  const range = ([low, high]: Interval95): string => `${formatNumber(low, 3)} to ${formatNumber(high, 3)}`;
  return thresholds
    .map((each, s) =>
      outputThresholds === undefined ? range(each) : `${range(each)} & ${range(outputThresholds[s]!)}`,
    )
    .join(', then ');
}

/** The cells to measure next, system by system: the first three of each. */
export function nextCells({ systems, uncertainty }: ManyResult): string[] {
  return systems.flatMap(({ label }, system) => {
    const cells = uncertainty?.measureNext.filter((cell) => cell.system === system) ?? [];
    const said = cells.slice(0, 3).map(({ m, n, share }) => `(${m}, ${n}) ${formatPercent(share)}`);
    return said.length === 0 ? [] : [`${label} ${said.join(', ')}`];
  });
}
