import { formatExact, formatFixed, numberLocale, PLAIN_LOCALE } from './format.ts';

/** A percentage with decimals, or a λ, as sentences have them; names of systems and models have neither. */
const NUMBERS = /(?<![\w.,])(?:λ = (\d+\.\d+)|(\d{1,3}(?:,\d{3})+|\d+)\.(\d+)%)/g;

/**
 * A sentence that was stored, with its percentages and λ as numbers are written now. Stored sentences have the signs of
 * English, whoever reads them; other numbers in them may be parts of names, and stay.
 */
export function storedSentence(text: string): string {
  if (numberLocale() === PLAIN_LOCALE) return text;
  return text.replace(NUMBERS, (_all, lambda: string | undefined, whole = '', part = '') =>
    lambda === undefined
      ? `${formatFixed(Number(`${(whole as string).replaceAll(',', '')}.${part}`), (part as string).length)}%`
      : `λ = ${formatExact(Number(lambda))}`,
  );
}
