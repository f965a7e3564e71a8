import type { Command } from 'commander';
import { summariseWorkload, type StoredWorkload, type WorkloadSummary } from '#core/catalogue';
import { formatCount, formatFixed, formatNumber } from '#core/format';
import { lengthCorrelation, marginal, summarise, type LengthSummary } from '#core/workload';
import type { Registrar } from './command.ts';
import { facts, heading, paragraphs, table } from './text.ts';

/** `workloads list | show`: how many queries have m input and n output tokens. */
export function addWorkloads(program: Command, { add }: Registrar): void {
  const group = program
    .command('workloads')
    .description('how many queries have m input and n output tokens: list, show');
  add(
    group,
    'list',
    { description: 'every workload in the lab', example: 'workloads list --json' },
    (context) => {
      const workloads = context.inLab('read', (lab) => lab.listWorkloads());
      return { data: { workloads }, text: () => listText(workloads) };
    },
  );
  add(
    group,
    'show',
    {
      description: 'a workload with the percentiles of its lengths in tokens; with --json, all its pairs',
      example: 'workloads show alpaca-davinci',
    },
    (context, [id = '']) => {
      const stored = context.inLab('read', (lab) => lab.showWorkload(id));
      return { data: workloadDocument(stored), text: (columns) => workloadText(stored, columns) };
    },
  ).argument('<id>', 'id of the workload, see crossover workloads list');
}

function listText(workloads: readonly WorkloadSummary[]): string {
  return paragraphs(
    table(
      [
        { title: 'id' },
        { title: 'name' },
        { title: 'queries', align: 'right' },
        { title: 'distinct (m, n)', align: 'right' },
        { title: 'kind' },
      ],
      workloads.map(({ id, name, queries, pairs, modelled, kind }) => [
        id,
        name,
        formatCount(queries),
        formatCount(pairs),
        modelled ? `${kind}, modelled` : kind,
      ]),
    ),
    `${formatCount(workloads.length)} workloads. crossover workloads show ID shows the lengths of one.`,
  );
}

/** `workloads show --json`: lengths in tokens; `pairs` is a number, as in the list. */
function workloadDocument({ workload, kind, contentHash }: StoredWorkload): object {
  return {
    ...summariseWorkload(workload, kind),
    contentHash,
    tokenizer: workload.tokenizer,
    upstream: workload.upstream,
    note: workload.note,
    input: summarise(marginal(workload, 'input')),
    output: summarise(marginal(workload, 'output')),
    correlation: finiteOrNull(lengthCorrelation(workload)),
    jointColumns: ['m', 'n', 'queries'],
    joint: workload.pairs,
  };
}

function workloadText({ workload, kind }: StoredWorkload, columns: number): string {
  const { queries, pairs } = summariseWorkload(workload, kind);
  const correlation = lengthCorrelation(workload);
  const row = (name: string, lengths: LengthSummary): string[] => [
    name,
    formatNumber(lengths.mean, 4),
    formatNumber(lengths.sd, 4),
    ...[
      lengths.min,
      lengths.p5,
      lengths.p25,
      lengths.median,
      lengths.p75,
      lengths.p90,
      lengths.p95,
      lengths.p99,
    ].map((length) => formatCount(length)),
    formatCount(lengths.max),
  ];
  const titles = ['mean', 'sd', 'min', '5%', '25%', 'median', '75%', '90%', '95%', '99%', 'max'];
  return paragraphs(
    heading(workload.name),
    facts(
      [
        ['id', `${workload.id} (${kind}${workload.modelled ? ', modelled' : ''})`],
        ['queries', `${formatCount(queries)} in ${formatCount(pairs)} distinct (m, n)`],
        ['tokenizer', workload.tokenizer ?? 'the counts are those of the source'],
        ['source', `${workload.source} (${workload.upstream})`],
        ['licence', workload.licence],
        ...(workload.note === '' ? [] : [['note', workload.note] as const]),
      ],
      columns,
    ),
    table(
      [{ title: 'tokens' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
      [
        row('input, m', summarise(marginal(workload, 'input'))),
        row('output, n', summarise(marginal(workload, 'output'))),
      ],
    ),
    Number.isFinite(correlation)
      ? `Correlation of m and n over the queries: ${formatFixed(correlation, 3)}`
      : '',
  );
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
