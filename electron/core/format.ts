/**
 * Numbers for people: significant digits, a true minus sign, units beside them. Everything that is written to files
 * or a terminal has the signs of English, 1,234.5; the window alone may write them as the user's language does.
 */

/** Whose signs numbers have until a window says otherwise. */
export const PLAIN_LOCALE = 'en-US';
let locale = PLAIN_LOCALE;
/** By language and form. */
const formatters = new Map<string, Intl.NumberFormat>();
let ofTheMoment: () => string | undefined = () => undefined;

/**
 * From now on numbers are written with the signs of a language, in this process: for the window, which makes no files
 * of formatted numbers. Digits stay 0 to 9.
 * @param tag BCP 47, as "de-CH"; one that is not known is taken for English
 */
export function writeNumbersAs(tag: string): void {
  locale = knownLocale(tag);
}

/**
 * From now on a language is asked for at each number, in this process: where one that writes files also answers windows.
 * @param source undefined: as `writeNumbersAs` says
 */
export function askNumbersOf(source: () => string | undefined): void {
  ofTheMoment = source;
}

/** The language whose signs numbers have now, for what is told to another process. */
export function numberLocale(): string {
  return ofTheMoment() ?? locale;
}

/** Does something with the signs of a language, and leaves them as they were. */
export function withNumbersOf<T>(tag: string, work: () => T): T {
  const before = locale;
  writeNumbersAs(tag);
  try {
    return work();
  } finally {
    locale = before;
  }
}

/** A language as it is formatted with; one that is not known is taken for English. */
export function knownLocale(tag: string): string {
  if (tag === PLAIN_LOCALE) return tag;
  const latin = `${tag.replace(/-u-.*$/, '')}-u-nu-latn`;
  try {
    if (Intl.NumberFormat.supportedLocalesOf(latin).length > 0) return latin;
  } catch {
    // Not a language tag at all.
  }
  return PLAIN_LOCALE;
}

/** The sign before the fraction, as numbers are written now. */
export function decimalSign(): '.' | ',' {
  return formatFixed(0.5, 1).includes(',') ? ',' : '.';
}

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const language = numberLocale();
  const key = `${language} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(language, options);
    formatters.set(key, found);
  }
  return found;
}

const withMinus = (text: string): string => text.replace('-', '−');

/** A number with so many significant digits, grouped by thousands. */
export function formatNumber(value: number, significant = 3): string {
  if (!Number.isFinite(value)) return 'not known';
  const whole = Math.abs(value) >= 10 ** significant;
  return withMinus(
    formatter(whole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: significant }).format(value),
  );
}

/** A number with exactly so many decimals. */
export function formatFixed(value: number, decimals: number): string {
  return withMinus(
    formatter({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value),
  );
}

/** A setting with all its digits, ungrouped. */
export function formatExact(value: number): string {
  return String(value).replace('.', decimalSign());
}

/** Decimals that give the largest of some values so many significant digits: for a column of numbers. */
export function decimalsFor(values: Iterable<number>, significant: number, most = 9): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > largest) largest = Math.abs(value);
  if (!Number.isFinite(largest) || largest === 0) return 0;
  return Math.min(most, Math.max(0, significant - 1 - Math.floor(Math.log10(largest))));
}

/** A count: whole where it is whole, one decimal where it is a weight. */
export function formatCount(value: number): string {
  return withMinus(
    formatter({ maximumFractionDigits: Math.abs(value - Math.round(value)) < 0.05 ? 0 : 1 }).format(value),
  );
}

/** A fraction as a percentage: one decimal, two below 1%. */
export function formatPercent(fraction: number, decimals?: number): string {
  const percent = fraction * 100;
  const shown = decimals ?? (Math.abs(percent) < 1 && percent !== 0 ? 2 : 1);
  const text = formatFixed(percent, shown);
  return `${/^\u200e?−0([.,٫]0+)?$/.test(text) ? text.replace(/^.*−/, '') : text}%`;
}

/** A number and its unit, kept apart so that the unit can be set smaller. */
export interface Readout {
  readonly number: string;
  readonly unit: string;
}

/** Energy in the unit that suits its size: J, Wh or kWh. */
export function energyReadout(energyJ: number, significant = 4): Readout {
  if (Math.abs(energyJ) >= 3.6e5) return { number: formatNumber(energyJ / 3.6e6, significant), unit: 'kWh' };
  if (Math.abs(energyJ) >= 3.6e3) return { number: formatNumber(energyJ / 3.6e3, significant), unit: 'Wh' };
  return { number: formatNumber(energyJ, significant), unit: 'J' };
}

/** A time in the unit that suits its size: s, min, h or days. */
export function timeReadout(timeS: number, significant = 3): Readout {
  if (Math.abs(timeS) >= 172_800) return { number: formatNumber(timeS / 86_400, significant), unit: 'days' };
  if (Math.abs(timeS) >= 7200) return { number: formatNumber(timeS / 3600, significant), unit: 'h' };
  if (Math.abs(timeS) >= 120) return { number: formatNumber(timeS / 60, significant), unit: 'min' };
  return { number: formatNumber(timeS, significant), unit: 's' };
}

/** Two times in the one unit that suits the shorter, so that they can be compared at sight. */
export function timesTogether(a: number, b: number, significant = 3): readonly [Readout, Readout] {
  const { unit } = timeReadout(Math.min(a, b));
  const perUnit = { s: 1, min: 60, h: 3600, days: 86_400 }[unit] ?? 1;
  const inUnit = (timeS: number): Readout => ({ number: formatNumber(timeS / perUnit, significant), unit });
  return [inUnit(a), inUnit(b)];
}

/** A readout as one piece of text. */
export function readoutText({ number, unit }: Readout): string {
  return `${number} ${unit}`;
}

/** A size on disk, in the units that disks are sold in: "13.5 GB", "21.7 MB". */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return `${formatNumber(bytes / 1e9, 3)} GB`;
  if (bytes >= 1e6) return `${formatNumber(bytes / 1e6, 3)} MB`;
  return `${formatNumber(bytes === 0 ? 0 : Math.max(1, bytes / 1e3), 3)} kB`;
}
