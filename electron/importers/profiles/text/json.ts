import { LabError } from '#core/errors';

/** Objects and arrays within one another, at most so deep: results of tools have some five. */
export const DEEPEST = 64;

/** The nesting of a JSON text, without parsing it; counting stops above the limit. */
export function jsonDepth(text: string, limit = DEEPEST): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (quoted) {
      if (letter === 92) at += 1;
      else if (letter === 34) quoted = false;
    } else if (letter === 34) {
      quoted = true;
    } else if (letter === 91 || letter === 123) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (letter === 93 || letter === 125) {
      depth -= 1;
    }
  }
  return deepest;
}

/**
 * Parses JSON that may be anything.
 * @throws LabError "bad-profile" when it is nested deeper than any result is; SyntaxError when it is no JSON
 */
export function parseJson(text: string, name: string): unknown {
  if (jsonDepth(text) > DEEPEST) {
    throw new LabError(
      'bad-profile',
      `${name} is nested more than ${DEEPEST} levels deep, which no result of measurements is.`,
      'Nothing was imported. Bring the records themselves, as a list or one a line.',
    );
  }
  return JSON.parse(text) as unknown;
}
