import { formatCount, formatFixed, formatNumber, readoutText, timeReadout } from '#core/format';
import type { Term } from '#core/glossary';
import type { Arrivals } from '#core/workload';
import type { ColumnContent, WorkloadRole } from '#core/workloadImport/columns';

/** What a column is used for, in words. */
export const ROLE_WORDS: Readonly<Record<WorkloadRole, string>> = {
  input: 'input',
  output: 'output',
  count: 'number of queries',
  arrival: 'arrival time',
  messages: 'conversation',
  unused: 'not used',
};

/** What a column holds, in words. */
export const CONTENT_WORDS: Readonly<Record<ColumnContent, string>> = {
  numbers: 'numbers',
  times: 'dates',
  texts: 'text',
  messages: 'conversations',
  lists: 'lists of numbers',
  other: 'something else',
  nothing: 'nothing',
};

/** Arrival statistics as names and values. */
export function arrivalFacts(arrivals: Arrivals): (readonly [name: string, value: string, term?: Term])[] {
  const { queries, spanS, ratePerS, peakPerMinute, gapCv, startsAt } = arrivals;
  return [
    ['Span', readoutText(timeReadout(spanS))],
    ...(startsAt === null ? [] : [['From', startsAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')] as const]),
    [
      'Mean rate',
      ratePerS === null ? 'all at one time' : `${formatNumber(ratePerS, 3)} queries/s`,
      'arrivals',
    ],
    ['Peak', `${formatCount(peakPerMinute)} in a minute`],
    ...(gapCv === null ? [] : [['Burstiness', `${formatFixed(gapCv, 2)} (1 is a Poisson process)`] as const]),
    ['With a time', `${formatCount(queries)} queries`],
  ];
}
