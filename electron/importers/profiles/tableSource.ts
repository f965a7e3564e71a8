import type { Reading } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import type { Source } from './importFormat.ts';
import type { TableRecipe } from './text/tableBuilder.ts';
import { readTableText } from './text/tableText.ts';

/** What a table came to, without its format and the facts that the format knows. */
export type TableReading = Omit<Reading, 'format' | 'facts'>;

/**
 * Reads a table of any form that is known: CSV and the like, JSON, JSON lines, Parquet.
 * @throws LabError "bad-profile", "file-not-readable", "interrupted"
 */
export async function readTableSource(
  source: Source,
  options: ImportOptions,
  recipe: TableRecipe = {},
): Promise<TableReading> {
  return { file: source.file, ...readTableText(source.file.name, await source.text(), options, recipe) };
}
