import { busyOf, type Busy } from '../analysis/busy.ts';
import type { CostTable } from '../analysis/costTable.ts';
import { LabError } from '../errors.ts';
import type { Operation } from './operation.ts';

/** What a policy asks of one system. */
export interface SystemLoad extends Busy {
  readonly devices: number;
  /** share of the queries that go there, 0 to 1 */
  readonly queries: number;
  /** the fewest devices with which the queue does not grow without end */
  readonly devicesNeeded: number;
}

/** What a policy asks of one system, with the power that it draws for its queries. */
export interface Load extends Omit<SystemLoad, 'devicesNeeded'> {
  /** mean power of its queries, W */
  readonly activeW: number;
}

/** A load as results tell it. */
export function systemLoad({ devices, queries, busy, utilisation }: Load): SystemLoad {
  return {
    devices,
    queries,
    busy,
    utilisation,
    devicesNeeded: queries === 0 ? 0 : Math.floor(busy) + 1,
  };
}

/**
 * From how many queries per second on a queue grows without end, what holds in the mean: where queries come at random,
 * they already wait long when the devices are nearly always busy. Infinity where no system gets a query.
 * @param arrivalRate at which the loads are, queries per second
 */
export function mostArrivalRate(loads: readonly Load[], arrivalRate: number): number {
  return Math.min(
    ...loads.map(({ queries, devices, busy }) => (queries === 0 ? Infinity : (arrivalRate * devices) / busy)),
  );
}

/** What an assignment asks of each system; one that gets no query keeps no devices. */
export function loadsOf(
  { pairs, systems }: CostTable,
  to: Uint8Array,
  operation: Pick<Operation, 'arrivalRate' | 'small' | 'large'>,
): Load[] {
  const spanS = pairs.queries / operation.arrivalRate;
  return systems.map(({ label, energyJ, runtimeS }, system): Load => {
    let [queries, timeS, energy] = [0, 0, 0];
    for (let i = 0; i < pairs.size; i++) {
      if (to[i] !== system) continue;
      if (!(runtimeS[i]! > 0)) {
        throw new LabError(
          'incompatible',
          `The energy model gives a query with ${pairs.m[i]} input and ${pairs.n[i]} output tokens ${runtimeS[i]} s on the ` +
            `${label}, which cannot be.`,
          'Choose the grid or the physical model, which are never negative.',
        );
      }
      queries += pairs.count[i]!;
      timeS += pairs.count[i]! * runtimeS[i]!;
      energy += pairs.count[i]! * energyJ[i]!;
    }
    const devices = queries === 0 ? 0 : (system === 0 ? operation.small : operation.large).devices;
    return {
      devices,
      queries: queries / pairs.queries,
      ...busyOf(timeS, spanS, devices),
      activeW: energy / spanS,
    };
  });
}
