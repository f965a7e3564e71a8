import type { ChartTable } from '../charts/chartData.ts';

/** A cell of a table as it stands in the page. */
export interface GridCell {
  readonly text: string;
  /** columns that it spans */
  readonly columns?: number;
  /** rows that it spans */
  readonly rows?: number;
}

/**
 * A table with spanning cells as a plain one: one header row, which joins what stands above one another, and rows as
 * wide as it. What spans rows is said in each; what spans columns, in the first of them.
 * @param decimal the decimal sign of the numbers that are shown
 */
export function plainTable(
  head: readonly (readonly GridCell[])[],
  body: readonly (readonly GridCell[])[],
  decimal: '.' | ',',
): ChartTable {
  // In a header, what spans columns belongs to each of them.
  const headers = spread(head, true);
  const rows = spread(body, false);
  const width = Math.max(0, ...headers.map((row) => row.length), ...rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, column) => column);
  return {
    header: columns.map((column) =>
      [...new Set(headers.map((row) => row[column] ?? ''))].filter(Boolean).join(' '),
    ),
    rows: rows
      .filter((row) => row.some((text) => text !== ''))
      .map((row) => columns.map((column) => plainNumber(row[column] ?? '', decimal))),
  };
}

function spread(lines: readonly (readonly GridCell[])[], repeat: boolean): string[][] {
  const grid: string[][] = lines.map(() => []);
  lines.forEach((line, y) => {
    let x = 0;
    for (const { text, columns = 1, rows = 1 } of line) {
      while (grid[y]![x] !== undefined) x += 1;
      for (let down = 0; down < rows && y + down < grid.length; down++) {
        for (let right = 0; right < columns; right++)
          grid[y + down]![x + right] = right === 0 || repeat ? text : '';
      }
      x += columns;
    }
  });
  return grid.map((row) => Array.from(row, (text) => text ?? ''));
}

/**
 * A number as a spreadsheet reads it: without groups, with a plain minus sign. The decimal sign stays that of the
 * numbers that are shown, which is the one the user's spreadsheet knows. What is no number stays as it is.
 */
export function plainNumber(text: string, decimal: '.' | ','): string {
  const group = decimal === '.' ? ',' : '.';
  const form = new RegExp(
    `^[+−-]?(?:\\d{1,3}(?:[${group}’'\\u00a0\\u202f]\\d{3})+|\\d+)(?:[${decimal}]\\d+)?(?: ?%)?$`,
  );
  if (!form.test(text)) return text;
  return text
    .replace(new RegExp(`[${group}’'\\u00a0\\u202f]`, 'g'), '')
    .replace('−', '-')
    .replace('+', '');
}
