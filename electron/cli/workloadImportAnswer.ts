import {
  formatCount,
  formatFixed,
  formatNumber,
  formatPercent,
  readoutText,
  timeReadout,
} from '#core/format';
import type { Arrivals, LengthSummary } from '#core/workload';
import type { ImportedWorkload, UnclearCheck, UnderstoodCheck } from '#core/workloadImport/check';
import { bullets, facts, heading, paragraphs, table } from './text.ts';

/** A check as text: what the file is, how it was understood, and what comes of it. */
export function checkText(check: UnderstoodCheck | UnclearCheck, columns: number): string {
  if (check.state === 'unclear') {
    return paragraphs(
      heading(`${namesOf(check)}: ${check.formatName}`),
      columnsText(check),
      facts([['not clear', check.message]], columns),
    );
  }
  const { rows, queries, pairs, dropped, warnings, percentiles, arrivals } = check;
  return paragraphs(
    heading(`${check.name}: ${check.formatName}`),
    facts(
      [
        ['id', check.id],
        ['file', namesOf(check)],
        [
          'queries',
          `${formatCount(queries)} in ${formatCount(pairs)} distinct (m, n)${check.modelled ? ', modelled' : ''}`,
        ],
        ...(check.format === 'workload' ? [] : [['rows', formatCount(rows)] as const]),
        ['tokenizer', check.tokenizer ?? 'the counts are those of the file'],
        ...(check.note === '' ? [] : [['note', check.note] as const]),
        ...(arrivals === null ? [] : [['arrivals', arrivalsText(arrivals)] as const]),
      ],
      columns,
    ),
    columnsText(check),
    lengthsText(percentiles),
    dropped.length === 0
      ? ''
      : `Left out:\n${bullets(
          dropped.map(({ count, reason }) => ({ mark: '−', text: `${formatCount(count)}: ${reason}` })),
          columns,
        )}`,
    warnings.length === 0
      ? ''
      : `To know:\n${bullets(
          warnings.map(({ message }) => ({ mark: '▲', text: message })),
          columns,
        )}`,
  );
}

/** What an import did, as the last line. */
export function importedText({ id, state }: ImportedWorkload): string {
  if (state === 'same') return `${id} is in the lab already, with this very content. Nothing was written.`;
  const done = state === 'new' ? 'Imported' : 'Replaced';
  return `${done} ${id}. crossover analyze --workload ${id} uses it.`;
}

function namesOf({ files }: { readonly files: readonly { readonly name: string }[] }): string {
  const names = files.map(({ name }) => name);
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function columnsText({ columns, moreColumns }: UnderstoodCheck | UnclearCheck): string {
  if (columns.length === 0) return '';
  // Wide tables are shown by the columns that are used, and a few others.
  const shown = columns.filter(({ role }, i) => role !== 'unused' || i < 12);
  const more = columns.length - shown.length + moreColumns;
  return [
    table(
      [{ title: 'column' }, { title: 'holds' }, { title: 'used as' }, { title: 'as in' }],
      shown.map(({ name, holds, role, examples }) => [
        name.slice(0, 40),
        holds,
        role === 'unused' ? '' : role,
        (examples[0] ?? '').slice(0, 40),
      ]),
    ),
    ...(more > 0 ? [`and ${formatCount(more)} more that are not used`] : []),
  ].join('\n');
}

/** Lengths by axis, in tokens. */
export function lengthsText(lengths: {
  readonly input: LengthSummary;
  readonly output: LengthSummary;
}): string {
  const titles = ['mean', 'sd', 'min', '5%', '25%', 'median', '75%', '90%', '95%', '99%', 'max'];
  const row = (name: string, summary: LengthSummary): string[] => {
    const { mean, sd, min, p5, p25, median, p75, p90, p95, p99, max } = summary;
    return [
      name,
      formatNumber(mean, 4),
      formatNumber(sd, 4),
      ...[min, p5, p25, median, p75, p90, p95, p99, max].map((length) => formatCount(length)),
    ];
  };
  return table(
    [{ title: 'tokens' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
    [row('input, m', lengths.input), row('output, n', lengths.output)],
  );
}

/** Arrivals in a sentence. */
export function arrivalsText({ spanS, ratePerS, peakPerMinute, gapCv, startsAt }: Arrivals): string {
  const parts = [
    `over ${readoutText(timeReadout(spanS))}`,
    ...(startsAt === null ? [] : [`from ${startsAt}`]),
    ...(ratePerS === null ? [] : [`${formatNumber(ratePerS, 3)} queries/s`]),
    `at most ${formatCount(peakPerMinute)} in a minute`,
    ...(gapCv === null ? [] : [`burstiness ${formatFixed(gapCv, 2)} (1 is a Poisson process)`]),
  ];
  return parts.join(', ');
}

/** A line of progress for standard error: what is being done, at each tenth of it. */
export function workloadReporter(
  say: (text: string) => void,
): (progress: { readonly what: string; readonly fraction: number }) => void {
  let told = '';
  const begunMs = performance.now();
  return ({ what, fraction }) => {
    const line = `${what}, ${formatPercent(Math.floor(fraction * 10) / 10, 0)}`;
    if (line === told || performance.now() - begunMs < 2000) return;
    told = line;
    say(`  ${line}`);
  };
}
