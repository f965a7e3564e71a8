/** The terms of the physical model: 1, m, n, m·n, m². */
export const PHYSICAL_TERMS = 5;

/**
 * The physical model fitted again and again to other values of the same cells: least squares of the relative residuals,
 * no coefficient negative, as `fitPhysical` does once. It works on the normal equations with columns of unit length by
 * the active-set method of Lawson and Hanson, and allocates nothing after it was made.
 */
export class NonNegativeFit {
  private readonly rows: Float64Array;
  private readonly gram = new Float64Array(PHYSICAL_TERMS * PHYSICAL_TERMS);
  private readonly pullAt0 = new Float64Array(PHYSICAL_TERMS);
  private readonly scales = new Float64Array(PHYSICAL_TERMS);
  private readonly trial = new Float64Array(PHYSICAL_TERMS);
  private readonly factor = new Float64Array(PHYSICAL_TERMS * PHYSICAL_TERMS);
  private readonly free = new Uint8Array(PHYSICAL_TERMS);
  private readonly refused = new Uint8Array(PHYSICAL_TERMS);
  /** the fitted coefficients, scaled back */
  readonly coefficients = new Float64Array(PHYSICAL_TERMS);

  constructor(
    private readonly trials: Float64Array,
    m: Float64Array,
    n: Float64Array,
  ) {
    this.rows = new Float64Array(trials.length * PHYSICAL_TERMS);
    for (let i = 0; i < trials.length; i++) {
      this.rows.set([1, m[i]!, n[i]!, m[i]! * n[i]!, m[i]! * m[i]!], i * PHYSICAL_TERMS);
    }
  }

  /** Fits the values; the coefficients are then those of the fit. @param values one a cell, all above 0 */
  fit(values: Float64Array, cells: Uint32Array): void {
    this.accumulate(values, cells);
    const { coefficients, free, refused, trial } = this;
    coefficients.fill(0);
    free.fill(0);
    refused.fill(0);
    for (let step = 0; step < 3 * 2 ** PHYSICAL_TERMS; step++) {
      const next = this.strongestPull();
      if (next < 0) break;
      free[next] = 1;
      if (!this.solveFree() || !(trial[next]! > 0)) {
        free[next] = 0;
        refused[next] = 1;
        continue;
      }
      refused.fill(0);
      let solved = true;
      while (solved && this.bindFirst()) solved = this.solveFree();
      if (!solved) break;
      for (let j = 0; j < PHYSICAL_TERMS; j++) coefficients[j] = free[j] === 1 ? trial[j]! : 0;
    }
    for (let j = 0; j < PHYSICAL_TERMS; j++) coefficients[j]! /= this.scales[j]!;
  }

  /** Σ w x xᵀ and Σ w x y with w = trials/y², the columns scaled to unit length. */
  private accumulate(values: Float64Array, cells: Uint32Array): void {
    const { rows, gram, pullAt0, scales, trials } = this;
    gram.fill(0);
    pullAt0.fill(0);
    for (let i = 0; i < cells.length; i++) {
      const value = values[cells[i]!]!;
      const weight = trials[i]! / (value * value);
      for (let a = 0; a < PHYSICAL_TERMS; a++) {
        const x = rows[i * PHYSICAL_TERMS + a]! * weight;
        pullAt0[a]! += x * value;
        for (let b = 0; b <= a; b++) {
          gram[a * PHYSICAL_TERMS + b]! += x * rows[i * PHYSICAL_TERMS + b]!;
        }
      }
    }
    for (let a = 0; a < PHYSICAL_TERMS; a++) scales[a] = Math.sqrt(gram[a * PHYSICAL_TERMS + a]!) || 1;
    for (let a = 0; a < PHYSICAL_TERMS; a++) {
      pullAt0[a]! /= scales[a]!;
      for (let b = 0; b <= a; b++) {
        const scaled = gram[a * PHYSICAL_TERMS + b]! / (scales[a]! * scales[b]!);
        gram[a * PHYSICAL_TERMS + b] = scaled;
        gram[b * PHYSICAL_TERMS + a] = scaled;
      }
    }
  }

  /** The coefficient at 0 by whose growth the error falls fastest; −1 when none lowers it. */
  private strongestPull(): number {
    const { gram, pullAt0, coefficients, free, refused } = this;
    let most = TOLERANCE * Math.max(...pullAt0);
    let found = -1;
    for (let a = 0; a < PHYSICAL_TERMS; a++) {
      if (free[a] === 1 || refused[a] === 1) continue;
      let pull = pullAt0[a]!;
      for (let b = 0; b < PHYSICAL_TERMS; b++) pull -= gram[a * PHYSICAL_TERMS + b]! * coefficients[b]!;
      if (pull > most) {
        most = pull;
        found = a;
      }
    }
    return found;
  }

  /** Moves towards `trial` until the first coefficient reaches 0, and binds it there; false when none does. */
  private bindFirst(): boolean {
    const { coefficients, free, trial } = this;
    let way = 1;
    let first = -1;
    for (let j = 0; j < PHYSICAL_TERMS; j++) {
      if (free[j] === 0 || trial[j]! > 0) continue;
      const share = coefficients[j]! / (coefficients[j]! - trial[j]!);
      if (first < 0 || share < way) {
        way = share;
        first = j;
      }
    }
    if (first < 0) return false;
    for (let j = 0; j < PHYSICAL_TERMS; j++) {
      if (free[j] === 0) continue;
      coefficients[j]! += way * (trial[j]! - coefficients[j]!);
      if (j === first || coefficients[j]! <= 0) {
        coefficients[j] = 0;
        free[j] = 0;
      }
    }
    return true;
  }

  /** Solves for the free coefficients by Cholesky's method; false where their columns depend on one another. */
  private solveFree(): boolean {
    const { gram, pullAt0, factor, free, trial } = this;
    for (let a = 0; a < PHYSICAL_TERMS; a++) {
      trial[a] = 0;
      if (free[a] === 0) continue;
      let right = pullAt0[a]!;
      for (let b = 0; b <= a; b++) {
        if (free[b] === 0) continue;
        let entry = gram[a * PHYSICAL_TERMS + b]!;
        for (let c = 0; c < b; c++) {
          if (free[c] === 1) entry -= factor[a * PHYSICAL_TERMS + c]! * factor[b * PHYSICAL_TERMS + c]!;
        }
        if (b < a) {
          factor[a * PHYSICAL_TERMS + b] = entry / factor[b * PHYSICAL_TERMS + b]!;
          right -= factor[a * PHYSICAL_TERMS + b]! * trial[b]!;
        } else {
          if (entry < 1e-14) return false;
          factor[a * PHYSICAL_TERMS + a] = Math.sqrt(entry);
        }
      }
      trial[a] = right / factor[a * PHYSICAL_TERMS + a]!;
    }
    for (let a = PHYSICAL_TERMS - 1; a >= 0; a--) {
      if (free[a] === 0) continue;
      let right = trial[a]!;
      for (let b = a + 1; b < PHYSICAL_TERMS; b++) {
        if (free[b] === 1) right -= factor[b * PHYSICAL_TERMS + a]! * trial[b]!;
      }
      trial[a] = right / factor[a * PHYSICAL_TERMS + a]!;
    }
    return true;
  }
}

const TOLERANCE = 1e-11;
