import { LabError } from '#core/errors';
import { readColumnName } from '#core/import/columnNames';
import { distinctNames, understandColumns, type TextCell, type Understanding } from '#core/import/columns';
import { decimalSignOf, readQuantity, type DecimalSign } from '#core/import/numberText';
import type { Dropped, ImportFinding, Observation } from '#core/import/observation';
import type { ColumnChoice, ImportOptions } from '#core/import/options';
import { readRows, readTime, type RowReader } from '#core/import/rows';
import type { Reading } from '#core/import/observation';

/** What a format knows of its tables beforehand. */
export interface TableRecipe {
  /** columns known by heart, by name */
  readonly known?: Readonly<Record<string, ColumnChoice>>;
  /** names of the columns of a table without a header, judged by its first rows; undefined when it cannot tell */
  readonly namesWithoutHeader?: (rows: readonly (readonly TextCell[])[]) => readonly string[] | undefined;
  /** a last look at each observation, such as to take one number for another */
  readonly mend?: (observation: Observation) => Observation;
}

/** What a table came to. */
export type TableContent = Pick<Reading, 'columns' | 'observations' | 'dropped' | 'findings'>;

/** records that are looked at before the columns are understood */
const LOOKED_AT = 200;
/** lines of another form that may stand before a table */
const MOST_BEFORE = 50;
/** the widest table; those of trials have some dozens of columns */
export const MOST_COLUMNS = 4096;
/** the longest table that is held trial by trial */
export const MOST_ROWS = 2_000_000;

export interface TableBuilderOptions {
  readonly name: string;
  readonly options: ImportOptions;
  readonly recipe: TableRecipe;
  /** whether cells are separated by commas, so that "1,234" groups thousands */
  readonly commaSeparated: boolean;
  /** names of the columns, where the source has them apart from its rows (JSON, Parquet) */
  readonly names?: readonly string[];
  /** the usual number of cells, where the rows are text */
  readonly width?: number;
  /** lines before the table, where they were left out already */
  readonly before?: number;
}

/** Takes the records of a table one by one, understands its columns from the first ones, and observes. */
export class TableBuilder {
  readonly #given: TableBuilderOptions;
  #waiting: { cells: readonly TextCell[]; row: number; cut: boolean }[] | undefined = [];
  #names: readonly string[] = [];
  #understanding: Understanding = { columns: [], findings: [] };
  #reader: RowReader | undefined;
  #decimal: DecimalSign = '.';
  readonly #findings: ImportFinding[] = [];
  readonly #dropped = new Map<string, number>();
  #rows = 0;

  constructor(given: TableBuilderOptions) {
    this.#given = given;
  }

  /**
   * @param row line or record of the source, from 1
   * @param cut true when the source ends within this record
   * @throws LabError "bad-profile" when the table is wider or longer than can be
   */
  push(cells: readonly TextCell[], row: number, cut = false): void {
    if (cells.length > MOST_COLUMNS) throw tooWide(this.#given.name, cells.length);
    this.#rows += 1;
    if (this.#rows > MOST_ROWS) throw tooLong(this.#given.name);
    if (this.#waiting === undefined) {
      this.#observe(cells, row, cut);
      return;
    }
    this.#waiting.push({ cells, row, cut });
    if (this.#waiting.length >= LOOKED_AT) this.#begin();
  }

  /** The table is over. */
  end(): TableContent {
    if (this.#waiting !== undefined) this.#begin();
    const { dropped, findings } = this.#reader!.end();
    const { mend } = this.#given.recipe;
    const { observations } = this.#reader!;
    return {
      columns: this.#understanding.columns,
      observations: mend === undefined ? observations : observations.map(mend),
      dropped: [...[...this.#dropped].map(([reason, count]): Dropped => ({ count, reason })), ...dropped],
      findings: [...this.#findings, ...this.#understanding.findings, ...findings],
    };
  }

  #begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    const first = this.#findHeader(waiting);
    const rows = waiting.slice(first);
    const { recipe, options, commaSeparated } = this.#given;
    const sample = rows.map(({ cells }) => cells);
    this.#decimal = decimalSignOf(
      sample.flatMap((cells) => cells.filter((cell) => cell !== null)),
      !commaSeparated,
    );
    if (this.#decimal === ',') {
      this.#findings.push({
        kind: 'decimal-comma',
        level: 'note',
        message: 'The numbers have a decimal comma: "12,5" is read as 12.5.',
      });
    }
    this.#understanding = understandColumns(
      {
        names: this.#names,
        rows: sample,
        decimal: this.#decimal,
        ...(recipe.known === undefined ? {} : { known: recipe.known }),
      },
      options,
    );
    this.#reader = readRows(this.#understanding.columns, this.#decimal, {
      inputTokens: options.inputTokens,
      outputTokens: options.outputTokens,
    });
    for (const { cells, row, cut } of rows) this.#observe(cells, row, cut);
  }

