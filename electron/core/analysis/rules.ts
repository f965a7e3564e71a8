import { costOf, type CostForm, type Totals } from '../policy.ts';
import { joules, seconds } from '../units.ts';
import type { CostTable } from './costTable.ts';

/** The families of policies that send queries by a threshold. */
export const THRESHOLD_FAMILIES = [
  'threshold-in',
  'threshold-out',
  'threshold-product',
  'threshold-both',
] as const;
export type ThresholdFamily = (typeof THRESHOLD_FAMILIES)[number];

/**
 * A policy with everything that decides where a query goes. Systems are ordered, from the one for the shortest
 * queries to the one for the longest; thresholds ascend, one fewer than there are systems: a query goes to the first
 * system whose threshold it does not exceed, or else to the last.
 */
export type Rule =
  | { readonly policy: 'single'; readonly system: number }
  | { readonly policy: 'threshold-in' | 'threshold-out'; readonly thresholds: readonly number[] }
  /** √(m·n) ≤ T; `products` are the exact T², whole numbers */
  | {
      readonly policy: 'threshold-product';
      readonly thresholds: readonly number[];
      readonly products: readonly number[];
    }
  /** m ≤ T_in and n ≤ T_out must both hold */
  | {
      readonly policy: 'threshold-both';
      readonly thresholds: readonly number[];
      readonly outputThresholds: readonly number[];
    }
  | { readonly policy: 'oracle' };

/** The system of each pair under a rule; the oracle takes the cheapest, of equals the first. */
export function assign(table: CostTable, rule: Rule, form: CostForm): Uint8Array {
  const { pairs, systems } = table;
  const to = new Uint8Array(pairs.size);
  const last = systems.length - 1;
  switch (rule.policy) {
    case 'single':
      return to.fill(rule.system);
    case 'oracle':
      return cheapest(table, form);
    case 'threshold-in':
    case 'threshold-out': {
      const index = rule.policy === 'threshold-in' ? pairs.input : pairs.output;
      const systemOf = index.values.map((value) => firstWithin(value, rule.thresholds));
      for (let i = 0; i < to.length; i++) to[i] = systemOf[index.of[i]!]!;
      return to;
    }
    case 'threshold-product':
      for (let i = 0; i < to.length; i++) to[i] = firstWithin(pairs.m[i]! * pairs.n[i]!, rule.products);
      return to;
    case 'threshold-both':
      for (let i = 0; i < to.length; i++) {
        let system = 0;
        while (
          system < last &&
          !(pairs.m[i]! <= rule.thresholds[system]! && pairs.n[i]! <= rule.outputThresholds[system]!)
        ) {
          system += 1;
        }
        to[i] = system;
      }
      return to;
  }
}

/** The first system whose threshold a value does not exceed; the last has none. */
function firstWithin(value: number, thresholds: readonly number[]): number {
  let system = 0;
  while (system < thresholds.length && value > thresholds[system]!) system += 1;
  return system;
}

function cheapest({ pairs, systems }: CostTable, form: CostForm): Uint8Array {
  const to = new Uint8Array(pairs.size);
  const [energyShare, runtimeShare] = shares(form);
  for (let i = 0; i < to.length; i++) {
    let least = Infinity;
    for (let s = 0; s < systems.length; s++) {
      const cost = energyShare * systems[s]!.energyJ[i]! + runtimeShare * systems[s]!.runtimeS[i]!;
      if (cost < least) {
        least = cost;
        to[i] = s;
      }
    }
  }
  return to;
}

/** The cost as a sum of two products: [per J, per s]. */
export function shares(form: CostForm): readonly [perJoule: number, perSecond: number] {
  return [form.lambda / form.energyUnit, (1 - form.lambda) / form.runtimeUnit];
}

/** The totals of energy and runtime as one cost. */
export function totalsFrom(energy: number, runtime: number, form: CostForm): Totals {
  const energyJ = joules(energy);
  const runtimeS = seconds(runtime);
  return { energyJ, runtimeS, cost: costOf(form, energyJ, runtimeS) };
}

/** Totals of an assignment, each pair's queries on its system; compensated sums in the order of the pairs. */
export function assignedTotals(table: CostTable, to: Uint8Array, form: CostForm): Totals {
  const { pairs, systems } = table;
  const energies = systems.map(({ energyJ }) => energyJ);
  const runtimes = systems.map(({ runtimeS }) => runtimeS);
  let energy = 0;
  let energyLost = 0;
  let runtime = 0;
  let runtimeLost = 0;
  for (let i = 0; i < to.length; i++) {
    const system = to[i]!;
    const nextEnergy = pairs.count[i]! * energies[system]![i]! - energyLost;
    const grownEnergy = energy + nextEnergy;
    energyLost = grownEnergy - energy - nextEnergy;
    energy = grownEnergy;
    const nextRuntime = pairs.count[i]! * runtimes[system]![i]! - runtimeLost;
    const grownRuntime = runtime + nextRuntime;
    runtimeLost = grownRuntime - runtime - nextRuntime;
    runtime = grownRuntime;
  }
  return totalsFrom(energy, runtime, form);
}

/** Totals of a rule. */
export function ruleTotals(table: CostTable, rule: Rule, form: CostForm): Totals {
  return assignedTotals(table, assign(table, rule, form), form);
}

/**
 * The cost form of a table: raw mixes joules and seconds as they are (the paper); normalised divides each by its
 * largest value over the workload's queries and the systems first (the thesis).
 */
export function tableCostForm({ systems }: CostTable, lambda: number, kind: 'raw' | 'normalised'): CostForm {
  if (kind === 'raw') return { lambda, energyUnit: joules(1), runtimeUnit: seconds(1) };
  const largest = (columns: readonly Float64Array[]): number => {
    let most = 0;
    for (const column of columns) for (const value of column) if (value > most) most = value;
    return most;
  };
  return {
    lambda,
    energyUnit: joules(largest(systems.map(({ energyJ }) => energyJ)) || 1),
    runtimeUnit: seconds(largest(systems.map(({ runtimeS }) => runtimeS)) || 1),
  };
}
