import { leastSquares, type Fit } from '../statistics.ts';
import type { CostCell } from './costCells.ts';
import { isOutside, markOutside, type FittedModel } from './model.ts';
import { nonNegativeLeastSquares } from './nonNegative.ts';

/**
 * The thesis's model (eq. 5.1): c0 m + c1 n + c2 mn, least squares through the origin, cells weighted by their
 * trials. It can be negative; then it is used as it is, and the result says so.
 * @returns undefined with fewer than three cells, or cells on one line
 */
export function fitLinearModel(cells: readonly CostCell[]): FittedModel | undefined {
  const fit = leastSquares(
    cells.map(({ m, n }) => [m, n, m * n]),
    cells.map(({ value }) => value),
    cells.map(({ trials }) => trials),
  );
  if (fit === undefined) return undefined;
  const [a = 0, b = 0, c = 0] = fit.coefficients;
  return polynomial('linear', cells, fit, (m, n) => a * m + b * n + c * m * n);
}

/**
 * c0 + c1 m + c2 n + c3 mn + c4 m² with no negative coefficient: never negative, and never less for more tokens.
 * Least squares of the *relative* residuals, cells weighted by their trials, so that a short query counts as much
 * as one that takes a thousand times its energy. Cells in doubt are left out.
 * @returns undefined with fewer than five cells
 */
export function fitPhysical(cells: readonly CostCell[]): FittedModel | undefined {
  const used = cells.filter(({ doubted, value }) => !doubted && value > 0);
  if (used.length < 5) return undefined;
  const fit = nonNegativeLeastSquares(
    used.map(({ m, n }) => [1, m, n, m * n, m * m]),
    used.map(({ value }) => value),
    used.map(({ trials, value }) => trials / (value * value)),
  );
  if (fit === undefined) return undefined;
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0] = fit.coefficients;
  const at = (m: number, n: number): number => c0 + c1 * m + c2 * n + c3 * m * n + c4 * m * m;
  return {
    ...polynomial('physical', used, { ...fit, r2: weightedR2(used, at) }, at),
    leftOut: cells.filter((cell) => !used.includes(cell)),
  };
}

/** Uncentred R², weighted by trials: the measure by which the linear model is reported. */
function weightedR2(cells: readonly CostCell[], at: (m: number, n: number) => number): number {
  let residual = 0;
  let total = 0;
  for (const { m, n, value, trials } of cells) {
    residual += trials * (value - at(m, n)) ** 2;
    total += trials * value * value;
  }
  return 1 - residual / total;
}

function polynomial(
  name: 'linear' | 'physical',
  cells: readonly CostCell[],
  { coefficients, r2 }: Fit,
  at: (m: number, n: number) => number,
): FittedModel {
  const ends = (values: readonly number[]): readonly [number, number] => [
    Math.min(...values),
    Math.max(...values),
  ];
  const range = { m: ends(cells.map(({ m }) => m)), n: ends(cells.map(({ n }) => n)) };
  return {
    name,
    at,
    isExtrapolated: (m, n) => isOutside(range, m, n),
    markExtrapolated: (pairs, into) => markOutside(range, pairs, into),
    fill: (pairs, into) => {
      for (let i = 0; i < pairs.size; i++) into[i] = at(pairs.m[i]!, pairs.n[i]!);
    },
    range,
    coefficients,
    r2,
    filled: [],
    leftOut: [],
  };
}
