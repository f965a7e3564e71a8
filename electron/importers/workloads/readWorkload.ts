/** The job of the importing process: reads files, finds out what they are, and adds them up to a workload. */
import { availableParallelism } from 'node:os';
import { LabError } from '#core/errors';
import { arrivalsOf } from '#core/workloadImport/arrivals';
import type { UnclearCheck } from '#core/workloadImport/check';
import { roleOf, type ColumnRoles } from '#core/workloadImport/columns';
import { FORMATS } from '#core/workloadImport/formats';
import type { Pair } from '#core/workloadImport/joint';
import { idOfWorkload, makeWorkload } from '#core/workloadImport/makeWorkload';
import type { TimeUnit, WorkloadRequest } from '#core/workloadImport/request';
import { namesOf, understand, type Understanding } from '#core/workloadImport/understand';
import { formatNumber } from '#core/format';
import { marginal, summarise, type LengthSummary, type Workload } from '#core/workload';
import { openDuck } from '../duck.ts';
import { fingerprint } from '../fingerprint.ts';
import type { JobContext } from '../importJobs.ts';
import { openTokenizer } from '../tokenizers/openTokenizer.ts';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import type { Added } from './added.ts';
import { addCounts } from './addCounts.ts';
import { addRows } from './addRows.ts';
import { lookAt, refused, type Look } from './look.ts';
import { openSource, withEncoding, type Opened } from './openSources.ts';
import { noteOf, warningsOf } from './sayings.ts';
import type { RowSource } from './source.ts';

/** What the columns are, for people. */
type ReadSource = Pick<UnclearCheck, 'files' | 'format' | 'formatName' | 'columns' | 'moreColumns'>;

/** What came of reading: a workload, or columns that do not tell. */
export type WorkloadReading =
  | {
      readonly state: 'read';
      readonly source: ReadSource;
      /** without its pairs, which travel beside it */
      readonly workload: Omit<Workload, 'pairs'>;
      /** m, n, count of each pair, one after the other */
      readonly pairs: Float64Array;
      readonly percentiles: { readonly input: LengthSummary; readonly output: LengthSummary };
      readonly tokenised: boolean;
      readonly timeUnit: TimeUnit | null;
      /** rows, records or conversations */
      readonly rows: number;
    }
  | UnclearCheck;

/** Columns that are shown; those that are used are always among them. */
const SHOWN_COLUMNS = 100;
/** Beyond these, DuckDB spills to the scratch folder. */
const MEMORY_MIB = { few: 512, many: 1024 };

/**
 * Reads files as one workload.
 * @throws LabError "file-not-readable", "bad-workload", "bad-setting", "disk-full"
 */
export async function readWorkload(
  request: WorkloadRequest,
  { onProgress, scratch }: JobContext,
): Promise<WorkloadReading> {
  const looks = await Promise.all(request.files.map((file) => lookAt(file)));
  // Hashing goes on beside the reading.
  const hashing = fingerprint({ files: request.files }, { onProgress: () => {} });
  hashing.catch(() => {});
  return withEncoding(looks, scratch, async (readable) => {
    const threads = Math.min(8, availableParallelism());
    let step = 'reading';
    const duck = await openDuck({
      files: readable.map(({ file }) => file),
      names: readable.map(({ name }) => name),
      badContent: 'bad-workload',
      scratch,
      threads,
      memoryMiB: threads > 4 ? MEMORY_MIB.many : MEMORY_MIB.few,
      onProgress: (fraction) => onProgress(step, fraction),
    });
    try {
      const opened: Opened[] = [];
      for (const look of readable) opened.push(await openSource(duck, look));
      const reading = { request, looks: readable, files: await hashing };
      const own = ownWorkload(reading, opened);
      if (own !== undefined) return own;
      const sources = opened.flatMap((each) => (each.kind === 'workload' ? [] : [each.source]));
      const understanding = understand(sources[0]!.columns, request);
      if (understanding === undefined) return unclear(reading, sources[0]!);
      checkSameColumns(readable, sources, understanding);
      const tables = opened.flatMap((each) => (each.kind === 'table' ? [each.source] : []));
      const inDuck = understanding.content === 'counts' && tables.length === sources.length;
      const tokenised = understanding.content === 'texts' || understanding.content === 'messages';
      if (tokenised) onProgress('loading the tokenizer', 0);
      const tokenizer = tokenised ? await openTokenizer(request.tokenizer) : undefined;
      try {
        const added = inDuck
          ? await addCounts(duck, tables, understanding, (what) => onProgress((step = what), 0))
          : await addRows(sources, understanding, tokenizer, onProgress);
        return finished(reading, sources[0]!, understanding, added, tokenizer);
      } finally {
        await tokenizer?.close();
      }
    } finally {
      duck.close();
    }
  });
}

interface Reading {
  readonly request: WorkloadRequest;
  readonly looks: readonly Look[];
  readonly files: ReadSource['files'];
}

/** A file that is a workload already is taken as it is, so that it stays the same, hash and all. */
function ownWorkload(
  { request, looks, files }: Reading,
  opened: readonly Opened[],
): WorkloadReading | undefined {
  const own = opened.flatMap((each) => (each.kind === 'workload' ? [each.workload] : []));
  const [workload] = own;
  if (workload === undefined) return undefined;
  if (opened.length > 1) {
    throw new LabError(
      'bad-workload',
      `${looks.find((_, i) => opened[i]!.kind === 'workload')!.name} is a workload by itself and cannot be added to other files. Nothing was written.`,
      'Import it alone.',
    );
  }
  const { pairs, ...rest } = workload;
  const { name, licence } = request;
  return {
    state: 'read',
    source: { files, format: 'workload', formatName: FORMATS.workload.name, columns: [], moreColumns: 0 },
    workload: {
      ...rest,
      id: request.id === undefined ? rest.id : idOfWorkload(request, rest.name),
      ...(name === undefined ? {} : { name }),
      ...(licence === undefined ? {} : { licence }),
    },
    pairs: flat(pairs),
    percentiles: {
      input: summarise(marginal(workload, 'input')),
      output: summarise(marginal(workload, 'output')),
    },
    tokenised: false,
    timeUnit: null,
    rows: pairs.length,
  };
}

