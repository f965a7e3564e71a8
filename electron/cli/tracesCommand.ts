import type { Command } from 'commander';
import { formatCount, formatNumber } from '#core/format';
import { RAILS } from '#core/profile';
import type { TraceReport } from '#core/traceReport';
import { inspectTrace } from '../meters/traceFile.ts';
import type { Registrar } from './command.ts';
import { bullets, facts, heading, paragraphs, table } from './text.ts';

/** `traces inspect`: what a power log holds, whichever tool wrote it. */
export function addTraces(program: Command, { add }: Registrar): void {
  const group = program.command('traces').description('recorded power logs: inspect');
  add(
    group,
    'inspect',
    {
      description: 'energy, cadence and gaps of a power log; its form is told by its content',
      example: 'traces inspect power.plist --json',
    },
    (_context, [file = '']) => {
      const report = inspectTrace(file);
      return { data: report, text: (columns) => reportText(report, columns) };
    },
  ).argument(
    '<file>',
    'a power log of powermetrics, macmon, mactop, nvidia-smi, RAPL, uProf, DCGM or the paper',
  );
}

function reportText(report: TraceReport, columns: number): string {
  const { cadence, gaps, warnings } = report;
  const milliseconds = (value: number | null): string =>
    value === null ? 'not known' : `${formatNumber(value, 4)} ms`;
  return paragraphs(
    heading(report.format),
    facts(
      [
        ['samples', formatCount(report.samples)],
        ['duration', `${formatNumber(report.durationS, 5)} s`],
        [
          'cadence',
          `median ${milliseconds(cadence.medianMs)}, 95% ${milliseconds(cadence.p95Ms)}, asked for ${milliseconds(cadence.requestedMs)}`,
        ],
        ['gaps', gapsText(gaps)],
      ],
      columns,
    ),
    railsTable(report),
    report.events === undefined ? '' : eventsTable(report.events),
    warnings.length === 0
      ? ''
      : bullets(
          warnings.map(({ message }) => ({ mark: '!', text: message })),
          columns,
        ),
  );
}

function gapsText(gaps: TraceReport['gaps']): string {
  if (gaps.length === 0) return 'none';
  const longest = Math.max(...gaps.map(({ startS, endS }) => endS - startS));
  return `${formatCount(gaps.length)}, the longest ${formatNumber(longest, 3)} s`;
}

/** Rails that the log does not have are not in the table: not measured is not 0. */
function railsTable({ rails }: TraceReport): string {
  const rows = RAILS.flatMap((rail) => {
    const found = rails[rail];
    if (found === undefined) return [];
    return [
      [rail, found.energyJ === null ? 'n/a' : formatNumber(found.energyJ, 6), formatNumber(found.meanW, 5)],
    ];
  });
  if (rows.length === 0) return '';
  return table(
    [{ title: 'rail' }, { title: 'energy (J)', align: 'right' }, { title: 'mean power (W)', align: 'right' }],
    rows,
  );
}

function eventsTable(events: NonNullable<TraceReport['events']>): string {
  return table(
    [
      { title: 'event' },
      { title: 'samples', align: 'right' },
      { title: 'CPU (J)', align: 'right' },
      { title: 'GPU (J)', align: 'right' },
    ],
    Object.entries(events).map(([name, { samples, energyJ }]) => [
      name,
      formatCount(samples),
      energyJ.cpu === undefined ? 'n/a' : formatNumber(energyJ.cpu, 6),
      energyJ.gpu === undefined ? 'n/a' : formatNumber(energyJ.gpu, 6),
    ]),
  );
}
