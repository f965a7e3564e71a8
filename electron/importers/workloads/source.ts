/** Rows of any kind of file, in one form. */
import type { DuckDBValue } from '@duckdb/node-api';
import type { SourceColumn } from '#core/workloadImport/columns';
import type { Dropped } from '#core/workloadImport/reasons';

/** Values of one column, row by row. */
export type ColumnValues = readonly (DuckDBValue | undefined)[];

/** How a column's values are wanted: as text or numbers, or as JSON. */
export interface WantedColumn {
  readonly name: string;
  readonly as: 'plain' | 'json';
}

/** A file (or several of one form) that rows are read from. */
export interface RowSource {
  readonly columns: readonly SourceColumn[];
  /** rows, records: what to call them */
  readonly unit: 'rows' | 'records';
  /** @returns the number of rows, as far as it can be known before reading */
  readonly count: () => Promise<number>;
  /** portions of rows, each a list of columns in the order wanted */
  readonly portions: (wanted: readonly WantedColumn[]) => AsyncIterable<readonly ColumnValues[]>;
  /** rows that could not even be read; known when all were read */
  readonly lost: () => Promise<Dropped[]>;
}

/**
 * How DuckDB reads numbers. `fast`: as numbers, which takes a slip among them for a fault of the whole line; `careful`:
 * as texts, so that each slip is seen for itself.
 */
export type NumberReading = 'fast' | 'careful';

/** A source that DuckDB reads: adding up can be left to it. */
export interface TableSource extends RowSource {
  /** the table as SQL, with these columns in this order under the names c0, c1, …, for `number` and `seconds` */
  readonly sql: (wanted: readonly WantedColumn[], how: NumberReading) => string;
  /** a column as a number: NULL where there is none, NaN where there is something else */
  readonly number: (name: string, alias: string, how: NumberReading) => string;
  /** a column as a time in s, NULL where it is none; `perSecond` for numbers, undefined for dates */
  readonly seconds: (
    name: string,
    alias: string,
    perSecond: number | undefined,
    how: NumberReading,
  ) => string;
  /** whether the fast way has met slips, so that the careful one is needed; what it found is then forgotten */
  readonly misread: () => Promise<boolean>;
}
