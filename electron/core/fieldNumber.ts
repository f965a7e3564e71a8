import { formatNumber } from './format.ts';

/** What was typed into a field, as it is understood. */
export interface FieldNumber {
  /** undefined when it is no number */
  readonly value: number | undefined;
  /** how a sign that can be read in two ways was read, to be said beside the field */
  readonly note?: string;
}

const NUMBER = /^[+-]?(?:\d[\d.,'’\s\u00a0\u202f]*|[.,]\d+)(?:e[+-]?\d+)?$/i;
const ARABIC_FRACTION = /^[+-]?\d*٫\d+$/;
const SPACES = /(?<=\d)['’\s\u00a0\u202f](?=\d{3}(?!\d))/g;

/**
 * The number in a field, whether a point or a comma stands before its fraction.
 *
 * - With both signs, the last one is the decimal sign: "1.234,5" and "1,234.5" are 1234.5.
 * - A sign that stands more than once groups thousands: "1,234,567".
 * - A single sign that cannot group, because there are not just three digits after it or a 0 alone before it, is the
 *   decimal sign: "0,5", "12,34", "0.125".
 * - "1,234" and "1.234" can be read in two ways. A sign that is the decimal sign of the numbers that are shown is read
 *   as one; the other groups. How it was read is in `note`, except for "1.234" where numbers have a decimal point.
 * - Arabic and Persian digits are digits, and their signs "٫" and "٬" can be read in one way only.
 * @param decimal the decimal sign of the numbers that are shown
 */
export function readField(text: string, decimal: '.' | ','): FieldNumber {
  const typed = latin(text).trim().replace('−', '-').replace(SPACES, '');
  if (ARABIC_FRACTION.test(typed)) return { value: Number(typed.replace('٫', '.')) };
  if (!NUMBER.test(typed)) return { value: undefined };
  const [digits = '', power = ''] = typed.split(/(?=e)/i);
  const signs = digits.replace(/[^.,]/g, '');
  const last = signs.at(-1);
  if (last === undefined) return made(digits, power);
  const isMixed = new Set(signs).size > 1;
  if (isMixed) {
    const other = last === '.' ? ',' : '.';
    // The decimal sign stands once, behind all that group.
    if (signs.indexOf(last) !== signs.length - 1) return { value: undefined };
    const [whole = '', fraction = ''] = digits.split(last);
    return isGrouped(whole, other)
      ? made(`${whole.replaceAll(other, '')}.${fraction}`, power)
      : { value: undefined };
  }
  if (signs.length > 1) {
    return isGrouped(digits, last) ? made(digits.replaceAll(last, ''), power) : { value: undefined };
  }
  const asDecimal = made(digits.replace(last, '.'), power);
  if (!isGrouped(digits, last) || power !== '') return asDecimal;
  if (last === decimal && decimal === '.') return asDecimal;
  const found = last === decimal ? asDecimal : made(digits.replace(last, ''), power);
  if (found.value === undefined) return found;
  const name = last === ',' ? 'comma' : 'point';
  return {
    ...found,
    note:
      last === decimal
        ? `Understood as ${formatNumber(found.value, 6)}: the ${name} stands before the fraction.`
        : `Understood as ${formatNumber(found.value, 6)}: the ${name} groups thousands. For a fraction type ${digits.replace(last, decimal)}.`,
  };
}

/** With the digits 0 to 9, without marks of direction and Arabic signs that group. */
const latin = (text: string): string =>
  text
    .replace(/[\u200e\u200f\u061c]/g, '')
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/(?<=\d)٬(?=\d{3}(?!\d))/g, '');

/** Groups of three digits, the first of one to three and not 0 alone. */
const isGrouped = (digits: string, sign: string): boolean =>
  (sign === '.' ? /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+$/ : /^[+-]?[1-9]\d{0,2}(?:,\d{3})+$/).test(digits);

function made(digits: string, power: string): FieldNumber {
  const value = Number(`${digits}${power}`);
  return { value: digits !== '' && Number.isFinite(value) ? value : undefined };
}
