/** The beginning of a file of delimited text: what separates its columns, and what they are called. */

const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The beginning of a delimited file. */
export interface DelimitedHead {
  readonly delimiter: Delimiter;
  /** whether the first row has the names; else they are "column 1", "column 2", … */
  readonly header: boolean;
  readonly columns: readonly string[];
  /** the rows after the header, as far as the beginning reaches */
  readonly rows: readonly (readonly string[])[];
}

/** Rows that are looked at. */
const ROWS = 200;

/**
 * Reads the beginning of a delimited file (RFC 4180, with any of four delimiters).
 * @param text the beginning; a byte-order mark is skipped
 * @param whole whether the text is the whole file; else its last row may be cut and is left out
 * @returns undefined where there is no row
 */
export function readDelimitedHead(text: string, whole: boolean): DelimitedHead | undefined {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const candidates = DELIMITERS.map((delimiter) => ({
    delimiter,
    ...readRows(content, delimiter, ROWS + 1),
  })).map(({ delimiter, rows, finished }) => ({
    delimiter,
    rows: whole || !finished || rows.length < 2 ? rows : rows.slice(0, -1),
  }));
  const best = candidates.reduce((a, b) => (score(b.rows) > score(a.rows) ? b : a));
  const [first, ...others] = best.rows;
  if (first === undefined) return undefined;
  const header = first.some(isName) && !(others.length > 0 && looksAlike(first, others[0]!));
  return {
    delimiter: best.delimiter,
    header,
    columns: distinct(header ? first.map((name) => name.trim()) : first.map(() => '')),
    rows: header ? others : best.rows,
  };
}

/** A delimiter is right where the rows have the same number of columns, and more than one. */
function score(rows: readonly (readonly string[])[]): number {
  const widths = rows.map((row) => row.length);
  const usual = widths[0] ?? 0;
  if (usual < 2) return 0;
  const same = widths.filter((width) => width === usual).length / widths.length;
  return same + Math.min(usual, 50) / 1000;
}

function isName(field: string): boolean {
  const text = field.trim();
  return /\p{L}/u.test(text) && !/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isFinite(Number(text));
}

/** A first row of texts, each as long as a text below it, is no header: only numbers and times tell. */
function looksAlike(first: readonly string[], second: readonly string[]): boolean {
  return first.some((field, i) => {
    const below = second[i]?.trim() ?? '';
    const number = (text: string): boolean => text !== '' && Number.isFinite(Number(text));
    return number(field.trim()) && number(below);
  });
}

/** Names that are all there and all different, as a table needs them. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const base = name === '' ? `column ${i + 1}` : name;
    let free = base;
    // DuckDB compares names without case.
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${base} (${n})`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** @returns the rows, and whether the text ended (inside the last of them, perhaps) before there were enough */
function readRows(text: string, delimiter: string, most: number): { rows: string[][]; finished: boolean } {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let at = 0;
  const endRow = (): void => {
    row.push(field);
    // An empty line is no row.
    if (row.length > 1 || field !== '') rows.push(row);
    row = [];
    field = '';
  };
  while (at < text.length) {
    const character = text[at]!;
    if (quoted) {
      const end = text.indexOf('"', at);
      if (end === -1) {
        field += text.slice(at);
        break;
      }
      field += text.slice(at, end);
      at = end + 1;
      if (text[at] === '"') {
        field += '"';
        at += 1;
      } else {
        quoted = false;
      }
      continue;
    }
    if (character === '"' && field === '') quoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at += 1;
      endRow();
      if (rows.length >= most) return { rows, finished: false };
    } else field += character;
    at += 1;
  }
  if (field !== '' || row.length > 0) endRow();
  return { rows, finished: true };
}
