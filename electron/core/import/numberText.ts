import { toBase, unitOf } from './quantity.ts';
import type { ColumnUnit } from './observation.ts';

/** The sign between the whole and the fraction of a number. */
export type DecimalSign = '.' | ',';

/** characters of a number; what is longer is text */
const LONGEST = 64;
const ABSENT = /^(?:|-|–|n\/?a|nan|null|none|nil|undefined|unknown|missing|#n\/a|\(null\))$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** groups of three digits; a space may be a narrow or a hard one */
const GROUPED_COMMA = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const GROUPED_DOT = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;
const GROUPED_SPACE = /^[+-]?\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d+)?$/;
const WITH_COMMA = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i;
const WITH_UNIT = /^([+-]?[\d.,]+(?:e[+-]?\d+)?)\s*([a-zµμ/]+)$/i;

/**
 * The number that a cell of text holds: NaN where the cell says that there is none ("", "n/a", "nan"), ±Infinity
 * where it says so or the number is beyond what can be counted.
 * @returns undefined when the text is no number
 */
export function readNumber(text: string, decimal: DecimalSign = '.'): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  if (decimal === '.' && PLAIN.test(trimmed)) return Number(trimmed);
  if (ABSENT.test(trimmed)) return NaN;
  if (INFINITE.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  if (GROUPED_SPACE.test(trimmed)) {
    return Number(trimmed.replace(/[ \u00a0\u202f']/g, '').replace(',', '.'));
  }
  if (decimal === ',') {
    if (WITH_COMMA.test(trimmed)) return Number(trimmed.replace(',', '.'));
    if (GROUPED_DOT.test(trimmed)) return Number(trimmed.replaceAll('.', '').replace(',', '.'));
    return PLAIN.test(trimmed) ? Number(trimmed) : undefined;
  }
  return GROUPED_COMMA.test(trimmed) ? Number(trimmed.replaceAll(',', '')) : undefined;
}

/** A number with its unit in the same cell, as in "52.88 W", in J, W or s; without a unit, in the column's. */
export function readQuantity(
  text: string,
  unit: ColumnUnit | null,
  decimal: DecimalSign = '.',
): number | undefined {
  if (text.length > 2 * LONGEST) return undefined;
  const plain = readNumber(text, decimal);
  if (plain !== undefined) return unit === null ? plain : toBase(plain, unit);
  const [, digits, word] = WITH_UNIT.exec(text.trim()) ?? [];
  const own = word === undefined ? undefined : unitOf(word);
  const value = digits === undefined ? undefined : readNumber(digits, decimal);
  return own === undefined || value === undefined ? undefined : toBase(value, own);
}

/**
 * Which sign stands before the fraction, judged by cells that look like numbers. A comma with three digits behind it
 * can group thousands, so it counts as a decimal sign only where some other cell shows that it is one, or where
 * commas cannot group because every such number would have a leading zero.
 * @param ambiguousIsDecimal what to believe of "1,234" where nothing else tells: true in files whose columns are not
 * separated by commas
 */
export function decimalSignOf(cells: Iterable<string>, ambiguousIsDecimal: boolean): DecimalSign {
  let commas = 0;
  let certain = 0;
  let dots = 0;
  for (const cell of cells) {
    if (cell.length > LONGEST) continue;
    const text = cell.trim();
    if (WITH_COMMA.test(text)) {
      commas += 1;
      if (!GROUPED_COMMA.test(text) || /^[+-]?0\d*,/.test(text)) certain += 1;
    } else if (GROUPED_DOT.test(text) && text.includes(',')) {
      certain += 1;
      commas += 1;
    } else if (/^[+-]?\d*\.\d+/.test(text)) {
      dots += 1;
    }
  }
  if (certain > dots) return ',';
  return commas > 0 && certain === 0 && dots === 0 && ambiguousIsDecimal ? ',' : '.';
}
