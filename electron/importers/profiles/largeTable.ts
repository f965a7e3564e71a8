/** Tables that are too large to be held as one text, and Parquet: DuckDB reads them, row by row. */
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LabError } from '#core/errors';
import type { ImportOptions } from '#core/import/options';
import { openDuck, sqlText, type Duck } from '../duck.ts';
import type { Source } from './importFormat.ts';
import { csvRecords, findDialect } from './text/csv.ts';
import { encodingOf, type TextEncoding } from './text/decode.ts';
import { lineRecord, RecordBuilder } from './text/jsonTable.ts';
import {
  findHeader,
  MOST_COLUMNS,
  TableBuilder,
  tooWide,
  type TableContent,
  type TableRecipe,
} from './text/tableBuilder.ts';
import { noTable } from './text/tableText.ts';

/** of a record of JSON */
const LONGEST_RECORD_BYTES = 16 * 1024 * 1024;
/** of a line of CSV: prompts may stand in it */
const LONGEST_LINE_BYTES = 8 * 1024 * 1024;
const TAIL_BYTES = 256 * 1024;
const PIECE_BYTES = 1 << 20;

/** Opens DuckDB on the source; with one thread, so that rows come in their order. */
async function duckOn<T>(source: Source, file: string, work: (duck: Duck) => Promise<T>): Promise<T> {
  const duck = await openDuck({
    files: [file],
    badContent: 'bad-profile',
    threads: 1,
    memoryMiB: 256,
    signal: source.signal,
    onProgress: source.progress,
  });
  try {
    return await work(duck);
  } finally {
    duck.close();
  }
}

/** @throws LabError "bad-profile" */
export async function readParquet(
  source: Source,
  options: ImportOptions,
  recipe: TableRecipe,
): Promise<TableContent> {
  const from = `read_parquet(${sqlText(source.path)})`;
  return duckOn(source, source.path, async (duck) => {
    const columns = await duck.rows(`DESCRIBE SELECT * FROM ${from}`);
    if (columns.length > MOST_COLUMNS) throw tooWide(source.file.name, columns.length);
    return recordsOf(duck, `SELECT to_json(t)::VARCHAR FROM ${from} AS t`, source, options, recipe);
  });
}

/** JSON as a list of records or records one a line. */
export async function readLargeJson(
  source: Source,
  options: ImportOptions,
  recipe: TableRecipe,
): Promise<TableContent> {
  const format = /^\s*\[/.test(source.head.text) ? 'array' : 'newline_delimited';
  return inUtf8(source, (file) =>
    duckOn(source, file, (duck) =>
      recordsOf(
        duck,
        `SELECT json::VARCHAR FROM read_json_objects(${sqlText(file)}, format = '${format}',
           maximum_object_size = ${LONGEST_RECORD_BYTES}, ignore_errors = ${format === 'newline_delimited'})`,
        source,
        options,
        recipe,
      ),
    ),
  );
}

async function recordsOf(
  duck: Duck,
  sql: string,
  { file }: Source,
  options: ImportOptions,
  recipe: TableRecipe,
): Promise<TableContent> {
  const builder = new RecordBuilder(file.name, options, recipe);
  let row = 0;
  for await (const [texts] of duck.portions(sql)) {
    for (const text of texts ?? []) {
      row += 1;
      const record =
        text === null
          ? undefined
          : (lineRecord(text as string, file.name) ?? lineRecord(asJson(text as string), file.name));
      if (record === undefined) builder.odd();
      else builder.push(record, row);
    }
  }
  return builder.end();
}

/** DuckDB writes numbers that are none into its JSON, which has no word for them. */
function asJson(text: string): string {
  return text
    .replace(/:-?nan(?=[,}])/gi, ':null')
    .replace(/:(-?)inf(?:inity)?(?=[,}])/gi, (_, sign: string) => `:${sign}1e999`);
}

/**
 * CSV and the like: the beginning says how it is written and what its columns are called, as for a small table; the
 * rows come from DuckDB.
 */
