/** Statistics on plain numbers. Sources are named at each function. */

/** A value with the number of times (or the weight) it occurs. */
export type Weighted = readonly [value: number, weight: number];

/** Sum with Kahan's compensation, so that 50,000 small addends lose nothing. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = value - lost;
    const grown = total + next;
    lost = grown - total - next;
    total = grown;
  }
  return total;
}

/** A sum that grows, compensated like `sum`: the same to the last digit for the same values. */
export class RunningSum {
  total = 0;
  private lost = 0;

  add(value: number): void {
    const next = value - this.lost;
    const grown = this.total + next;
    this.lost = grown - this.total - next;
    this.total = grown;
  }
}

/** Sums of the first 0, 1, 2, … values, compensated like `sum`: one entry more than there are values. */
export function runningTotals(values: readonly number[]): number[] {
  const totals = [0];
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = value - lost;
    const grown = total + next;
    lost = grown - total - next;
    total = grown;
    totals.push(total);
  }
  return totals;
}

/** The mean and the sample standard deviation of values. */
export function meanAndSd(values: ArrayLike<number>): { mean: number; sd: number | undefined } {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  const mean = total / values.length;
  if (values.length < 2) return { mean, sd: undefined };
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

/** Mean of weighted values; NaN when the weights add up to 0. */
export function weightedMean(values: readonly Weighted[]): number {
  return sum(values.map(([value, weight]) => value * weight)) / sum(values.map(([, weight]) => weight));
}

/**
 * Quantile of weighted values: for whole weights exactly R's type 7 (linear interpolation, NumPy's default) of
 * the values written out one by one; for fractional weights its continuation.
 * @param sorted values in ascending order, weights > 0
 * @param p 0 to 1
 */
export function weightedQuantile(sorted: readonly Weighted[], p: number): number {
  const last = sorted.at(-1);
  if (last === undefined) return NaN;
  const total = sum(sorted.map(([, weight]) => weight));
  const position = Math.max(0, total - 1) * p;
  const lower = Math.floor(position);
  const at = (index: number): number => {
    let seen = 0;
    for (const [value, weight] of sorted) {
      seen += weight;
      if (index < seen) return value;
    }
    return last[0];
  };
  const low = at(lower);
  return low + (at(lower + 1) - low) * (position - lower);
}

/**
 * Quantile of Student's t for a two-sided probability: the t with P(|T| > t) = `alpha`.
 * G. W. Hill, "Algorithm 396: Student's t-quantiles", Communications of the ACM 13 (1970).
 * @param alpha two-sided tail probability, 0 < alpha < 1 (0.05 for a 95% interval)
 * @param df degrees of freedom, at least 1
 */
export function studentT(alpha: number, df: number): number {
  if (df === 1) {
    const angle = (alpha * Math.PI) / 2;
    return Math.cos(angle) / Math.sin(angle);
  }
  if (df === 2) return Math.sqrt(2 / (alpha * (2 - alpha)) - 2);
  const a = 1 / (df - 0.5);
  const b = 48 / (a * a);
  let c = ((20700 * a) / b - 98) * a - 16;
  c = c * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * df;
  let y = Math.pow(d * alpha, 2 / df);
  if (y > 0.05 + a) {
    const x = normalQuantile(alpha / 2);
    y = x * x;
    if (df < 5) c += 0.3 * (df - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = Math.expm1(a * y * y);
  } else {
    y =
      ((1 / (((df + 6) / (df * y) - 0.089 * d - 0.822) * (df + 2) * 3) + 0.5 / (df + 4)) * y - 1) *
        ((df + 1) / (df + 2)) +
      1 / y;
  }
  return Math.sqrt(df * y);
}

/**
 * Quantile of the standard normal distribution.
 * P. J. Acklam's rational approximation (relative error below 1.2e-9).
 */
export function normalQuantile(p: number): number {
  const tail = (q: number): number =>
    (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) *
      q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) *
      q +
      1);
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r +
      1.38357751867269e2) *
      r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r +
      6.680131188771972e1) *
      r -
      1.328068155288572e1) *
      r +
      1)
  );
}

/**
 * Half the width of the 95% confidence interval of a mean, by Student's t.
 * @returns undefined with fewer than two trials or without a standard deviation: unknown, not 0
 */
export function meanHalfWidth95(sd: number | undefined, trials: number): number | undefined {
  if (sd === undefined || trials < 2) return undefined;
  return (studentT(0.05, trials - 1) * sd) / Math.sqrt(trials);
}

/** A least-squares fit: its coefficients in the order of the columns, and R². */
export interface Fit {
  readonly coefficients: readonly number[];
  /** Uncentred: 1 − Σw(y−ŷ)² / Σwy², as statistics packages report it for fits through the origin. */
  readonly r2: number;
}

/**
 * Weighted least squares through the origin, by Householder QR on columns scaled to unit length.
 * @param rows one row of regressors for each observation
 * @param ys observations, one a row
 * @param weights weight of each observation, > 0
 * @returns undefined when there are fewer rows than columns, or the columns depend on one another
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  ys: readonly number[],
  weights: readonly number[],
): Fit | undefined {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.length < width) return undefined;
  const roots = weights.map(Math.sqrt);
  const a = rows.map((row, i) => row.map((x) => x * roots[i]!));
  const b = ys.map((y, i) => y * roots[i]!);
  const scales = Array.from({ length: width }, (_, j) => Math.hypot(...a.map((row) => row[j]!)));
  if (scales.some((scale) => !(scale > 0))) return undefined;
  for (const row of a) for (let j = 0; j < width; j++) row[j]! /= scales[j]!;

  const diagonal: number[] = [];
  for (let j = 0; j < width; j++) {
    const norm = Math.hypot(...a.slice(j).map((row) => row[j]!));
    if (norm < 1e-10) return undefined;
    const alpha = a[j]![j]! > 0 ? -norm : norm;
    const v = a.slice(j).map((row) => row[j]!);
    v[0]! -= alpha;
    const vv = sum(v.map((x) => x * x));
    const reflect = (get: (i: number) => number, set: (i: number, value: number) => void): void => {
      const factor = (2 * sum(v.map((x, i) => x * get(i + j)))) / vv;
      v.forEach((x, i) => set(i + j, get(i + j) - factor * x));
    };
    for (let k = j + 1; k < width; k++) {
      reflect(
        (i) => a[i]![k]!,
        (i, value) => (a[i]![k] = value),
      );
    }
    reflect(
      (i) => b[i]!,
      (i, value) => (b[i] = value),
    );
    diagonal[j] = alpha;
  }
  const solved = new Array<number>(width).fill(0);
  for (let j = width - 1; j >= 0; j--) {
    const known = sum(solved.slice(j + 1).map((x, k) => a[j]![j + 1 + k]! * x));
    solved[j] = (b[j]! - known) / diagonal[j]!;
  }
  const coefficients = solved.map((x, j) => x / scales[j]!);
  const predicted = (row: readonly number[]): number => sum(row.map((x, j) => x * coefficients[j]!));
  const residual = sum(rows.map((row, i) => weights[i]! * (ys[i]! - predicted(row)) ** 2));
  const total = sum(ys.map((y, i) => weights[i]! * y * y));
  return { coefficients, r2: 1 - residual / total };
}
