import { LabError } from '#core/errors';
import type { ImportOptions } from '#core/import/options';
import { csvRecords, findDialect } from './csv.ts';
import { TableBuilder, type TableContent, type TableRecipe } from './tableBuilder.ts';

/** characters by which the form of a table is judged */
export const DIALECT_CHARACTERS = 64 * 1024;

/**
 * Reads a table of text that is in memory.
 * @param name the file's name, for messages
 * @throws LabError "bad-profile" when it is no table
 */
export function readTableText(
  name: string,
  text: string,
  options: ImportOptions,
  recipe: TableRecipe = {},
): TableContent {
  const head = text.slice(0, DIALECT_CHARACTERS);
  const dialect = findDialect(head, head.length === text.length);
  if (dialect === undefined) throw noTable(name);
  const builder = new TableBuilder({
    name,
    options,
    recipe,
    commaSeparated: dialect.delimiter === ',',
    width: dialect.width,
  });
  for (const { cells, line, open } of csvRecords(text, dialect.delimiter)) {
    // A last line without an end is whole when it has all its cells: many programs write none.
    const cut = open === 'quote' || (open === 'line' && cells.length < dialect.width);
    builder.push(cells, line, cut);
  }
  return builder.end();
}

export function noTable(name: string): LabError {
  return new LabError(
    'bad-profile',
    `${name} is no table: its lines have no columns separated by commas, semicolons, tabs or bars.`,
    'Nothing was imported. Bring CSV, TSV, JSON, JSON lines or Parquet.',
  );
}
