import { sortAssumptions } from '#core/assumptions';
import type { WorkloadSummary } from '#core/catalogue';
import type { StudyResult } from '#core/study';
import type { Workload } from '#core/workload';

/**
 * The most distinct (m, n) of a workload that the window analyses by itself while a setting moves. Each step of λ looks at
 * every one of them: 4 ms for Alpaca's 9,010. A larger one is analysed on threads of the main process.
 */
export const MOST_LIVE_PAIRS = 60_000;

/** Whether the window analyses a workload by itself, at once. */
export function isLive({ pairs }: Pick<WorkloadSummary, 'pairs'>): boolean {
  return pairs <= MOST_LIVE_PAIRS;
}

/** What is told of a workload whose queries are not read: everything but its pairs, of which it has none. */
export function outlineOf({ id, name, modelled, licence, source }: WorkloadSummary): Workload {
  return {
    format: 'crossover-workload',
    version: 1,
    id,
    name,
    modelled,
    tokenizer: null,
    licence,
    source,
    upstream: source,
    note: '',
    pairs: [],
  };
}

/**
 * A result of the window's own, with what only the main process computes: the optimum under capacity. Its sentences stay the
 * window's, which writes numbers as the user likes them.
 */
export function withApart(own: StudyResult, apart: StudyResult | undefined): StudyResult {
  if (apart?.capacity === undefined) return own;
  return {
    ...own,
    policies: [...own.policies, ...apart.policies.filter(({ policy }) => policy === 'capacity')],
    capacity: apart.capacity,
    assumptions: sortAssumptions([
      ...own.assumptions,
      ...apart.assumptions.filter(({ kind }) => kind === 'capacity'),
    ]),
  };
}
