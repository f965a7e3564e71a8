import { sum } from '../statistics.ts';

/** A mean over some trials, with their sample standard deviation where it is known. */
export interface Mean {
  readonly mean: number;
  readonly trials: number;
  readonly sd?: number | undefined;
}

/**
 * One mean from several: each weighted by its trials, and the sample standard deviation of all trials together (within
 * the means and between them). A spread that is not known of a mean over several trials leaves that of all unknown;
 * one trial has none.
 * @param parts at least one
 */
export function pool(parts: readonly Mean[]): Mean {
  const trials = parts.reduce((total, part) => total + part.trials, 0);
  const mean = sum(each(parts, (part) => part.mean * part.trials)) / trials;
  const known = parts.every((part) => part.trials === 1 || part.sd !== undefined);
  if (trials < 2 || !known) return { mean, trials };
  const squares = sum(
    each(parts, (part) => (part.trials - 1) * (part.sd ?? 0) ** 2 + part.trials * (part.mean - mean) ** 2),
  );
  return { mean, trials, sd: Math.sqrt(squares / (trials - 1)) };
}

/** One value after the other; a list of them all would be as long as a file has rows. */
function* each(parts: readonly Mean[], value: (part: Mean) => number): Generator<number> {
  for (const part of parts) yield value(part);
}
