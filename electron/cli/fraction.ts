import { LabError } from '#core/errors';

/**
 * Reads a number between 0 and 1, also written as a percentage.
 * @param flag the flag it was given with, for the message
 * @throws LabError "bad-setting" when it is no number, or lies outside
 */
export function parseFraction(flag: string, text: string): number {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%?)\s*$/i.exec(text);
  const value = match === null ? NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (value >= 0 && value <= 1) return value === 0 ? 0 : value;
  throw new LabError(
    'bad-setting',
    match === null
      ? `${flag} wants a number between 0 and 1, and "${text}" is none.`
      : `${flag} lies between 0 and 1; ${text.trim()} does not.`,
    `Nothing was stored. Give a number such as ${flag} 0.5.`,
  );
}
