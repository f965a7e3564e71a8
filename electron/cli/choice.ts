import { LabError } from '#core/errors';
import { editDistance } from '../lab/nearest.ts';

/**
 * Reads one of a few words.
 * @param flag the flag it was given with, for the message
 * @throws LabError "bad-setting" naming the words there are
 */
export function parseChoice<T extends string>(flag: string, choices: readonly T[], text: string): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  const near = choices.find((choice) => editDistance(choice, text) <= 2);
  throw new LabError(
    'bad-setting',
    `${flag} has no choice "${text}" in this version. Nothing was stored.`,
    `${near === undefined ? '' : `Did you mean ${near}? `}The choices are ${choices.join(', ')}.`,
  );
}