function unclear({ request, looks, files }: Reading, { columns }: RowSource): UnclearCheck {
  const [name] = looks.map((look) => look.name);
  const wanted = request.format === undefined ? undefined : FORMATS[request.format];
  const needed = [
    ...(wanted?.input ?? []),
    wanted?.output,
    wanted?.count,
    ...(wanted?.messages?.slice(0, 1) ?? []),
  ];
  return {
    state: 'unclear',
    files,
    format: request.format ?? null,
    formatName: wanted?.name ?? 'not recognised',
    ...shown(columns, rolesTold(request)),
    message:
      wanted === undefined || needed.every((each) => each === undefined)
        ? `${name} has the columns ${namesOf(columns)}, and which of them are input and output is not clear. Nothing was written.`
        : `${name} has the columns ${namesOf(columns)}, and not all that the format ${wanted.name} needs: ${needed.filter((each) => each !== undefined).join(', ')}. Nothing was written.`,
    hint: 'Say which they are: --input COLUMN --output COLUMN; texts are tokenised, numbers are taken as token counts.',
  };
}

/** What the user has said so far is not forgotten, though it does not suffice. */
function rolesTold({ input = [], output, count, arrival }: WorkloadRequest): ColumnRoles {
  return {
    input,
    ...(output === undefined ? {} : { output }),
    ...(count === undefined ? {} : { count }),
    ...(typeof arrival === 'string' ? { arrival } : {}),
  };
}

function shown(
  columns: RowSource['columns'],
  roles: ColumnRoles,
): Pick<ReadSource, 'columns' | 'moreColumns'> {
  const all = columns.map((column) => ({
    name: column.name,
    holds: column.holds,
    examples: [...column.examples],
    role: roleOf(column.name, roles),
  }));
  const listed = all.filter(({ role }, i) => role !== 'unused' || i < SHOWN_COLUMNS);
  return { columns: listed, moreColumns: all.length - listed.length };
}

function checkSameColumns(
  looks: readonly Look[],
  sources: readonly RowSource[],
  { roles }: Understanding,
): void {
  const used = [...roles.input, roles.output, roles.count, roles.arrival, roles.messages].filter(
    (name) => name !== undefined,
  );
  sources.forEach(({ columns }, i) => {
    const missing = used.find((name) => !columns.some((column) => column.name === name));
    if (missing === undefined) return;
    throw refused(
      looks[i]!.name,
      `has no column "${missing}", which ${looks[0]!.name} has`,
      'Import files of one form together, and others by themselves.',
    );
  });
}

function finished(
  { request, looks, files }: Reading,
  first: RowSource,
  understanding: Understanding,
  added: Added,
  tokenizer: Tokenizer | undefined,
): WorkloadReading {
  const { format, roles, timeUnit } = understanding;
  if (added.pairs.length === 0) throw nothingLeft(looks, added);
  const source = { files, format, formatName: FORMATS[format].name, ...shown(first.columns, roles) };
  const fractional = added.pairs.some(([, , count]) => !Number.isInteger(count));
  const arrivals = added.arrivals && arrivalsOf(added.arrivals, understanding.timeUnit === undefined);
  const { pairs, ...workload } = makeWorkload(request, {
    pairs: added.pairs,
    modelled: fractional || added.coarsening !== undefined,
    tokenizer: tokenizer?.name ?? null,
    note: noteOf(understanding, added, tokenizer, first.unit),
    ...(arrivals === undefined ? {} : { arrivals }),
    provenance: {
      files: [...files],
      format,
      columns: source.columns.flatMap(({ name, role }) => (role === 'unused' ? [] : [{ name, role }])),
      ...(tokenizer?.sha256 === undefined ? {} : { tokenizerSha256: tokenizer.sha256 }),
      rows: added.rows,
      dropped: [...added.dropped],
      warnings: warningsOf(looks, understanding, added, fractional),
    },
  });
  return {
    state: 'read',
    source,
    workload,
    pairs: flat(pairs),
    percentiles: { input: summarise(added.marginals.input), output: summarise(added.marginals.output) },
    tokenised: tokenizer !== undefined,
    timeUnit: timeUnit ?? null,
    rows: added.rows,
  };
}

function flat(pairs: readonly Pair[]): Float64Array {
  const values = new Float64Array(3 * pairs.length);
  pairs.forEach((pair, i) => values.set(pair, 3 * i));
  return values;
}

function nothingLeft(looks: readonly Look[], { rows, dropped }: Added): LabError {
  const reasons = dropped.map(({ count, reason }) => `${formatNumber(count, 9)}: ${reason}`).join('; ');
  const name = looks.map((look) => look.name).join(', ');
  return new LabError(
    'bad-workload',
    rows === 0
      ? `${name} has columns, but no rows. Nothing was written.`
      : `${name} has no row that can be used (${reasons}). Nothing was written.`,
    'Check which columns are input and output: --input COLUMN --output COLUMN say it.',
  );
}