export async function readLargeCsv(
  source: Source,
  options: ImportOptions,
  recipe: TableRecipe,
): Promise<TableContent> {
  const { head, file } = source;
  if (!/[\r\n]/.test(head.text)) {
    throw new LabError(
      'bad-profile',
      `The first line of ${file.name} is longer than ${head.text.length.toLocaleString('en-US')} characters, so it is no table of measurements.`,
      'Nothing was imported. Leave out the columns that are not about queries.',
    );
  }
  const dialect = findDialect(head.text, head.whole);
  if (dialect === undefined) throw noTable(file.name);
  const { delimiter, width } = dialect;
  if (width > MOST_COLUMNS) throw tooWide(file.name, width);
  const records = [...csvRecords(head.text, delimiter)].filter(({ open: ends }) => ends === 'no');
  const header = findHeader(records, width, recipe);
  const first = records[header.first];
  const skip = first === undefined ? 0 : first.line - 1;
  const builder = new TableBuilder({
    name: file.name,
    options,
    recipe,
    commaSeparated: delimiter === ',',
    names: header.names,
    before: header.before,
  });
  const names = header.names.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
  const lastIsCut = await endsWithin(source, width, delimiter);
  return inUtf8(source, (utf8) =>
    duckOn(source, utf8, async (duck) => {
      const portions = duck.portions(
        `SELECT * FROM read_csv(${sqlText(utf8)}, auto_detect = false, header = false, skip = ${skip},
           delim = ${sqlText(delimiter)}, quote = '"', escape = '"', columns = {${names}}, null_padding = true,
           strict_mode = false, ignore_errors = true, parallel = false, max_line_size = ${LONGEST_LINE_BYTES})`,
      );
      let row = skip;
      let waiting: (string | null)[] | undefined;
      for await (const columns of portions) {
        const count = columns[0]?.length ?? 0;
        for (let i = 0; i < count; i++) {
          if (waiting !== undefined) builder.push(waiting, row);
          row += 1;
          waiting = columns.map((column) => column[i] as string | null);
        }
      }
      if (waiting !== undefined) builder.push(waiting, row, lastIsCut);
      const content = builder.end();
      return { ...content, findings: [...header.findings, ...content.findings] };
    }),
  );
}

/** Whether a table's last line has fewer cells than the others and no end. */
async function endsWithin(
  { path: file, head, file: { bytes } }: Source,
  width: number,
  delimiter: Parameters<typeof csvRecords>[1],
): Promise<boolean> {
  const handle = await open(file);
  try {
    const length = Math.min(TAIL_BYTES, bytes);
    const buffer = Buffer.alloc(length);
    await handle.read(buffer, 0, length, bytes - length);
    const tail = new TextDecoder(head.encoding).decode(buffer);
    if (/[\r\n]$/.test(tail)) return false;
    const line = tail.slice(Math.max(tail.lastIndexOf('\n'), tail.lastIndexOf('\r')) + 1);
    const last = [...csvRecords(line, delimiter)].at(-1);
    return last !== undefined && last.cells.length < width;
  } finally {
    await handle.close();
  }
}

/** Runs work on the file, or on a copy of it in UTF-8 where it is in another encoding. */
async function inUtf8<T>(source: Source, work: (file: string) => Promise<T>): Promise<T> {
  let folder: string | undefined;
  try {
    const encoding = await wholeEncoding(source);
    if (encoding === 'utf-8') return await work(source.path);
    folder = mkdtempSync(path.join(tmpdir(), 'crossover-import-'));
    const copy = path.join(folder, 'utf8');
    const decoder = new TextDecoder(encoding);
    await pipeline(
      createReadStream(source.path, { highWaterMark: PIECE_BYTES }),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
        yield decoder.decode();
      },
      createWriteStream(copy),
      { signal: source.signal },
    );
    return await work(copy);
  } catch (thrown) {
    if (thrown instanceof LabError || !source.signal.aborted) throw thrown;
    const message = `Reading ${source.file.name} was stopped. Nothing was imported.`;
    throw new LabError('interrupted', message, undefined, { cause: thrown });
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The encoding of the whole file: a letter that is no UTF-8 may come late. */
async function wholeEncoding({ path: file, head, signal }: Source): Promise<TextEncoding> {
  if (head.encoding !== 'utf-8') return head.encoding;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES, signal })) {
      decoder.decode(piece as Buffer, { stream: true });
    }
    decoder.decode();
    return 'utf-8';
  } catch (thrown) {
    if (thrown instanceof TypeError) return encodingOf(new Uint8Array([0xff]), true);
    throw thrown;
  }
}
