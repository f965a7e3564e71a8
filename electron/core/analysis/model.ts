import type { PairTable } from './pairs.ts';

/** The energy models of the lab; the paper's looks along one axis and so comes once for each. */
export const MODELS = ['grid', 'linear', 'physical', 'paper-input', 'paper-output'] as const;
export type ModelName = (typeof MODELS)[number];

/** The models that look at m and n together. */
export const JOINT_MODELS = ['grid', 'linear', 'physical'] as const;
export type JointModelName = (typeof JOINT_MODELS)[number];

/** A cell that a model has no measured value for, or does not use. */
export interface CellAt {
  readonly m: number;
  readonly n: number;
}

/**
 * What a query costs by one model of one quantity (energy in J or runtime in s) of one profile. Everything is a pure
 * function of the cells it was fitted to.
 */
export interface FittedModel {
  readonly name: ModelName;
  /**
   * The cost of one query.
   * @param m input tokens, 0 or more; a model on log axes reads 0 as 1 and counts it as extrapolated
   */
  readonly at: (m: number, n: number) => number;
  /** Whether (m, n) lies beyond what was measured. */
  readonly isExtrapolated: (m: number, n: number) => boolean;
  /** Writes the cost of one query of each pair. Fast: what depends on m or n alone is computed once. */
  readonly fill: (pairs: PairTable, into: Float64Array) => void;
  /** Sets 1 where a pair lies beyond what was measured; leaves the others as they are. */
  readonly markExtrapolated: (pairs: PairTable, into: Uint8Array) => void;
  /** the ends of what was measured, tokens */
  readonly range: {
    readonly m: readonly [number, number];
    readonly n: readonly [number, number];
  };
  /** coefficients of a fit: linear m, n, mn; physical 1, m, n, mn, m² (J or s per that) */
  readonly coefficients?: readonly number[];
  /** uncentred R² of a fit over all its cells, weighted by trials */
  readonly r2?: number;
  /** cells of a grid that were not measured and are filled from their neighbours along n */
  readonly filled: readonly CellAt[];
  /** cells that the model does not use, because their source doubts them */
  readonly leftOut: readonly CellAt[];
}

/** Marks pairs outside a box of tokens. */
export function markOutside(range: FittedModel['range'], pairs: PairTable, into: Uint8Array): void {
  const outside = (values: Float64Array, [low, high]: readonly [number, number]): Uint8Array =>
    Uint8Array.from(values, (value) => (value < low || value > high ? 1 : 0));
  const m = outside(pairs.input.values, range.m);
  const n = outside(pairs.output.values, range.n);
  for (let i = 0; i < pairs.size; i++) into[i]! |= m[pairs.input.of[i]!]! | n[pairs.output.of[i]!]!;
}

/** Whether (m, n) lies outside a box of tokens. */
export function isOutside({ m: [m0, m1], n: [n0, n1] }: FittedModel['range'], m: number, n: number): boolean {
  return m < m0 || m > m1 || n < n0 || n > n1;
}
