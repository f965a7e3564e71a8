import { ProgramBuilder, type Solve } from './linearProgram.ts';

/** What the queries of each pair cost on each system, and how many there are. */
export interface CarriedQueries {
  readonly count: Float64Array;
  readonly systems: readonly { readonly energyJ: Float64Array; readonly runtimeS: Float64Array }[];
  readonly form: { readonly perJoule: number; readonly perSecond: number };
}

/** What the optimum under a capacity adds up to. */
export interface CarriedOptimum {
  readonly cost: number;
  readonly energyJ: number;
  readonly runtimeS: number;
  /** queries on each system */
  readonly taken: Float64Array;
}

/** An assignment of every pair to one system, added up. */
interface Column extends CarriedOptimum {
  /** s of work on each system */
  readonly workS: Float64Array;
}

/**
 * The least cost that the devices of any number of systems can carry: the same optimum as that of `capacityProgram`,
 * which has a row for every pair, by a program that has a row for every system. Its columns are whole assignments of the
 * workload, made as they are needed: given a price of each system's time, the best assignment sends each pair where cost
 * and priced time are least (G. B. Dantzig and P. Wolfe, "Decomposition principle for linear programs", Operations
 * Research 8 (1960)). Ends when the bound that the prices give is met.
 * @param timeS s that the devices of each system have while the queries come
 * @returns undefined where they cannot carry the queries, however they are sent
 */
export function capacityByColumns(
  queries: CarriedQueries,
  timeS: readonly number[],
  solve: Solve,
): CarriedOptimum | undefined {
  const active = timeS.flatMap((time, s) => (time > 0 ? [s] : []));
  if (active.length === 0) return undefined;
  const master = new Master(queries, timeS, active, solve);
  return master.carry() ? master.optimum() : undefined;
}

/** Relative to the cost, or to the time there is. */
const CLOSE = 1e-9;
const MOST_ROUNDS = 500;

class Master {
  private readonly columns: Column[];

  constructor(
    private readonly queries: CarriedQueries,
    private readonly timeS: readonly number[],
    private readonly active: readonly number[],
    private readonly solve: Solve,
  ) {
    const alone = active.map((own) => this.assign((s) => (s === own ? 0 : Infinity), { cost: 0 }));
    this.columns = [...alone, this.assign(() => 0, { cost: 1 })];
  }

