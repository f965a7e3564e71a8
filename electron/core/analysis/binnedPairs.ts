import { sum } from '../statistics.ts';

/** A workload's pairs put together to fewer, to be drawn: its totals are near those of the workload, and not exact. */
export interface BinnedPairs {
  /** input tokens, output tokens and queries of each bin, one bin after the other */
  readonly bins: Float64Array;
  /** distinct pairs of the workload */
  readonly pairs: number;
  /** a bin is so wide on either axis, a fraction of its length; shorter lengths have each a bin of their own */
  readonly width: number;
}

/** The most bins: so many the window analyses while λ moves. */
export const MOST_BINS = 40_000;
/** Bins to a length, from the finest. */
const FINENESS = [64, 48, 32, 24, 16, 12, 8, 6, 4, 2] as const;

/**
 * Puts the pairs of a workload into bins that are evenly wide on logarithmic axes, as finely as there are not too many.
 * A bin stands at the mean length of the queries of its row and of its column, to the next whole token; lengths below
 * the fineness are exact. No query is lost.
 * @param most bins
 */
export function binPairs(
  pairs: readonly (readonly [m: number, n: number, count: number])[],
  most = MOST_BINS,
): BinnedPairs {
  for (const fineness of FINENESS) {
    const found = binnedBy(pairs, fineness);
    if (found.size <= most || fineness === FINENESS.at(-1)) {
      return { bins: flat(pairs, found, fineness), pairs: pairs.length, width: 1 / fineness };
    }
  }
  throw new RangeError('There is always a coarsest fineness.');
}

/** The bin of a length: itself where a bin would be narrower than one token. */
function binOf(length: number, fineness: number): number {
  if (length <= fineness) return length;
  return fineness + Math.ceil(Math.log(length / fineness) * fineness);
}

const ROW = 2 ** 26;
const keyOf = (m: number, n: number, fineness: number): number =>
  binOf(m, fineness) * ROW + binOf(n, fineness);

function binnedBy(
  pairs: readonly (readonly [number, number, number])[],
  fineness: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [m, n, count] of pairs) {
    const key = keyOf(m, n, fineness);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

/** Of each bin of one axis the mean length of its queries, whole. */
function places(
  pairs: readonly (readonly [number, number, number])[],
  axis: 0 | 1,
  fineness: number,
): Map<number, number> {
  const sums = new Map<number, [tokens: number, queries: number]>();
  for (const pair of pairs) {
    const bin = binOf(pair[axis], fineness);
    const known = sums.get(bin);
    if (known === undefined) sums.set(bin, [pair[axis] * pair[2], pair[2]]);
    else {
      known[0] += pair[axis] * pair[2];
      known[1] += pair[2];
    }
  }
  return new Map([...sums].map(([bin, [tokens, queries]]) => [bin, Math.round(tokens / queries)]));
}

function flat(
  pairs: readonly (readonly [number, number, number])[],
  counts: ReadonlyMap<number, number>,
  fineness: number,
): Float64Array {
  const ms = places(pairs, 0, fineness);
  const ns = places(pairs, 1, fineness);
  const bins = new Float64Array(3 * counts.size);
  let at = 0;
  for (const [key, count] of counts) {
    bins[at] = ms.get(Math.floor(key / ROW))!;
    bins[at + 1] = ns.get(key % ROW)!;
    bins[at + 2] = count;
    at += 3;
  }
  return bins;
}

/** The bins as pairs of a workload. */
export function pairsOfBins({ bins }: Pick<BinnedPairs, 'bins'>): [m: number, n: number, count: number][] {
  return Array.from({ length: bins.length / 3 }, (_, i) => [
    bins[3 * i]!,
    bins[3 * i + 1]!,
    bins[3 * i + 2]!,
  ]);
}

/** Queries in all bins. */
export function queriesInBins({ bins }: Pick<BinnedPairs, 'bins'>): number {
  return sum(bins.filter((_, i) => i % 3 === 2));
}
