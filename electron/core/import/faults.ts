import { RAILS } from '../profile.ts';
import type { ImportFinding } from './observation.ts';
import { rows, type Row } from './query.ts';

/** Below this share of a window covered by samples, an energy is not that of the window. */
export const LEAST_COVERAGE = 0.95;

/** Numbers that no measurement gives. */
export function faultFindings(left: readonly Row[]): ImportFinding[] {
  const count = (wrong: (value: number) => boolean): number =>
    left.filter(({ source }) =>
      [source.m, source.n, source.runtimeS, ...RAILS.map((rail) => source.energyJ[rail])].some(
        (value) => value !== undefined && wrong(value),
      ),
    ).length;
  const findings: ImportFinding[] = [];
  const negative = count((value) => value < 0);
  if (negative > 0) {
    findings.push({
      kind: 'negative',
      level: 'warning',
      message: `${rows(negative)} ${negative === 1 ? 'has' : 'have'} a negative energy, time or count, which nothing can have; ${negative === 1 ? 'it is' : 'they are'} left out.`,
      todo: 'Look for a counter that wrapped around, or an idle energy that was taken away.',
    });
  }
  const infinite = count((value) => !Number.isFinite(value));
  if (infinite > 0) {
    findings.push({
      kind: 'non-finite',
      level: 'warning',
      message: `${rows(infinite)} ${infinite === 1 ? 'has' : 'have'} a number that is not finite; ${infinite === 1 ? 'it is' : 'they are'} left out.`,
      todo: 'Look for a division by a time or a count of 0.',
    });
  }
  return findings;
}

/** Windows of which the power log has too little. */
export function coverageFindings(left: readonly Row[]): ImportFinding[] {
  const poor = left.filter(({ source }) => source.coverage !== undefined && source.coverage < LEAST_COVERAGE);
  if (poor.length === 0) return [];
  const worst = poor.reduce((least, { source }) => Math.min(least, source.coverage!), 1);
  return [
    {
      kind: 'coverage',
      level: 'warning',
      message:
        `Samples of the power log cover less than 95% of the time of ${rows(poor.length)} (the least ` +
        `${Math.round(worst * 100)}%); ${poor.length === 1 ? 'it is' : 'they are'} left out.`,
      todo: 'Check that the power log runs from before the first to after the last query.',
    },
  ];
}
