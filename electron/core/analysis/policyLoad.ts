import type { CostForm } from '../policy.ts';
import type { CostTable } from './costTable.ts';
import { assign, type Rule } from './rules.ts';

/** How busy a rule keeps the devices of one system. */
export interface SystemLoad {
  readonly devices: number;
  /** share of the queries that it takes, 0 to 1 */
  readonly queries: number;
  /** time of its devices that the mean query of the whole workload takes, s: 0 where it takes none */
  readonly busyS: number;
  /** queries of the whole workload per second at which its devices are always busy; Infinity where it takes none */
  readonly mostPerS: number;
}

/** What a rule asks of the devices. */
export interface PolicyLoad {
  readonly systems: readonly SystemLoad[];
  /** queries per second that no system is overrun by: the least of the systems' own */
  readonly mostPerS: number;
  /** which system is always busy first */
  readonly first: number;
}

/**
 * How many queries per second a rule can carry, each keeping one device busy for its runtime. It is what holds in the mean:
 * where queries come at random, they already wait long when the devices are nearly always busy.
 * @param devices of each system, in the order of the table; whole numbers, 0 or more
 */
export function policyLoad(
  table: CostTable,
  rule: Rule,
  form: CostForm,
  devices: readonly number[],
): PolicyLoad {
  const { pairs } = table;
  const to = assign(table, rule, form);
  const queries = new Float64Array(table.systems.length);
  const busyS = new Float64Array(table.systems.length);
  for (let i = 0; i < to.length; i++) {
    const system = to[i]!;
    queries[system]! += pairs.count[i]!;
    busyS[system]! += pairs.count[i]! * table.systems[system]!.runtimeS[i]!;
  }
  const systems = devices.map((count, s): SystemLoad => {
    const each = busyS[s]! / pairs.queries;
    return {
      devices: count,
      queries: queries[s]! / pairs.queries,
      busyS: each,
      mostPerS: each > 0 ? count / each : Infinity,
    };
  });
  const rates = systems.map(({ mostPerS }) => mostPerS);
  const mostPerS = Math.min(...rates);
  return { systems, mostPerS, first: rates.indexOf(mostPerS) };
}

/** Share of a system's devices' time that is busy at an arrival rate, above 1 where they are overrun; null without devices. */
export function utilisationAt({ devices, busyS }: SystemLoad, perS: number): number | null {
  return devices === 0 ? null : (perS * busyS) / devices;
}
