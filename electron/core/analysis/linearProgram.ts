/**
 * A linear program: the least Σ cost·x with 0 ≤ x ≤ upper and A·x ≤ limits. A is kept column by column: the entries of
 * column j are those from starts[j] up to starts[j + 1], each with its row. Plain data, for a solver elsewhere.
 */
export interface LinearProgram {
  readonly cost: Float64Array;
  /** Infinity where there is none */
  readonly upper: Float64Array;
  readonly limits: Float64Array;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

/** What a solver finds. */
export type Solution =
  | {
      readonly state: 'optimal';
      /** the value of each column */
      readonly x: Float64Array;
      /** for each row what the optimum would fall by if its limit were 1 more; 0 or less */
      readonly duals: Float64Array;
    }
  | { readonly state: 'infeasible' };

/** Solves a linear program exactly; the same program gives the same solution. */
export type Solve = (program: LinearProgram) => Solution;

/** Collects a linear program column by column. */
export class ProgramBuilder {
  private readonly starts: Int32Array;
  private readonly cost: Float64Array;
  private readonly upper: Float64Array;
  private readonly rows: Int32Array;
  private readonly values: Float64Array;
  private columns = 0;
  private entries = 0;

  constructor(columns: number, entries: number) {
    this.starts = new Int32Array(columns + 1);
    this.cost = new Float64Array(columns);
    this.upper = new Float64Array(columns);
    this.rows = new Int32Array(entries);
    this.values = new Float64Array(entries);
  }

  /** Begins a column; its entries follow. */
  column(cost: number, upper: number): void {
    this.starts[this.columns] = this.entries;
    this.cost[this.columns] = cost;
    this.upper[this.columns] = upper;
    this.columns += 1;
    this.starts[this.columns] = this.entries;
  }

  /** An entry of the column that was begun last. */
  entry(row: number, value: number): void {
    this.rows[this.entries] = row;
    this.values[this.entries] = value;
    this.entries += 1;
    this.starts[this.columns] = this.entries;
  }

  build(limits: Float64Array): LinearProgram {
    const { cost, upper, starts, entries } = this;
    return {
      cost,
      upper,
      limits,
      starts,
      rows: this.rows.subarray(0, entries),
      values: this.values.subarray(0, entries),
    };
  }
}
