/** JSON: records line by line or in an array, as DuckDB reads them; and documents of one piece. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { DuckDBValue } from '@duckdb/node-api';
import { describeColumn, type SourceColumn } from '#core/workloadImport/columns';
import { sqlText, type Duck } from '../duck.ts';
import { refused, type Look } from './look.ts';
import type { RowSource, TableSource, WantedColumn } from './source.ts';
import { aliased, tableSource, textAsNumber } from './table.ts';

const SAMPLE_RECORDS = 200;
/** a record, such as a long chat; DuckDB holds some buffers of this size */
const MOST_RECORD_BYTES = 16_000_000;
/** a document that has to be read in one piece */
const MOST_DOCUMENT_BYTES = 128_000_000;
const PORTION = 2048;

export type JsonForm = 'lines' | 'array' | 'document';

/** How JSON is laid out, by its beginning; undefined where it is no JSON. */
export function jsonForm({ head, whole, bytes }: Look): JsonForm | undefined {
  const text = head.trimStart();
  if (text.startsWith('['))
    return /^\[\s*\{/.test(text) ? 'array' : /^\[\s*(\[|\]|")/.test(text) || whole ? 'document' : undefined;
  if (!text.startsWith('{')) return undefined;
  const end = text.indexOf('\n');
  const first = end === -1 ? text : text.slice(0, end);
  if (isObject(first)) return end !== -1 && text.slice(end).trim() !== '' ? 'lines' : 'document';
  // A first line that is cut by the end of the head, or a document over several lines.
  return end === -1 && !whole && bytes > MOST_DOCUMENT_BYTES ? 'lines' : 'document';
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** Records line by line or in an array. @throws LabError "bad-workload" */
export async function recordsTable(duck: Duck, look: Look, form: 'lines' | 'array'): Promise<TableSource> {
  const lines = form === 'lines';
  const options =
    `format = '${lines ? 'newline_delimited' : 'array'}', maximum_object_size = ${MOST_RECORD_BYTES}, ` +
    `compression = '${look.gzip ? 'gzip' : 'uncompressed'}'${lines ? ', ignore_errors = true' : ''}`;
  const objects = `read_json_objects(${sqlText(look.file)}, ${options})`;
  const sample: unknown[] = [];
  for await (const [texts] of duck.portions(`SELECT json FROM ${objects} LIMIT ${SAMPLE_RECORDS}`)) {
    for (const text of texts ?? []) if (typeof text === 'string') sample.push(JSON.parse(text));
  }
  const columns = columnsOf(sample);
  if (columns.length === 0) throw refused(look.name, 'holds no JSON objects', 'Choose another file.');
  const reader = (wanted: readonly WantedColumn[]): string => {
    const unique = new Map(wanted.map(({ name, as }) => [name, as]));
    const types = [...unique].map(
      ([name, as]) => `${sqlText(name)}: '${as === 'json' ? 'JSON' : 'VARCHAR'}'`,
    );
    return `read_json(${sqlText(look.file)}, columns = {${types.join(', ')}}, ${options})`;
  };
  return tableSource(duck, columns, {
    unit: 'records',
    select: (wanted) =>
      `SELECT ${aliased(wanted, ({ name }) => `"${name.replaceAll('"', '""')}"`)} FROM ${reader(wanted)}`,
    count: `SELECT count(*)::DOUBLE AS rows FROM ${objects}`,
    number: (_name, alias) => textAsNumber(alias),
    lost: async () => {
      if (!lines) return [];
      const { rows } = await duck.row(`SELECT count(*)::DOUBLE AS rows FROM ${objects} WHERE json IS NULL`);
      return Number(rows) > 0 ? [{ count: Number(rows), reason: 'a line that is no JSON' }] : [];
    },
  });
}

/** The fields of records, in the order in which they first appear. */
function columnsOf(records: readonly unknown[]): SourceColumn[] {
  const values = new Map<string, unknown[]>();
  for (const record of records) {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) continue;
    for (const [name, value] of Object.entries(record)) {
      const found = values.get(name);
      if (found === undefined) values.set(name, [value]);
      else found.push(value);
    }
  }
  return [...values].map(([name, column]) => describeColumn(name, column));
}

/** A JSON document of one piece. @throws LabError "bad-workload" */
export async function readDocument(look: Look): Promise<unknown> {
  const tooLarge = (): Error =>
    refused(
      look.name,
      `is a JSON document of more than ${MOST_DOCUMENT_BYTES / 1e6} MB`,
      'Write it as JSON lines: one record a line.',
    );
  if (look.bytes > MOST_DOCUMENT_BYTES) throw tooLarge();
  let text: string;
  try {
    const bytes = await readFile(look.file);
    text = (look.gzip ? gunzipSync(bytes, { maxOutputLength: MOST_DOCUMENT_BYTES }) : bytes).toString('utf8');
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw refused(look.name, 'cannot be read to its end', 'Make it anew.', cause);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0]!.slice(0, 200) : '';
    throw refused(
      look.name,
      `is not readable as JSON: ${reason.replace(/\.$/, '')}`,
      'Check whether it is whole.',
      cause,
    );
  }
}

/**
 * Records that are in memory already.
 * @param names of the columns, where the records are lists
 */
export function recordsInMemory(records: readonly unknown[]): RowSource {
  const valueOf = (record: unknown, name: string): unknown =>
    typeof record === 'object' && record !== null ? (record as Record<string, unknown>)[name] : undefined;
  return {
    columns: columnsOf(records.slice(0, SAMPLE_RECORDS)),
    unit: 'records',
    count: () => Promise.resolve(records.length),
    async *portions(wanted) {
      for (let from = 0; from < records.length; from += PORTION) {
        const part = records.slice(from, from + PORTION);
        yield wanted.map(({ name, as }) =>
          part.map((record) => {
            const value = valueOf(record, name);
            return as === 'json' ? JSON.stringify(value ?? null) : asPlain(value);
          }),
        );
      }
    },
    lost: () => Promise.resolve([]),
  };
}

function asPlain(value: unknown): DuckDBValue | undefined {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}
