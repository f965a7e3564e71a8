import type { RandomStream } from '../analysis/randomStream.ts';
import type { PairTable } from '../analysis/pairs.ts';

/** Queries as they come: when, and which. */
export interface Arrivals {
  /** s from the beginning, ascending */
  readonly atS: Float64Array;
  /** position of each query's pair in the table */
  readonly pair: Uint32Array;
}

/** Totals of the queries before each pair, to draw pairs by. */
export function runningQueries({ size, count }: PairTable): Float64Array {
  const running = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) running[i] = total += count[i]!;
  return running;
}

/**
 * Draws queries of a workload that come at random, one independent of the other: a Poisson process.
 * @param running see `runningQueries`
 * @param rate queries per second in the mean
 */
export function drawArrivals(
  running: Float64Array,
  rate: number,
  queries: number,
  random: RandomStream,
): Arrivals {
  const atS = new Float64Array(queries);
  const pair = new Uint32Array(queries);
  const total = running[running.length - 1]!;
  let now = 0;
  for (let i = 0; i < queries; i++) {
    now -= Math.log(random.uniform()) / rate;
    atS[i] = now;
    pair[i] = firstAbove(running, random.uniform() * total);
  }
  return { atS, pair };
}

/** Position of the first value above a given one. */
function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * How long each query waits when each system's devices take one query at a time, first come, first served: the
 * recursion of J. Kiefer and J. Wolfowitz, with the devices in a heap by when they are free.
 * @param to the system of each pair
 * @param runtimesS of each system, s of one query of each pair, above 0
 * @param devices of each system, at least 1 where queries go
 * @returns s of each query, in the order of the arrivals
 */
export function waitingTimes(
  { atS, pair }: Arrivals,
  to: Uint8Array,
  runtimesS: readonly Float64Array[],
  devices: readonly number[],
): Float64Array {
  const waits = new Float64Array(atS.length);
  const heaps = devices.map((count) => new Float64Array(count));
  for (let i = 0; i < waits.length; i++) {
    const which = pair[i]!;
    const system = to[which]!;
    const free = heaps[system]!;
    const startS = Math.max(atS[i]!, free[0]!);
    waits[i] = startS - atS[i]!;
    replaceLeast(free, startS + runtimesS[system]![which]!);
  }
  return waits;
}

/** Puts a value in place of the least one of a binary heap. */
function replaceLeast(heap: Float64Array, value: number): void {
  const size = heap.length;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && heap[child + 1]! < heap[child]!) child += 1;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
