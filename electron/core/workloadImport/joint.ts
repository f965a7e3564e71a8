/** The joint distribution as it is added up: so many queries have m input and n output tokens. */

export type Pair = [m: number, n: number, count: number];

/**
 * The most distinct (m, n) that a workload keeps. Beyond, the window would no longer answer at once.
 */
export const MOST_PAIRS = 500_000;

/** Adds up queries one by one. */
export class JointTable {
  /** by m, then by n */
  readonly #counts = new Map<number, Map<number, number>>();
  #pairs = 0;

  add(m: number, n: number, count = 1): void {
    let row = this.#counts.get(m);
    if (row === undefined) this.#counts.set(m, (row = new Map()));
    const before = row.get(n);
    if (before === undefined) this.#pairs += 1;
    row.set(n, (before ?? 0) + count);
  }

  get size(): number {
    return this.#pairs;
  }

  /** in ascending order of m, then n */
  pairs(): Pair[] {
    return [...this.#counts]
      .sort(([a], [b]) => a - b)
      .flatMap(([m, row]) => [...row].sort(([a], [b]) => a - b).map(([n, count]): Pair => [m, n, count]));
  }
}

/**
 * A length rounded to so many significant bits: exact up to 2^bits, off by at most 1 part in 2^bits above.
 */
export function roundedLength(length: number, bits: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, length))) + 1 - bits);
  return Math.round(length / step) * step;
}

/**
 * How finely lengths are kept where there are too many pairs: from the finest on, which is off by at most 0.4%. Finer
 * ones would seldom do, and adding it all up for each takes long.
 */
export const COARSE_BITS = [8, 7, 6, 5] as const;

/** Where pairs had to be merged: their number before, and how exact the lengths still are. */
export interface Coarsening {
  readonly distinctPairs: number;
  readonly bits: number;
}

/** The largest error of a length that was rounded to so many bits, as a fraction. */
export function coarseError(bits: number): number {
  return 2 ** -bits;
}

/**
 * Merges pairs until there are few enough: lengths are rounded as finely as that allows.
 * @param pairs in ascending order
 */
export function coarsened(
  pairs: readonly Pair[],
  most = MOST_PAIRS,
): { pairs: Pair[]; coarsening?: Coarsening } {
  if (pairs.length <= most) return { pairs: [...pairs] };
  for (const bits of COARSE_BITS) {
    const table = new JointTable();
    for (const [m, n, count] of pairs) table.add(roundedLength(m, bits), roundedLength(n, bits), count);
    if (table.size <= most || bits === COARSE_BITS.at(-1)) {
      return { pairs: table.pairs(), coarsening: { distinctPairs: pairs.length, bits } };
    }
  }
  throw new RangeError('there is no rounding');
}
