import { sum } from '../statistics.ts';
import type { BootstrapPart, DrawnCapacity, NamedPolicy } from './bootstrapPart.ts';
import { capacityByColumns, type CarriedOptimum } from './capacityByColumns.ts';
import { CapacityOfTwo } from './capacityOfTwo.ts';
import type { Solve } from './linearProgram.ts';

/** Columns of a row for the optimum under capacity, beside its energy and runtime: see `CapacityReplicator`. */
export function capacityWidth({ capacity, systems }: BootstrapPart<NamedPolicy>): number {
  return capacity === undefined ? 0 : 1 + systems.length;
}

/** What one query of each pair costs on a system, as last drawn. */
interface DrawnCosts {
  readonly energyJ: Float64Array;
  readonly runtimeS: Float64Array;
}

/**
 * The optimum under capacity in each replicate, found anew: an assignment that filled the devices would not be carried
 * where the queries take longer. Energy and runtime go to the columns of its policy; in its own columns follow the cost of
 * the per-query optimum of the same replicate, and the share of the queries on each system. All are NaN where the
 * devices cannot carry the queries.
 */
export class CapacityReplicator {
  private readonly ofTwo: CapacityOfTwo | undefined;

  constructor(
    private readonly part: BootstrapPart<NamedPolicy>,
    private readonly capacity: DrawnCapacity,
    private readonly solve: Solve | undefined,
  ) {
    this.ofTwo = part.systems.length === 2 ? new CapacityOfTwo(part.pairs.size) : undefined;
  }

  /**
   * Writes the optimum into a row.
   * @param k number of the replicate
   * @param at where the row begins
   */
  write(
    k: number,
    count: Float64Array,
    systems: readonly DrawnCosts[],
    into: Float64Array,
    at: number,
  ): void {
    const { part, capacity } = this;
    const own = at + 2 * part.policies.length + 2 * (systems.length - 1) * part.searches.length;
    const policy = at + 2 * capacity.policy;
    const found = k < capacity.replicates ? this.find(count, systems) : undefined;
    into[policy] = found?.energyJ ?? NaN;
    into[policy + 1] = found?.runtimeS ?? NaN;
    into[own] = found === undefined ? NaN : this.leastCost(count, systems);
    const queries = sum(count);
    for (let s = 0; s < systems.length; s++) into[own + 1 + s] = (found?.taken[s] ?? NaN) / queries;
  }

  private find(
    count: Float64Array,
    systems: readonly DrawnCosts[],
  ): Pick<CarriedOptimum, 'energyJ' | 'runtimeS' | 'taken'> | undefined {
    const { capacity, part, ofTwo, solve } = this;
    // Under the linear model a drawn runtime may be none that a device can have.
    if (systems.some(({ runtimeS }) => !runtimeS.every((each) => each > 0))) return undefined;
    const queries = sum(count);
    const times = capacity.devices.map((devices) => (devices * queries) / capacity.arrivalRate);
    const { form } = part;
    if (ofTwo === undefined) {
      return solve === undefined ? undefined : capacityByColumns({ count, systems, form }, times, solve);
    }
    const [a, b] = systems as readonly [DrawnCosts, DrawnCosts];
    const found = ofTwo.find(
      { count, form, energyJ: [a.energyJ, b.energyJ], runtimeS: [a.runtimeS, b.runtimeS] },
      times[0]!,
      times[1]!,
    );
    return found && { ...found, taken: Float64Array.of(found.taken, queries - found.taken) };
  }

  /** What the queries cost where each goes to the cheapest system, as if there were devices enough. */
  private leastCost(count: Float64Array, systems: readonly DrawnCosts[]): number {
    const { perJoule, perSecond } = this.part.form;
    let total = 0;
    for (let i = 0; i < count.length; i++) {
      let least = Infinity;
      for (const { energyJ, runtimeS } of systems) {
        least = Math.min(least, perJoule * energyJ[i]! + perSecond * runtimeS[i]!);
      }
      total += count[i]! * least;
    }
    return total;
  }
}
