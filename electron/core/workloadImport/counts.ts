/** Which numbers can be token counts, and why others cannot. */

/** No model takes or gives that many; such numbers are times, hashes or slips of the columns. */
export const MOST_TOKENS = 100_000_000;
/** the largest count of queries that a row may stand for */
export const MOST_QUERIES = 1e15;

/** What is wrong with a count. */
export const COUNT_FAULTS = ['missing', 'no number', 'negative', 'not whole', 'too large'] as const;
export type CountFault = (typeof COUNT_FAULTS)[number];

/**
 * What is wrong with a number of tokens; 0 is legal.
 * @param value null or undefined where the row has none; NaN where it has something else
 */
export function tokenFault(value: number | null | undefined): CountFault | undefined {
  if (value === null || value === undefined) return 'missing';
  if (Number.isNaN(value)) return 'no number';
  if (value < 0) return 'negative';
  if (value > MOST_TOKENS) return 'too large';
  return Number.isInteger(value) ? undefined : 'not whole';
}

/** What is wrong with the number of queries that a row stands for; fractions are weights, and legal. */
export function weightFault(value: number | null | undefined): CountFault | 'zero' | undefined {
  if (value === null || value === undefined) return 'missing';
  if (Number.isNaN(value)) return 'no number';
  if (value < 0) return 'negative';
  if (value > MOST_QUERIES) return 'too large';
  return value === 0 ? 'zero' : undefined;
}

/** A fault as the reason for leaving a row out. */
export function faultReason(
  what: 'input tokens' | 'output tokens' | 'queries',
  fault: CountFault | 'zero',
): string {
  switch (fault) {
    case 'missing':
      return `no number of ${what}`;
    case 'no number':
      return `${what} that are no number`;
    case 'negative':
      return `a negative number of ${what}`;
    case 'not whole':
      return `a number of ${what} that is not whole`;
    case 'too large':
      return what === 'queries'
        ? `more than ${MOST_QUERIES.toExponential()} queries in a row`
        : `more than ${MOST_TOKENS.toLocaleString('en-US')} ${what}, which no model takes`;
    case 'zero':
      return 'a row that stands for 0 queries';
  }
}

/**
 * A count as a row has it: a number, or a text that is one.
 * @returns undefined where there is none, NaN where there is something else
 */
export function readCount(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return NaN;
  const text = value.trim();
  return text === '' ? undefined : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}