  /** Names the columns. @returns the place of the first record that is a row */
  #findHeader(waiting: readonly { readonly cells: readonly TextCell[] }[]): number {
    const { names, recipe, width = waiting[0]?.cells.length ?? 0, before = 0 } = this.#given;
    if (before > 0) this.#drop('before the table', before);
    if (names !== undefined) {
      this.#names = distinctNames(names);
      return 0;
    }
    const header = findHeader(waiting, width, recipe);
    if (header.before > 0) this.#drop('before the table', header.before);
    this.#names = header.names;
    this.#findings.push(...header.findings);
    return header.first;
  }

  #observe(cells: readonly TextCell[], row: number, cut: boolean): void {
    const width = this.#names.length;
    // Cells beyond the header that are empty come from a comma at the end of the line.
    const extra = cells.slice(width).some((cell) => cell !== null && cell.trim() !== '');
    if (cells.length >= width && !extra && !cut) {
      this.#reader!.push(cells, row);
    } else if (cut) {
      this.#drop('cut off: the file ends within it', 1);
      this.#findings.push({
        kind: 'truncated',
        level: 'warning',
        message: `The last line is cut off, so it is left out: whatever wrote the file was stopped.`,
        todo: 'Check whether more than that line is missing.',
      });
    } else {
      this.#drop(`${cells.length} cells where the table has ${width}`, 1);
    }
  }

  #drop(reason: string, count: number): void {
    // A broken file could have as many reasons as rows.
    const key =
      this.#dropped.size < 8 || this.#dropped.has(reason)
        ? reason
        : 'another number of cells than the table has';
    this.#dropped.set(key, (this.#dropped.get(key) ?? 0) + count);
  }
}

/** Where a table begins, and the names of its columns. */
export interface TableHeader {
  readonly names: readonly string[];
  /** place of the first record that is a row */
  readonly first: number;
  /** records before the header that belong to neither */
  readonly before: number;
  readonly findings: readonly ImportFinding[];
}

/**
 * Finds the header among the first records of a table: the first record as wide as most, where it has names rather
 * than values.
 */
export function findHeader(
  records: readonly { readonly cells: readonly TextCell[] }[],
  width: number,
  recipe: TableRecipe,
): TableHeader {
  const usual = records.slice(0, MOST_BEFORE).findIndex(({ cells }) => cells.length === width);
  let at = Math.max(0, usual);
  // A header may have a cell more or less than its rows.
  if (at > 0 && headerLike(records[at - 1]!.cells) && !headerLike(records[at]!.cells)) at -= 1;
  const cells = records[at]?.cells ?? [];
  if (headerLike(cells)) {
    const own = cells.map((cell) => cell ?? '');
    const missing = Array<string>(Math.max(0, width - own.length)).fill('');
    return { names: distinctNames([...own, ...missing]), first: at + 1, before: at, findings: [] };
  }
  const guessed = recipe.namesWithoutHeader?.(records.slice(at).map((each) => each.cells));
  return {
    names: distinctNames(guessed ?? Array<string>(width).fill('')),
    first: at,
    before: at,
    findings: [
      {
        kind: 'no-header',
        level: 'warning',
        message:
          guessed === undefined
            ? 'The table has no header, so its columns are called "column 1", "column 2" and so on.'
            : `The table has no header; its columns are taken as ${guessed.slice(0, 6).join(', ')} and so on.`,
        todo:
          guessed === undefined
            ? 'Say what each column is.'
            : 'Look at the columns, and correct what is wrong.',
      },
    ],
  };
}

/** Names rather than values: no numbers, or more known names than numbers. */
export function headerLike(cells: readonly TextCell[]): boolean {
  const filled = cells.filter((cell): cell is string => cell !== null && cell.trim() !== '');
  if (filled.length === 0) return false;
  const values = filled.filter((cell) => isValue(cell)).length;
  if (values === 0) return true;
  return filled.filter((cell) => readColumnName(cell).role !== 'ignore').length > 2 * values;
}

function isValue(cell: string): boolean {
  const number = readQuantity(cell, null) ?? readQuantity(cell, null, ',');
  return (number !== undefined && !Number.isNaN(number)) || readTime(cell) !== undefined;
}

/** The error for a table with more columns than can be. */
export function tooWide(name: string, columns: number): LabError {
  return new LabError(
    'bad-profile',
    `${name} has ${columns} columns; a table of measurements may have ${MOST_COLUMNS}.`,
    'Nothing was imported. Leave out the columns that are not about queries.',
  );
}

/** The error for a table with more rows than can be looked at one by one. */
export function tooLong(name: string): LabError {
  return new LabError(
    'bad-profile',
    `${name} has more than ${MOST_ROWS.toLocaleString('en-US')} rows, more than can be looked at one by one.`,
    'Nothing was imported. Bring means over the queries of a cell, with the number of trials in a column.',
  );
}
