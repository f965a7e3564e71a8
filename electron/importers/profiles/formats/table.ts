import { readColumnName } from '#core/import/columnNames';
import type { ImportFormat, SourceHead } from '../importFormat.ts';
import { readTableSource } from '../tableSource.ts';
import { csvRecords, findDialect } from '../text/csv.ts';

/** What an unknown table can be at most: every known format is surer of its own. */
const SUREST = 0.5;

function looks(head: SourceHead): number {
  if (head.binary !== null) return head.binary === 'parquet' ? 0.3 : 0;
  if (/^\s*[[{]/.test(head.text)) return 0.2;
  const dialect = findDialect(head.text, head.whole);
  if (dialect === undefined) return 0;
  const first = [...firstRecords(head.text, dialect.delimiter, 5)];
  const known = Math.max(
    0,
    ...first.map((cells) => cells.filter((cell) => readColumnName(cell).role !== 'ignore').length),
  );
  return Math.min(SUREST, (dialect.regular > 0.5 ? 0.1 : 0.06) + 0.1 * known);
}

function* firstRecords(
  text: string,
  delimiter: Parameters<typeof csvRecords>[1],
  most: number,
): Generator<readonly string[]> {
  let count = 0;
  for (const { cells } of csvRecords(text, delimiter)) {
    yield cells;
    if (++count >= most) return;
  }
}

/** Any table whose columns can be told by their names, or are told by the user: CSV, TSV, JSON, JSON lines, Parquet. */
export const table: ImportFormat = {
  id: 'table',
  name: 'table',
  looks,
  read: async (source, options) => ({
    ...(await readTableSource(source, options)),
    format: { id: table.id, name: table.name },
    facts: {},
  }),
};
