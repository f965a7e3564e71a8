import type { Reading } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import { readLargeCsv, readLargeJson, readParquet } from './largeTable.ts';
import type { Source } from './importFormat.ts';
import { WHOLE_TEXT_BYTES } from './source.ts';
import { readJsonText } from './text/jsonTable.ts';
import type { TableRecipe } from './text/tableBuilder.ts';
import { readTableText } from './text/tableText.ts';

/** What a table came to, without its format and the facts that the format knows. */
export type TableReading = Omit<Reading, 'format' | 'facts'>;

/** Whether a text begins as JSON does. */
export const JSON_START = /^\s*[[{]/;

/**
 * Reads a table of any form that is known: CSV and the like, JSON, JSON lines, Parquet. Small texts are read in memory;
 * large ones and Parquet by DuckDB, row by row and to the same end.
 * @throws LabError "bad-profile", "file-not-readable", "interrupted"
 */
export async function readTableSource(
  source: Source,
  options: ImportOptions,
  recipe: TableRecipe = {},
): Promise<TableReading> {
  const { file, head } = source;
  if (head.binary === 'parquet') return { file, ...(await readParquet(source, options, recipe)) };
  const json = JSON_START.test(head.text);
  if (source.path !== '' && file.bytes > WHOLE_TEXT_BYTES) {
    return { file, ...(await (json ? readLargeJson : readLargeCsv)(source, options, recipe)) };
  }
  const text = await source.text();
  return { file, ...(json ? readJsonText : readTableText)(file.name, text, options, recipe) };
}
