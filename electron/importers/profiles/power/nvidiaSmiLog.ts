import { open } from 'node:fs/promises';
import { spanEnergy } from '#core/import/spanEnergy';
import { reportTrace, type TraceFacts } from '#core/traceReport';
import { openDuck, sqlText, type Duck } from '../../duck.ts';
import type { PowerLog, Source } from '../importFormat.ts';
import { noEnergy } from './sampledLog.ts';
import { readingStore } from './readingStore.ts';
import { smiRows, type LastLine } from './smiRows.ts';

/** Where what stands in a line of `nvidia-smi --query-gpu=… --format=csv`. */
export interface SmiColumns {
  readonly time: number;
  readonly power: number;
  /** the column that tells GPUs apart */
  readonly gpu?: number;
}

const FORMAT = { id: 'nvidia-smi-csv', name: 'nvidia-smi, CSV' };
const MEMORY_MIB = 64;
const BUFFER_BYTES = 4 * 1024 * 1024;
const NAN = "'NaN'::DOUBLE";
const TAIL_BYTES = 64 * 1024;

/**
 * A log of nvidia-smi of any size, read by DuckDB: it comes to what the meters' own reader of such logs comes to,
 * several times as fast, in memory that hardly grows with the file.
 * @param columns as its header has them
 * @param mostBytes of readings that are held in memory
 * @throws LabError "bad-trace", "file-not-readable", "interrupted"
 */
export async function nvidiaSmiLog(
  source: Source,
  columns: SmiColumns,
  mostBytes?: number,
): Promise<PowerLog> {
  const { file } = source;
  const facts: TraceFacts = { warnings: [] };
  const store = readingStore(mostBytes);
  const sums = reportTrace(FORMAT.id);
  let startS: number | undefined;
  let lastS = 0;
  await readRows(source, columns, facts, source.signal, (endS, lengthS, powerW) => {
    store.add(endS, lengthS, powerW);
    sums.addOne(endS - lengthS, endS, 'gpu', powerW * lengthS);
    startS ??= endS - lengthS;
    lastS = endS;
  });
  const report = sums.report(facts);
  if (startS === undefined) throw noEnergy(file.name, FORMAT.name, report.samples > 0);
  const { originS = 0, kind = 'own', slackS = 0 } = facts.clock ?? {};
  return {
    file,
    format: FORMAT,
    report,
    clock: { kind, slackS },
    originS,
    span: { startS, endS: lastS },
    rails: ['gpu'],
    integrate: async (spans, signal) => {
      if (store.exact()) return store.energies(spans);
      const energies = spanEnergy(spans, ['gpu']);
      await readRows(source, columns, { warnings: [] }, signal, (endS, lengthS, powerW) =>
        energies.add({ startS: endS - lengthS, endS, energyJ: { gpu: powerW * lengthS } }),
      );
      return energies.result();
    },
    series: (points, part) => {
      const length = (part.endS - part.startS) / points;
      const steps = Array.from({ length: length > 0 ? points : 0 }, (_, i) => ({
        startS: part.startS + i * length,
        endS: part.startS + (i + 1) * length,
      }));
      return Promise.resolve(
        store
          .energies(steps)
          .flatMap(({ energyJ: { gpu }, coverage }, i) =>
            gpu === undefined ? [] : [{ ...steps[i]!, energyJ: { gpu: gpu / coverage } }],
          ),
      );
    },
  };
}

/** Reads the log from its start. */
async function readRows(
  source: Source,
  columns: SmiColumns,
  facts: TraceFacts,
  signal: AbortSignal,
  reading: (endS: number, lengthS: number, powerW: number) => void,
): Promise<void> {
  const last = await lastLineOf(source.path, columns);
  const duck = await openDuck({
    files: [source.path],
    badContent: 'bad-trace',
    memoryMiB: MEMORY_MIB,
    ordered: true,
    signal,
    onProgress: source.progress,
  });
  try {
    const rows = smiRows(facts, reading);
    const table = tableOf(source.path, columns);
    const gpu = columns.gpu === undefined ? '' : `, coalesce(gpu, ${NAN})`;
    const query = `SELECT coalesce(atUs, ${NAN}), coalesce(powerW, ${NAN})${gpu} FROM ${table}`;
    for await (const [timesUs, powersW, gpus] of duck.numbers(query)) {
      rows.push({ timesUs: timesUs!, powersW: powersW!, ...(gpus === undefined ? {} : { gpus }) });
    }
    // The header and a cut last line are known; only others are looked for, as that means reading once more.
    const known = (/^[^\n]*\btimestamp\b/.test(source.head.text) ? 1 : 0) + (last === 'cut' ? 1 : 0);
    if (rows.unread() > known) await warnOfUnread(duck, table, last, facts);
    rows.end(last);
  } finally {
    duck.close();
  }
}

/** Each line's time in µs since 1970, its power in W, which GPU it is of, and its text. */
function tableOf(path: string, { time, power, gpu }: SmiColumns): string {
  const names = Array.from({ length: Math.max(time, power, gpu ?? 0) + 1 }, (_, i) => `c${i}`);
  const types = names.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  // "W" follows the power unless the log was made without units; "[N/A]" is no number, and so no power.
  return `(
    SELECT
      CASE WHEN contains(c${time}, '.') THEN epoch_us(TRY_CAST(c${time} AS TIMESTAMP))::DOUBLE END AS atUs,
      TRY_CAST(rtrim(c${power}, ' W') AS DOUBLE) AS powerW,
      ${gpu === undefined ? '' : `(hash(trim(c${gpu})) >> 12)::DOUBLE AS gpu,`}
      concat_ws(',', ${names.join(', ')}) AS line
    FROM read_csv(${sqlText(path)}, header = false, delim = ',', quote = '', escape = '', all_varchar = true,
      auto_detect = false, null_padding = true, ignore_errors = true, strict_mode = false,
      buffer_size = ${BUFFER_BYTES}, columns = {${types}})
  )`;
}

/** Says which line was the first without a time or a power, unless those are headers and the cut last line alone. */
async function warnOfUnread(duck: Duck, table: string, last: LastLine, facts: TraceFacts): Promise<void> {
  const found = await duck.rows(`
    SELECT line[:60] AS line FROM ${table}
    WHERE (atUs IS NULL OR powerW IS NULL OR NOT isfinite(powerW)) AND NOT contains(line, 'timestamp') LIMIT 2`);
  const [first] = last === 'cut' ? found.slice(0, -1) : found;
  if (first === undefined) return;
  facts.warnings.push({
    kind: 'unread-lines',
    message: `Lines without a time or a power were left out, the first being "${String(first.line)}".`,
  });
}

/**
 * Whether the last line was cut while it was written: it has no end, and its power may go on. One that is cut within
 * its power still reads as a number, such as 5 of 52.88.
 */
async function lastLineOf(path: string, { time, power }: SmiColumns): Promise<LastLine> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const length = Math.min(TAIL_BYTES, size);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const line = buffer.toString('latin1').split('\n').at(-1)!.trim();
    const cells = line.split(',').map((cell) => cell.trim());
    if (line === '') return 'whole';
    const readable = /\d\.\d+$/.test(cells[time] ?? '') && /^[+-]?\.?\d/.test(cells[power] ?? '');
    if (!readable) return 'cut';
    return cells.length - 1 > power ? 'whole' : 'cut-but-readable';
  } finally {
    await handle.close();
  }
}
