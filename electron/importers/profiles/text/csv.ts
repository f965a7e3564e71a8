/** What stands between the cells of a table. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** A record of a table: its cells as text, without quotes. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** line of the text on which it begins, from 1 */
  readonly line: number;
  /** true when the text ends within it: a quote is open, or the line has no end */
  readonly open: 'no' | 'line' | 'quote';
}

/** A quote that is open over more lines than this was a stray one. */
const MOST_QUOTED_LINES = 2000;

/**
 * The records of a table as RFC 4180 has them, and forgiving where files are not: a quote inside a bare cell is a
 * letter, what follows a closing quote belongs to the cell, lines end with LF, CRLF or CR, empty lines are left out,
 * and a quote that is never closed is a letter too, unless the text just ends soon after.
 */
export function* csvRecords(text: string, delimiter: Delimiter): Generator<CsvRecord> {
  const length = text.length;
  let at = 0;
  let line = 1;
  while (at < length) {
    const start = at;
    const startLine = line;
    let cells: string[] = [];
    let open: CsvRecord['open'] = 'no';
    let bare = false;
    for (;;) {
      let cell: string;
      let quoteOpen = false;
      if (text[at] === '"' && !bare) {
        [cell, at, quoteOpen] = quoted(text, at, delimiter);
      } else {
        const end = endOfCell(text, at, delimiter);
        cell = text.slice(at, end);
        at = end;
      }
      if (quoteOpen && countLines(text, start, at) > MOST_QUOTED_LINES) {
        // A stray quote: the record is read again with its quotes as letters.
        cells = [];
        at = start;
        bare = true;
        continue;
      }
      cells.push(cell);
      if (quoteOpen) open = 'quote';
      if (at >= length) {
        if (open === 'no') open = 'line';
        break;
      }
      if (text[at] === delimiter) {
        at += 1;
        if (at < length) continue;
        cells.push('');
        open = 'line';
      }
      break;
    }
    if (at < length) {
      if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
      at += 1;
    }
    line += countLines(text, start, at);
    if (cells.length > 1 || cells[0] !== '') yield { cells, line: startLine, open };
  }
}

/** A quoted cell from its opening quote on: its text, where it ends, and whether its quote is still open. */
function quoted(
  text: string,
  from: number,
  delimiter: Delimiter,
): [cell: string, end: number, open: boolean] {
  let cell = '';
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return [cell + text.slice(at), text.length, true];
    cell += text.slice(at, quote);
    if (text[quote + 1] === '"') {
      cell += '"';
      at = quote + 2;
      continue;
    }
    const end = endOfCell(text, quote + 1, delimiter);
    return [cell + text.slice(quote + 1, end), end, false];
  }
}

function endOfCell(text: string, from: number, delimiter: Delimiter): number {
  const code = delimiter.charCodeAt(0);
  let at = from;
  for (; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === code || letter === 10 || letter === 13) break;
  }
  return at;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at++) {
    const letter = text.charCodeAt(at);
    if (letter === 10 || (letter === 13 && text.charCodeAt(at + 1) !== 10)) lines += 1;
  }
  return lines;
}

/** How a table is written, found in its beginning. */
export interface Dialect {
  readonly delimiter: Delimiter;
  /** cells of most records */
  readonly width: number;
  /** share of the records that have so many, 0 to 1 */
  readonly regular: number;
}

const LOOKED_AT = 200;

/**
 * The delimiter that cuts the records most evenly into most cells.
 * @param head the beginning of a table; its last record may be cut
 * @returns undefined when no delimiter makes columns
 */
export function findDialect(head: string, whole: boolean): Dialect | undefined {
  let best: Dialect | undefined;
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    if (!head.includes(delimiter)) continue;
    const widths: number[] = [];
    for (const record of csvRecords(head, delimiter)) {
      if (record.open === 'no' || whole) widths.push(record.cells.length);
      if (widths.length >= LOOKED_AT) break;
    }
    const counts = new Map<number, number>();
    for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
    for (const [width, count] of counts) {
      if (width < 2) continue;
      const regular = count / widths.length;
      const score = regular * regular * Math.log2(width + 1) * (delimiter === '|' ? 0.9 : 1);
      if (score > bestScore) {
        bestScore = score;
        best = { delimiter, width, regular };
      }
    }
  }
  return best;
}
