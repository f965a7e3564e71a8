import { leastSquares, sum, type Fit } from '../statistics.ts';

/**
 * Weighted least squares with coefficients that are not negative: the active-set method of C. L. Lawson and R. J.
 * Hanson, "Solving Least Squares Problems" (1974), chapter 23, each step solved by `leastSquares`, which scales the
 * columns.
 * @param rows one row of regressors for each observation
 * @param ys observations, one a row
 * @param weights weight of each observation, > 0
 * @returns undefined when there are no rows, or no column with anything in it
 */
export function nonNegativeLeastSquares(
  rows: readonly (readonly number[])[],
  ys: readonly number[],
  weights: readonly number[],
): Fit | undefined {
  const width = rows[0]?.length ?? 0;
  const scales = Array.from({ length: width }, (_, j) =>
    Math.sqrt(sum(rows.map((row, i) => weights[i]! * row[j]! ** 2))),
  );
  if (!scales.some((scale) => scale > 0)) return undefined;
  const scale = Math.sqrt(sum(ys.map((y, i) => weights[i]! * y * y)));
  const free = new Set<number>();
  const refused = new Set<number>();
  let solution = new Array<number>(width).fill(0);

  const residuals = (): number[] => rows.map((row, i) => ys[i]! - sum(row.map((x, j) => x * solution[j]!)));
  /** How fast the error falls when coefficient j grows, in units of the observations. */
  const pull = (j: number, left: readonly number[]): number =>
    sum(rows.map((row, i) => weights[i]! * row[j]! * left[i]!)) / (scales[j]! * scale);
  const solveFree = (): number[] | undefined => {
    const columns = [...free];
    const fit = leastSquares(
      rows.map((row) => columns.map((j) => row[j]!)),
      ys,
      weights,
    );
    if (fit === undefined) return undefined;
    const full = new Array<number>(width).fill(0);
    columns.forEach((j, at) => (full[j] = fit.coefficients[at]!));
    return full;
  };

  // Each outer step lowers the error, so no set of free coefficients comes twice; the bound is never reached.
  for (let step = 0; step < 3 * 2 ** width; step++) {
    const left = residuals();
    const candidates = scales.flatMap((columnScale, j) =>
      columnScale > 0 && !free.has(j) && !refused.has(j) ? [[j, pull(j, left)] as const] : [],
    );
    const next = candidates.reduce((a, b) => (b[1] > a[1] ? b : a), [-1, TOLERANCE] as const);
    if (next[0] < 0) break;
    free.add(next[0]);
    let trial = solveFree();
    // Columns that depend on those in use, or that rounding alone would let in, stay out.
    if (trial === undefined || trial[next[0]]! <= 0) {
      free.delete(next[0]);
      refused.add(next[0]);
      continue;
    }
    refused.clear();
    // On the way to the new solution the first coefficient to reach 0 is bound there, and so on.
    for (;;) {
      const blocked = [...free].filter((j) => trial![j]! <= 0);
      if (blocked.length === 0) break;
      const share = (j: number): number => solution[j]! / (solution[j]! - trial![j]!);
      const first = blocked.reduce((a, b) => (share(b) < share(a) ? b : a));
      const way = share(first);
      solution = solution.map((x, j) => (j === first ? 0 : x + way * (trial![j]! - x)));
      for (const j of [...free]) if (solution[j]! <= 0) free.delete(j);
      solution = solution.map((x, j) => (free.has(j) ? x : 0));
      trial = solveFree();
      if (trial === undefined) break;
    }
    if (trial === undefined) break;
    solution = trial;
  }
  const residual = sum(residuals().map((left, i) => weights[i]! * left * left));
  return { coefficients: solution, r2: 1 - residual / scale ** 2 };
}

const TOLERANCE = 1e-11;
