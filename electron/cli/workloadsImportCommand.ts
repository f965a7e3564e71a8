import type { Command } from 'commander';
import path from 'node:path';
import { exitCodeOf } from '#core/errors';
import { jointQuery, SQL_DIALECTS, SQL_EXPORTS } from '#core/workloadImport/jointQuery';
import { TIME_UNITS, WORKLOAD_FORMATS, type WorkloadRequest } from '#core/workloadImport/request';
import { writeWhole } from '../files/writeWhole.ts';
import { parseChoice } from './choice.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { checkText, importedText, workloadReporter } from './workloadImportAnswer.ts';

interface ImportFlags {
  readonly format?: string;
  readonly input?: readonly string[];
  readonly output?: string;
  readonly count?: string;
  /** false: --no-arrival */
  readonly arrival?: string | boolean;
  readonly timeUnit?: string;
  readonly tokenizer?: string;
  readonly name?: string;
  readonly id?: string;
  readonly licence?: string;
  readonly check?: boolean;
  readonly replace?: boolean;
}

interface SqlFlags {
  readonly dialect: string;
  readonly table: string;
  readonly input: readonly string[];
  readonly output: string;
}

interface ExportFlags {
  readonly out?: string;
  readonly force?: boolean;
}

/** `workloads import | export | remove | sql`: workloads from files, and to files. */
export function addWorkloadsImport(group: Command, { add }: Registrar): void {
  add<ImportFlags>(
    group,
    'import',
    {
      description:
        'makes a workload of prompts and answers (which are tokenised), chats, token counts or an exported workload, in ' +
        'CSV, JSON, JSON lines or Parquet; the format is told by the content, and everything that was understood or left ' +
        'out is shown',
      example: 'workloads import prompts.jsonl --check',
    },
    importFiles,
  )
    .argument('<file...>', 'files of one form; their queries are added up')
    .option('--check', 'say what would be imported, and write nothing')
    .option('--input <column...>', 'columns of the input: texts are encoded apart, token counts are added up')
    .option('--output <column>', 'column of the output')
    .option('--count <column>', 'column with the number of queries that a row stands for')
    .option('--arrival <column>', 'column with the arrival times')
    .option('--no-arrival', 'leave arrival times out')
    .option('--time-unit <unit>', `unit of arrival times that are numbers: ${TIME_UNITS.join(', ')}`)
    .option('--tokenizer <name|file>', 'llama-2 (the default), or a tokenizer.json or a GGUF')
    .option(
      '--format <name>',
      `the format, where it is not to be told by the content: ${WORKLOAD_FORMATS.join(', ')}`,
    )
    .option('--name <name>', 'name of the workload (default: that of the file)')
    .option('--id <id>', 'id of the workload (default: from its name)')
    .option('--licence <text>', 'licence of the data')
    .option('--replace', 'replace an earlier import with the same id');
  add<ExportFlags>(
    group,
    'export',
    {
      description: 'a workload as a file that imports again as the very same; without --out, on the terminal',
      example: 'workloads export gsm8k --out gsm8k.json',
    },
    exportWorkload,
  )
    .argument('<id>', 'id of the workload, see crossover workloads list')
    .option('--out <file>', 'file to write')
    .option('--force', 'replace the file if it is there already');
  add(
    group,
    'remove',
    {
      description: 'removes an imported workload; studies keep the copy that they were computed from',
      example: 'workloads remove my-trace',
    },
    (context, [id = '']) => {
      context.inLab('write', (lab) => lab.workloads.removeWorkload(id));
      return { data: { removed: id }, text: () => `Removed ${id}.` };
    },
  ).argument('<id>', 'id of the workload, see crossover workloads list');
  add<SqlFlags>(
    group,
    'sql',
    {
      description:
        'the one query that adds up a table of requests where it lies: m, n and the number of queries with them; its ' +
        'result (CSV, JSON or Parquet) imports, however many requests there are',
      example:
        'workloads sql --dialect bigquery --table logs.requests --input prompt_tokens --output completion_tokens',
    },
    sqlAnswer,
  )
    .requiredOption('--dialect <name>', SQL_DIALECTS.join(' | '))
    .option('--table <name>', 'table of requests, a row each', 'requests')
    .option('--input <column...>', 'columns with input tokens; several are added up', ['input_tokens'])
    .option('--output <column>', 'column with output tokens', 'output_tokens');
}

function importFiles(context: Context, files: readonly string[], flags: ImportFlags): Promise<Answer> {
  const request = requestOf(files, flags);
  const { check: checkOnly = false, replace = false } = flags;
  const watch = { signal: context.takeInterrupt(), onProgress: workloadReporter(context.say) };
  return context.inLabAsync(
    async (lab): Promise<Answer> => {
      if (checkOnly) {
        const { check } = await lab.workloads.checkWorkload(request, watch);
        const clear = check.state === 'understood';
        return {
          data: clear ? check : { error: errorOf(check), ...check },
          text: (columns) => checkText(check, columns),
          exitCode: clear ? 0 : exitCodeOf('bad-workload'),
        };
      }
      const done = await lab.workloads.importWorkload(request, { ...watch, replace });
      return {
        data: { ...done.check, id: done.id, imported: done.state },
        text: (columns) => `${checkText(done.check, columns)}\n\n${importedText(done)}`,
      };
    },
    checkOnly ? 'read' : 'write',
  );
}

function errorOf({ message, hint }: { readonly message: string; readonly hint: string }): object {
  return { kind: 'bad-workload', message, hint };
}

function requestOf(files: readonly string[], flags: ImportFlags): WorkloadRequest {
  const { format, input, output, count, arrival, timeUnit, tokenizer, name, id, licence } = flags;
  return {
    files: files.map((file) => path.resolve(file)),
    ...(format === undefined ? {} : { format: parseChoice('--format', WORKLOAD_FORMATS, format) }),
    ...(input === undefined ? {} : { input: [...input] }),
    ...(output === undefined ? {} : { output }),
    ...(count === undefined ? {} : { count }),
    ...(typeof arrival === 'string' ? { arrival } : arrival === false ? { arrival: null } : {}),
    ...(timeUnit === undefined ? {} : { timeUnit: parseChoice('--time-unit', TIME_UNITS, timeUnit) }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    ...(licence === undefined ? {} : { licence }),
  };
}

function exportWorkload(context: Context, [id = '']: readonly string[], flags: ExportFlags): Answer {
  const text = context.inLab('read', (lab) => lab.workloads.exportWorkload(id));
  if (flags.out === undefined) return { data: { workload: id, text }, text: () => text.trimEnd() };
  const file = path.resolve(flags.out);
  writeWhole(file, text, { overwrite: flags.force ?? false });
  return {
    data: { workload: id, file, bytes: Buffer.byteLength(text) },
    text: () => `Wrote ${id} to ${file}.`,
  };
}

function sqlAnswer(context: Context, _args: readonly string[], flags: SqlFlags): Answer {
  const dialect = parseChoice('--dialect', SQL_DIALECTS, flags.dialect);
  const { table, input, output } = flags;
  const query = jointQuery({ dialect, table, input, output });
  const next = `${SQL_EXPORTS[dialect]} Then: crossover workloads import joint.csv`;
  return {
    data: { dialect, table, input, output, query, next },
    text: () => {
      // What is said beside it goes to standard error, so that the query can be piped.
      context.say(next);
      return query;
    },
  };
}
