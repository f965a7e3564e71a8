import { LabError } from '../errors.ts';
import { formatNumber } from '../format.ts';
import type { CostForm, Totals } from '../policy.ts';
import { mixedTotals } from './baselines.ts';
import { busyOf } from './busy.ts';
import type { CostTable } from './costTable.ts';
import { ProgramBuilder, type LinearProgram, type Solution, type Solve } from './linearProgram.ts';
import { mostArrivals } from './mostArrivals.ts';
import { shares } from './rules.ts';

/** What there is to run queries on, and how many come. */
export interface Capacity {
  /** of each system, in the order of the table; whole numbers, 0 or more */
  readonly devices: readonly number[];
  /** queries per second in the mean, above 0, distributed as the workload's */
  readonly arrivalRate: number;
}

/** What the optimum under a capacity does with one system. */
export interface CapacityLoad {
  readonly devices: number;
  /** share of the queries that it takes, 0 to 1 */
  readonly queries: number;
  /** share of its devices' time that they are busy, 0 to 1; null without devices */
  readonly utilisation: number | null;
  /** devices that would be busy all the time if every query came here */
  readonly alone: number;
  /** how much less the whole workload would cost per further device, at the margin; 0 or more */
  readonly shadowPrice: number;
  /** how much less the whole workload costs with exactly one more device */
  readonly oneMoreSaves: number;
}

/** The optimum under a capacity. */
export interface CapacityPlan extends Totals {
  readonly systems: readonly CapacityLoad[];
  /** queries of each pair on each system, pair-major; they may be shared out */
  readonly queries: Float64Array;
}

/**
 * The assignment of least cost that the devices can carry, exactly: a linear program on the pairs. Each query keeps one
 * device busy for its runtime; in the mean no system gets more work than its devices have time.
 * @param solve a solver of linear programs
 * @throws LabError "bad-setting" when the capacity is none; "incompatible" when a model gives a runtime that no device
 *   can have; "infeasible" when the devices cannot carry the queries, however they are sent
 */
export function capacityPlan(
  table: CostTable,
  form: CostForm,
  capacity: Capacity,
  solve: Solve,
): CapacityPlan {
  const { pairs, systems } = table;
  const { devices } = capacity;
  const { program, solution, queries } = capacityOptimum(table, form, capacity, solve);
  const width = systems.length;
  const totalsOf = (of: Float64Array): Totals =>
    mixedTotals(table, form, (i, share) => {
      for (let s = 0; s < width; s++) share[s] = of[i * width + s]!;
    });
  const totals = totalsOf(queries);
  const spanS = workloadSpan(table, capacity);
  const loads = systems.map(({ runtimeS }, s): CapacityLoad => {
    let [taken, busyS, aloneS] = [0, 0, 0];
    for (let i = 0; i < pairs.size; i++) {
      taken += queries[i * width + s]!;
      busyS += queries[i * width + s]! * runtimeS[i]!;
      aloneS += pairs.count[i]! * runtimeS[i]!;
    }
    const more = devices.map((count, at) => (at === s ? count + 1 : count));
    const relaxed = solve({ ...program, limits: limitsOf(table, { ...capacity, devices: more }) });
    const { utilisation } = busyOf(busyS, spanS, devices[s]!);
    return {
      devices: devices[s]!,
      queries: Math.min(1, taken / pairs.queries),
      utilisation: utilisation === null ? null : Math.min(1, utilisation),
      alone: busyOf(aloneS, spanS, devices[s]!).busy,
      shadowPrice: Math.max(0, -solution.duals[s]! * spanS) || 0,
      oneMoreSaves:
        relaxed.state === 'infeasible'
          ? 0
          : Math.max(0, totals.cost - totalsOf(queriesOf(table, relaxed.x)).cost),
    };
  });
  return { ...totals, systems: loads, queries };
}

/**
 * The assignment alone, without what one more device would save.
 * @throws LabError as `capacityPlan`
 */
export function capacityOptimum(
  table: CostTable,
  form: CostForm,
  capacity: Capacity,
  solve: Solve,
): {
  readonly program: LinearProgram;
  readonly solution: Extract<Solution, { state: 'optimal' }>;
  /** of each pair on each system, pair-major */
  readonly queries: Float64Array;
} {
  checkCapacity(table, capacity);
  const program = capacityProgram(table, form, capacity);
  const solution = solve(program);
  if (solution.state === 'infeasible') throw infeasible(table, capacity, solve);
  return { program, solution, queries: queriesOf(table, solution.x) };
}

