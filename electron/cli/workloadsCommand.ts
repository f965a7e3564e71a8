import type { Command } from 'commander';
import { summariseWorkload, type StoredWorkload, type WorkloadSummary } from '#core/catalogue';
import { formatCount, formatFixed } from '#core/format';
import { lengthCorrelation, marginal, summarise } from '#core/workload';
import type { Registrar } from './command.ts';
import { facts, heading, paragraphs, table } from './text.ts';
import { arrivalsText, lengthsText } from './workloadImportAnswer.ts';
import { addWorkloadsImport } from './workloadsImportCommand.ts';

/** `workloads list | show | import | export | remove | sql`: how many queries have m input and n output tokens. */
export function addWorkloads(program: Command, registrar: Registrar): void {
  const { add } = registrar;
  const group = program
    .command('workloads')
    .description(
      'how many queries have m input and n output tokens: list, show, import, export, remove, sql',
    );
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
  addWorkloadsImport(group, registrar);
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
    arrivals: workload.arrivals ?? null,
    provenance: workload.provenance ?? null,
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
        ...(workload.arrivals === undefined ? [] : [['arrivals', arrivalsText(workload.arrivals)] as const]),
      ],
      columns,
    ),
    lengthsText({
      input: summarise(marginal(workload, 'input')),
      output: summarise(marginal(workload, 'output')),
    }),
    Number.isFinite(correlation)
      ? `Correlation of m and n over the queries: ${formatFixed(correlation, 3)}`
      : '',
  );
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
