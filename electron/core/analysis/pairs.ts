import { LabError } from '../errors.ts';
import type { Axis } from '../profile.ts';
import { sum } from '../statistics.ts';
import type { Workload } from '../workload.ts';
import { sortOrder } from './sortOrder.ts';

/** The most tokens of one side of a query: products m·n of such are whole numbers without rounding. */
export const MOST_TOKENS = 2 ** 26;

/** What a threshold can be set on: the distinct values over the pairs, and which of them each pair has. */
export interface LengthIndex {
  /** the distinct values, ascending */
  readonly values: Float64Array;
  /** for each pair the position of its value in `values` */
  readonly of: Uint32Array;
}

/** The joint workload: its distinct (m, n) pairs in ascending order of m, then n, each with its queries. */
export interface PairTable {
  /** number of distinct pairs, at least 1 */
  readonly size: number;
  /** input tokens of each pair */
  readonly m: Uint32Array;
  /** output tokens of each pair */
  readonly n: Uint32Array;
  /** queries of each pair, above 0; fractional where the workload is modelled */
  readonly count: Float64Array;
  /** sum of `count` */
  readonly queries: number;
  /** the distinct numbers of input tokens; `of` ascends */
  readonly input: LengthIndex;
  /** the distinct numbers of output tokens */
  readonly output: LengthIndex;
}

/** Pairs as columns, for workloads too large for an array of triples. */
export interface PairColumns {
  readonly m: ArrayLike<number>;
  readonly n: ArrayLike<number>;
  readonly count: ArrayLike<number>;
}

/**
 * The joint table of a workload: pairs sorted, those that occur twice merged.
 * @throws LabError "bad-workload" when it has no queries, or a count or a number of tokens that cannot be
 */
export function pairTable(workload: Pick<Workload, 'name' | 'pairs'>): PairTable {
  const { pairs } = workload;
  const column = (at: 0 | 1 | 2): Float64Array => {
    const values = new Float64Array(pairs.length);
    for (let i = 0; i < values.length; i++) values[i] = pairs[i]![at];
    return values;
  };
  return pairTableOf({ m: column(0), n: column(1), count: column(2) }, workload.name);
}

/** The joint table of pairs in columns; see `pairTable`. */
export function pairTableOf(columns: PairColumns, name: string): PairTable {
  const rows = columns.m.length;
  if (rows === 0) throw emptyWorkload(name);
  for (let i = 0; i < rows; i++) checkPair(name, columns.m[i]!, columns.n[i]!, columns.count[i]!);

  const keys = new Float64Array(rows);
  for (let i = 0; i < rows; i++) keys[i] = columns.n[i]!;
  const byN = sortOrder(keys);
  for (let i = 0; i < rows; i++) keys[i] = columns.m[i]!;
  const order = sortOrder(keys, byN);

  const m = new Uint32Array(rows);
  const n = new Uint32Array(rows);
  const count = new Float64Array(rows);
  let size = 0;
  for (const row of order) {
    if (size > 0 && m[size - 1] === columns.m[row]! && n[size - 1] === columns.n[row]!) {
      count[size - 1]! += columns.count[row]!;
      continue;
    }
    m[size] = columns.m[row]!;
    n[size] = columns.n[row]!;
    count[size] = columns.count[row]!;
    size += 1;
  }
  const kept = { m: m.subarray(0, size), n: n.subarray(0, size), count: count.subarray(0, size) };
  return {
    size,
    ...kept,
    queries: sum(kept.count),
    input: lengthIndex(kept.m),
    output: lengthIndex(kept.n),
  };
}

/** What is said of a workload without queries. */
export function emptyWorkload(name: string): LabError {
  return new LabError(
    'bad-workload',
    `${name} has no queries, so there is nothing to send anywhere.`,
    'Choose a workload with at least one query.',
  );
}

/**
 * Whether there can be so many queries with so many tokens.
 * @throws LabError "bad-workload" when there cannot
 */
export function checkPair(name: string, m: number, n: number, count: number): void {
  for (const [side, tokens] of [
    ['input', m],
    ['output', n],
  ] as const) {
    if (!(Number.isInteger(tokens) && tokens >= 0 && tokens <= MOST_TOKENS)) {
      throw new LabError(
        'bad-workload',
        `${name} has a query with ${tokens} ${side} tokens, which cannot be.`,
        `Numbers of tokens are whole, from 0 to ${MOST_TOKENS}. Mend the workload.`,
      );
    }
  }
  if (!(count > 0 && Number.isFinite(count))) {
    throw new LabError(
      'bad-workload',
      `${name} counts ${count} queries with ${m} input and ${n} output tokens, which cannot be.`,
      'Counts (or weights) are above 0. Mend the workload.',
    );
  }
}

/** The distinct values of one number per pair. @param values whole numbers from 0 to 2^48 */
export function lengthIndex(values: Uint32Array | Float64Array): LengthIndex {
  const of = new Uint32Array(values.length);
  const distinct = new Float64Array(values.length);
  let found = 0;
  for (const i of sortOrder(values)) {
    const value = values[i]!;
    if (found === 0 || distinct[found - 1] !== value) distinct[found++] = value;
    of[i] = found - 1;
  }
  return { values: distinct.slice(0, found), of };
}

/** The distinct products m·n. */
export function productIndex(pairs: PairTable): LengthIndex {
  const products = new Float64Array(pairs.size);
  for (let i = 0; i < pairs.size; i++) products[i] = pairs.m[i]! * pairs.n[i]!;
  return lengthIndex(products);
}

/** The index of one axis. */
export function axisIndex(pairs: PairTable, axis: Axis): LengthIndex {
  return axis === 'input' ? pairs.input : pairs.output;
}
