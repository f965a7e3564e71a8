/** A field of a CSV; nothing where there is none. */
export type CsvField = string | number | null | undefined;

/** Rows as CSV (RFC 4180) with a head; a column that a row does not name is empty in it. */
export function csvText<C extends string>(
  columns: readonly C[],
  rows: readonly Readonly<Partial<Record<C, CsvField>>>[],
): string {
  const lines = rows.map((row) => columns.map((name) => field(row[name])).join(','));
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
}

/** A field; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function field(value: CsvField): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
