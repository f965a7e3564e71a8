/** Plain text for terminals: tables, facts and paragraphs, aligned with spaces alone. */

import { formatFixed } from '#core/format';

/** A column of a table; numbers stand to the right. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A table with a line under its head. Every row has as many cells as there are columns. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) =>
    Math.max(length(column.title), ...rows.map((row) => length(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align = 'left' }, i) => pad(cells[i] ?? '', widths[i]!, align))
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...rows.map(line),
  ].join('\n');
}

/** The numbers of a column with as many decimals as give the largest of them so many significant digits. */
export function sameDecimals(values: readonly number[], significant = 6): string[] {
  const largest = Math.max(...values.map(Math.abs));
  const whole = largest >= 1 ? Math.floor(Math.log10(largest)) + 1 : 0;
  const decimals = Math.max(0, significant - whole);
  return values.map((value) => formatFixed(value, decimals));
}

/** Names and what belongs to them, one under the other; long texts are wrapped beside their names. */
export function facts(rows: readonly (readonly [name: string, text: string])[], columns: number): string {
  const width = Math.max(...rows.map(([name]) => length(name))) + 2;
  return rows
    .map(([name, text]) => pad(name, width, 'left') + wrap(text, columns, width).trimStart())
    .join('\n');
}

/** A paragraph in lines of at most so many characters, each indented. */
export function wrap(text: string, columns: number, indent = 0): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && indent + length(line) + 1 + length(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((each) => ' '.repeat(indent) + each).join('\n');
}

/** Paragraphs with a mark before each. */
export function bullets(
  items: readonly { readonly mark: string; readonly text: string }[],
  columns: number,
): string {
  return items.map(({ mark, text }) => `  ${mark} ${wrap(text, columns, 4).trimStart()}`).join('\n');
}

/** A heading with a line under it. */
export function heading(text: string): string {
  return `${text}\n${'─'.repeat(length(text))}`;
}

/** Parts of an answer with an empty line between them; empty parts are left out. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - length(text)));
  return align === 'right' ? space + text : text + space;
}

function length(text: string): number {
  return [...text].length;
}
