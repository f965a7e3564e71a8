import type { Capacity } from './capacity.ts';
import type { CostTable } from './costTable.ts';
import { ProgramBuilder, type Solution, type Solve } from './linearProgram.ts';

/**
 * The most queries per second that the devices can carry, however they are sent; no more than the arrival rate.
 * @param solve a solver of linear programs, for more than two systems
 */
export function mostArrivals(table: CostTable, capacity: Capacity, solve: Solve): number {
  return table.systems.length === 2 ? mostOfTwo(table, capacity) : mostByProgram(table, capacity, solve);
}

/**
 * Of two systems, exactly and without a program: queries go to the first in the order of how much less time than the second
 * it takes for them, up to where the devices of both are busy equally long; at the end the queries of one pair are shared
 * out. Any other assignment that keeps both as busy carries less, by an exchange.
 */
export function mostOfTwo({ pairs, systems }: CostTable, { devices, arrivalRate }: Capacity): number {
  const [first, second] = [systems[0]!.runtimeS, systems[1]!.runtimeS];
  const [a, b] = [devices[0]!, devices[1]!];
  const order = Uint32Array.from(first, (_, i) => i).sort(
    (i, j) => first[i]! * second[j]! - first[j]! * second[i]!,
  );
  let firstS = 0;
  let secondS = 0;
  for (let i = 0; i < pairs.size; i++) secondS += pairs.count[i]! * second[i]!;
  for (const i of order) {
    const [onFirst, onSecond] = [pairs.count[i]! * first[i]!, pairs.count[i]! * second[i]!];
    // The share of this pair's queries that levels the two, if it is all of them or less.
    const level = (secondS * a - firstS * b) / (onFirst * b + onSecond * a);
    const share = Math.min(1, Math.max(0, level || 0));
    firstS += share * onFirst;
    secondS -= share * onSecond;
    if (share < 1) break;
  }
  const spanS = pairs.queries / arrivalRate;
  const carried = Math.min(
    1,
    b > 0 ? (b * spanS) / secondS : Infinity,
    a > 0 ? (a * spanS) / firstS : Infinity,
  );
  return a + b === 0 ? 0 : Math.max(0, carried) * arrivalRate;
}

/** The most queries per second, as a linear program: of any number of systems. */
export function mostByProgram(table: CostTable, capacity: Capacity, solve: Solve): number {
  const { pairs, systems } = table;
  const width = systems.length;
  const last = systems[width - 1]!.runtimeS;
  const columns = pairs.size * (width - 1) + 1;
  // The last column is the share of the workload that is carried.
  const builder = new ProgramBuilder(columns, (columns - 1) * 3 + pairs.size + 1);
  let lastS = 0;
  for (let i = 0; i < pairs.size; i++) {
    lastS += pairs.count[i]! * last[i]!;
    for (let s = 0; s < width - 1; s++) {
      builder.column(0, Infinity);
      builder.entry(s, systems[s]!.runtimeS[i]!);
      builder.entry(width - 1, -last[i]!);
      builder.entry(width + i, 1);
    }
  }
  builder.column(-1, 1);
  builder.entry(width - 1, lastS);
  for (let i = 0; i < pairs.size; i++) builder.entry(width + i, -pairs.count[i]!);
  const limits = new Float64Array(width + pairs.size);
  for (let s = 0; s < width; s++) limits[s] = capacity.devices[s]! * (pairs.queries / capacity.arrivalRate);
  const solution: Solution = solve(builder.build(limits));
  const share = solution.state === 'optimal' ? Math.max(0, solution.x.at(-1)!) : 0;
  return share * capacity.arrivalRate;
}
