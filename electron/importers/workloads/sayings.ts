/** What is said of a workload that was read: how it was counted, and what to know about it. */
import { formatNumber, formatPercent } from '#core/format';
import { coarseError, type Pair } from '#core/workloadImport/joint';
import type { ImportWarning } from '#core/workloadImport/reasons';
import type { Understanding } from '#core/workloadImport/understand';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import type { Added } from './added.ts';
import type { Look } from './look.ts';

/** With fewer, a percentile is one query or another. */
const FEW_QUERIES = 20;

/** How it was counted, in sentences. */
export function noteOf(
  { roles, content, counted }: Understanding,
  { rows, dropped }: Added,
  tokenizer: Tokenizer | undefined,
  unit: string,
): string {
  const sentences: string[] = [];
  if (content === 'messages') {
    sentences.push(
      'Each answer of the assistant is a query: its input is everything before it in the conversation, its output is the answer.',
      'What a chat template adds is not counted.',
    );
  } else if (tokenizer === undefined) {
    sentences.push(`Token counts as in the file (${[...roles.input, roles.output].join(', ')}).`);
  } else {
    const texts = [...roles.input, roles.output!].filter((name) => !counted.includes(name));
    sentences.push(`${listed(texts)} encoded apart, ${tokenizer.around}.`);
    if (counted.length > 0) sentences.push(`${listed(counted)}: token counts as in the file.`);
  }
  const lost = dropped.reduce((sum, { count }) => sum + count, 0);
  if (lost > 0) {
    sentences.push(
      content === 'messages'
        ? `Left out: ${dropped.map(({ count, reason }) => `${formatNumber(count, 9)} × ${reason}`).join('; ')}.`
        : `${formatNumber(lost, 9)} of ${formatNumber(rows, 9)} ${unit} were left out.`,
    );
  }
  return sentences.join(' ');
}

/** "1 query", "2 queries" */
export function many(count: number, one: string, more: string): string {
  return `${formatNumber(count, 9)} ${count === 1 ? one : more}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** What to know before accepting, and later. */
export function warningsOf(
  looks: readonly Look[],
  { roles, timeUnitAssumed }: Understanding,
  { pairs, coarsening, warnings, untimed, arrivals }: Added,
  fractional: boolean,
): ImportWarning[] {
  const found: ImportWarning[] = [...warnings];
  const warn = (kind: ImportWarning['kind'], message: string): void => void found.push({ kind, message });
  const queriesWhere = (is: (pair: Pair) => boolean): number =>
    pairs.reduce((sum, pair) => (is(pair) ? sum + pair[2] : sum), 0);
  for (const { name, encoding } of looks) {
    if (encoding === 'windows-1252') {
      warn(
        'encoding',
        `${name} is no UTF-8 and was read as Windows-1252; letters beyond ASCII may be wrong.`,
      );
    }
  }
  const noInput = queriesWhere(([m]) => m === 0);
  const noOutput = queriesWhere(([, n]) => n === 0);
  if (noInput > 0) warn('zero-tokens', `${many(noInput, 'query has', 'queries have')} 0 input tokens; kept.`);
  if (noOutput > 0)
    warn('zero-tokens', `${many(noOutput, 'query has', 'queries have')} 0 output tokens; kept.`);
  if (fractional) {
    warn(
      'fractional-counts',
      'Some counts are fractions: they are weights, and the workload is marked as modelled.',
    );
  }
  if (coarsening !== undefined) {
    warn(
      'coarsened',
      `${formatNumber(coarsening.distinctPairs, 9)} distinct (m, n) are more than the lab keeps: lengths of more than ${2 ** coarsening.bits} tokens were rounded by at most ${formatPercent(coarseError(coarsening.bits))}, which leaves ${formatNumber(pairs.length, 9)}. The percentiles here are of the very lengths; the workload is marked as modelled.`,
    );
  }
  if (timeUnitAssumed === true) {
    warn('time-unit', `The unit of ${roles.arrival} is not stated; seconds are assumed.`);
  }
  if (untimed > 0) {
    warn(
      'no-arrival-times',
      arrivals === undefined
        ? `${roles.arrival} holds no times that can be read, so there are no arrival statistics.`
        : `${many(untimed, 'query has', 'queries have')} no arrival time that can be read; kept, and left out of the arrival statistics.`,
    );
  }
  const queries = queriesWhere(() => true);
  if (queries < FEW_QUERIES) {
    warn('few-queries', `With ${many(queries, 'query', 'queries')}, the percentiles say little.`);
  }
  return found;
}
