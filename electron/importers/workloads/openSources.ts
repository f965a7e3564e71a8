/** Opens the files of an import: each looked at, recognised by its content, and ready to give rows. */
import { LabError } from '#core/errors';
import { parseWorkload, type Workload } from '#core/workload';
import type { Duck } from '../duck.ts';
import { asUtf8, refused, type Look } from './look.ts';
import { jsonForm, readDocument, recordsInMemory, recordsTable } from './records.ts';
import type { RowSource, TableSource } from './source.ts';
import { delimitedTable, parquetTable } from './table.ts';

/** What a file gives: rows, or a workload that is one already. */
export type Opened =
  | { readonly kind: 'table'; readonly source: TableSource }
  | { readonly kind: 'rows'; readonly source: RowSource }
  | { readonly kind: 'workload'; readonly workload: Workload };

/**
 * Opens one file.
 * @param duck may read `look.file`
 * @throws LabError "bad-workload"
 */
export async function openSource(duck: Duck, look: Look): Promise<Opened> {
  if (look.kind === 'parquet') return { kind: 'table', source: await parquetTable(duck, look) };
  const form = jsonForm(look);
  if (form === undefined) return { kind: 'table', source: delimitedTable(duck, look) };
  if (form !== 'document') return { kind: 'table', source: await recordsTable(duck, look, form) };
  return openDocument(await readDocument(look), look.name);
}

function openDocument(document: unknown, name: string): Opened {
  if (isRecord(document)) {
    if (document['format'] === 'crossover-workload') {
      return { kind: 'workload', workload: parseWorkload(document, name) };
    }
    for (const key of ['pairs', 'rows', 'data', 'joint']) {
      const tuples = tuplesOf(document[key]);
      if (tuples !== undefined) return { kind: 'rows', source: recordsInMemory(tuples) };
    }
    if (Array.isArray(document['input_lens'])) return { kind: 'rows', source: recordsInMemory([document]) };
    // Records often stand under a name of their own: {"data": […]}. The longest list of them is meant.
    const lists = Object.values(document).filter(isRecordList);
    const longest = lists.reduce<unknown[]>((a, b) => (b.length > a.length ? b : a), []);
    const messages = ['messages', 'conversations', 'conversation'].some((key) => key in document);
    return { kind: 'rows', source: recordsInMemory(longest.length > 0 && !messages ? longest : [document]) };
  }
  const tuples = tuplesOf(document);
  if (tuples !== undefined) return { kind: 'rows', source: recordsInMemory(tuples) };
  // A chat by itself, or a list of chats without names.
  if (isRecordList(document)) return { kind: 'rows', source: recordsInMemory(document) };
  if (Array.isArray(document) && document.length > 0 && document.every(isRecordList)) {
    const records = (document as unknown[]).map((messages) => ({ messages }));
    return { kind: 'rows', source: recordsInMemory(records) };
  }
  throw refused(
    name,
    'is JSON, but holds no records',
    'Bring a list of records, or JSON lines: one record a line.',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordList(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

function isTuple(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return false;
  return (value as unknown[]).every((item) => typeof item !== 'object');
}

/** [[m, n, count], …] or [[m, n], …] as records. */
function tuplesOf(value: unknown): Record<string, unknown>[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const tuples = value as unknown[];
  if (!tuples.every(isTuple)) return undefined;
  return (tuples as unknown[][]).map(([m, n, count = 1]) => ({ m, n, count }));
}

/** A name and a hint for what DuckDB cannot read because it is no UTF-8. */
const NO_UTF8 = /unicode|utf-?8|byte sequence/i;

/**
 * Does work on files as they are; where it turns out that one is no UTF-8, again on them read as Windows-1252.
 * @param work is given what to read
 */
export async function withEncoding<T>(
  looks: readonly Look[],
  scratch: string,
  work: (looks: readonly Look[]) => Promise<T>,
): Promise<T> {
  const readable = await Promise.all(looks.map((look) => asUtf8(look, scratch)));
  try {
    return await work(readable);
  } catch (thrown) {
    const mistaken = thrown instanceof LabError && NO_UTF8.test(thrown.message);
    if (!mistaken || readable.every(({ encoding }) => encoding !== 'utf-8')) throw thrown;
    return work(
      await Promise.all(
        looks.map((look) =>
          asUtf8(look, scratch, look.encoding === 'utf-8' ? 'windows-1252' : look.encoding),
        ),
      ),
    );
  }
}