  /** Adds columns until the devices can carry some mixture of them. @returns whether they can at all */
  carry(): boolean {
    const { active, timeS } = this;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { value, prices } = this.program('shortage');
      if (value <= CLOSE) return true;
      // Prices are per share of each system's time; the shortage is that share which is lacking.
      const next = this.assign((s) => prices[s]! / timeS[s]!, { cost: 0 });
      const bound = active.reduce((sum, s) => sum + prices[s]! * (next.workS[s]! / timeS[s]! - 1), 0);
      if (bound > CLOSE) return false;
      this.columns.push(next);
    }
    throw new Error('a capacity was not settled');
  }

  optimum(): CarriedOptimum {
    const { active, timeS, columns } = this;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { value, prices, shares } = this.program('cost');
      const next = this.assign((s) => prices[s]! / timeS[s]!, { cost: 1 });
      const bound =
        next.cost + active.reduce((sum, s) => sum + prices[s]! * (next.workS[s]! / timeS[s]! - 1), 0);
      if (value - bound <= CLOSE * Math.abs(value)) return mixture(columns, shares);
      columns.push(next);
    }
    throw new Error('an optimum under capacity was not settled');
  }

  /**
   * The best mixture of the columns. Rows: each active system's time as a share of what there is, then that the shares of
   * the columns are 1 together.
   */
  private program(goal: 'cost' | 'shortage'): {
    readonly value: number;
    /** of each system, per share of its time; 0 or more */
    readonly prices: Float64Array;
    readonly shares: Float64Array;
  } {
    const { columns, active, timeS, solve } = this;
    const rows = active.length;
    const unit = goal === 'cost' ? Math.abs(columns[0]!.cost) || 1 : 1;
    const builder = new ProgramBuilder(columns.length + 1, (columns.length + 1) * (rows + 2));
    for (const { cost, workS } of columns) {
      builder.column(goal === 'cost' ? cost / unit : 0, Infinity);
      active.forEach((s, row) => builder.entry(row, workS[s]! / timeS[s]!));
      builder.entry(rows, 1);
      builder.entry(rows + 1, -1);
    }
    if (goal === 'shortage') {
      builder.column(1, Infinity);
      for (let row = 0; row < rows; row++) builder.entry(row, -1);
    }
    const limits = Float64Array.from({ length: rows + 2 }, (_, row) =>
      row < rows ? 1 : row === rows ? 1 : -1,
    );
    const program = builder.build(limits);
    const used = columns.length + (goal === 'shortage' ? 1 : 0);
    const solution = solve({
      ...program,
      cost: program.cost.subarray(0, used),
      upper: program.upper.subarray(0, used),
      starts: program.starts.subarray(0, used + 1),
    });
    if (solution.state === 'infeasible') throw new Error('a mixture that was carried is carried no more');
    const prices = new Float64Array(timeS.length);
    active.forEach((s, row) => (prices[s] = Math.max(0, -solution.duals[row]!) * unit));
    const shares = solution.x.subarray(0, columns.length);
    const value =
      goal === 'shortage'
        ? solution.x[columns.length]!
        : shares.reduce((sum, share, k) => sum + share * columns[k]!.cost, 0);
    return { value, prices, shares };
  }

  /**
   * Sends each pair where it is best.
   * @param price of a second on a system; Infinity where nothing may go
   * @param weigh whether the cost counts beside the priced time
   */
  private assign(price: (system: number) => number, weigh: { readonly cost: 0 | 1 }): Column {
    const { queries, active } = this;
    const { count, systems, form } = queries;
    const prices = systems.map((_, s) => price(s));
    const allowed = active.filter((s) => prices[s] !== Infinity);
    const workS = new Float64Array(systems.length);
    const taken = new Float64Array(systems.length);
    let [cost, energyJ, runtimeS] = [0, 0, 0];
    for (let i = 0; i < count.length; i++) {
      if (count[i] === 0) continue;
      let best = -1;
      let least = Infinity;
      for (const s of allowed) {
        const own = systems[s]!;
        const value =
          weigh.cost * (form.perJoule * own.energyJ[i]! + form.perSecond * own.runtimeS[i]!) +
          prices[s]! * own.runtimeS[i]!;
        if (value < least) {
          least = value;
          best = s;
        }
      }
      const energy = count[i]! * systems[best]!.energyJ[i]!;
      const runtime = count[i]! * systems[best]!.runtimeS[i]!;
      cost += form.perJoule * energy + form.perSecond * runtime;
      energyJ += energy;
      runtimeS += runtime;
      workS[best]! += runtime;
      taken[best]! += count[i]!;
    }
    return { cost, energyJ, runtimeS, workS, taken };
  }
}

/** The columns in their shares, which are made to be 1 together to the last digit. */
function mixture(columns: readonly Column[], shares: Float64Array): CarriedOptimum {
  const whole = shares.reduce((sum, share) => sum + Math.max(0, share), 0);
  const mix = (of: (column: Column) => number): number =>
    columns.reduce((sum, column, k) => sum + (Math.max(0, shares[k]!) / whole) * of(column), 0);
  return {
    cost: mix(({ cost }) => cost),
    energyJ: mix(({ energyJ }) => energyJ),
    runtimeS: mix(({ runtimeS }) => runtimeS),
    taken: Float64Array.from(columns[0]!.taken, (_, s) => mix(({ taken }) => taken[s]!)),
  };
}