/** The share of each pair's queries on each system in the optimum, pair-major. @throws LabError as `capacityPlan` */
export function capacityShares(
  table: CostTable,
  form: CostForm,
  capacity: Capacity,
  solve: Solve,
): Float64Array {
  const width = table.systems.length;
  return capacityOptimum(table, form, capacity, solve).queries.map(
    (queries, i) => queries / table.pairs.count[Math.floor(i / width)]!,
  );
}

/** How long the queries of the workload take to arrive, s. */
function workloadSpan({ pairs }: CostTable, { arrivalRate }: Capacity): number {
  return pairs.queries / arrivalRate;
}

/**
 * The program: a column is the number of queries of one pair on one system, the last system taking the rest. The first
 * rows are the seconds of each system's devices; with more than two systems, one row a pair keeps the rest from
 * falling below 0.
 */
export function capacityProgram(table: CostTable, form: CostForm, capacity: Capacity): LinearProgram {
  const { pairs, systems } = table;
  const width = systems.length;
  const last = systems[width - 1]!;
  const [perJoule, perSecond] = shares(form);
  const builder = new ProgramBuilder(pairs.size * (width - 1), pairs.size * (width - 1) * 3);
  for (let i = 0; i < pairs.size; i++) {
    for (let s = 0; s < width - 1; s++) {
      const { energyJ, runtimeS } = systems[s]!;
      builder.column(
        perJoule * (energyJ[i]! - last.energyJ[i]!) + perSecond * (runtimeS[i]! - last.runtimeS[i]!),
        pairs.count[i]!,
      );
      builder.entry(s, runtimeS[i]!);
      builder.entry(width - 1, -last.runtimeS[i]!);
      if (width > 2) builder.entry(width + i, 1);
    }
  }
  return builder.build(limitsOf(table, capacity));
}

/** The limits of the program's rows. */
function limitsOf(table: CostTable, capacity: Capacity): Float64Array {
  const { pairs, systems } = table;
  const width = systems.length;
  const spanS = workloadSpan(table, capacity);
  const limits = new Float64Array(width + (width > 2 ? pairs.size : 0));
  for (let s = 0; s < width; s++) limits[s] = capacity.devices[s]! * spanS;
  // What the last system takes when it takes everything.
  for (let i = 0; i < pairs.size; i++)
    limits[width - 1]! -= pairs.count[i]! * systems[width - 1]!.runtimeS[i]!;
  if (width > 2) limits.set(pairs.count, width);
  return limits;
}

/** Queries of each pair on each system, pair-major. @param x the program's columns */
function queriesOf({ pairs, systems }: CostTable, x: Float64Array): Float64Array {
  const width = systems.length;
  const queries = new Float64Array(pairs.size * width);
  for (let i = 0; i < pairs.size; i++) {
    let left = pairs.count[i]!;
    for (let s = 0; s < width - 1; s++) {
      const taken = Math.min(left, Math.max(0, x[i * (width - 1) + s]!));
      queries[i * width + s] = taken;
      left -= taken;
    }
    queries[i * width + width - 1] = left;
  }
  return queries;
}

function checkCapacity({ systems }: CostTable, { devices, arrivalRate }: Capacity): void {
  if (!(arrivalRate > 0 && Number.isFinite(arrivalRate))) {
    throw new LabError(
      'bad-setting',
      `An arrival rate of ${arrivalRate} queries per second is none.`,
      'Give a number above 0.',
    );
  }
  const wrong = devices.find((count) => !(Number.isInteger(count) && count >= 0));
  if (wrong !== undefined || devices.length !== systems.length) {
    throw new LabError(
      'bad-setting',
      wrong === undefined
        ? `${devices.length} numbers of devices do not fit ${systems.length} systems.`
        : `A system cannot have ${wrong} devices.`,
      'Give each system a whole number of devices, 0 or more.',
    );
  }
  const negative = systems.find(({ runtimeS }) => runtimeS.some((each) => !(each > 0)));
  if (negative !== undefined) {
    throw new LabError(
      'incompatible',
      `The energy model gives some queries a runtime of 0 or less on the ${negative.label}, so the time of its ` +
        'devices cannot be shared out.',
      'Choose the grid or the physical model, which are never negative.',
    );
  }
}

function infeasible(table: CostTable, capacity: Capacity, solve: Solve): LabError {
  const { devices, arrivalRate } = capacity;
  const most = mostArrivals(table, capacity, solve);
  const listed = table.systems.map(({ label }, s) => `${devices[s]} × ${label}`).join(' and ');
  return new LabError(
    'infeasible',
    `${listed} cannot carry ${arrivalRate} queries per second of this workload, however they are sent: the most is ` +
      `${formatNumber(most, 3)} queries per second.`,
    'Add devices, or lower the arrival rate.',
  );
}
