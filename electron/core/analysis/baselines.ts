import type { CostForm, Totals } from '../policy.ts';
import type { CostTable } from './costTable.ts';
import { totalsFrom } from './rules.ts';

/**
 * Totals of queries dealt to the systems in turn, in ascending order of m, then n: the first to the first system, and
 * so on. Fractional counts are dealt by the whole places that they cover. A stream in another order would have totals
 * near those of `randomTotals`.
 */
export function roundRobinTotals(table: CostTable, form: CostForm): Totals {
  return mixedTotals(table, form, dealing(table));
}

/** Writes how many of a pair's queries go to each system when dealt in turn; to be asked pair by pair, in order. */
function dealing({ pairs, systems }: CostTable): (i: number, share: Float64Array) => void {
  const round = systems.length;
  let dealt = 0;
  return (i, share) => {
    const end = dealt + pairs.count[i]!;
    for (let s = 0; s < round; s++) share[s] = placesUpTo(end, s, round) - placesUpTo(dealt, s, round);
    dealt = end;
  };
}

/** Share of each pair's queries that goes to each system when they are dealt in turn, pair-major. */
export function roundRobinShares(table: CostTable): Float64Array {
  const { pairs, systems } = table;
  const deal = dealing(table);
  const all = new Float64Array(pairs.size * systems.length);
  const share = new Float64Array(systems.length);
  for (let i = 0; i < pairs.size; i++) {
    deal(i, share);
    for (let s = 0; s < share.length; s++) all[i * share.length + s] = share[s]! / pairs.count[i]!;
  }
  return all;
}

/** How much of the places [0, end) belongs to system s, which has the places s, s + round, …, each of length 1. */
function placesUpTo(end: number, s: number, round: number): number {
  const rounds = Math.floor(end / round);
  return rounds + Math.min(1, Math.max(0, end - rounds * round - s));
}

/** Expected totals of queries sent to any of the systems at random, each as likely. */
export function randomTotals(table: CostTable, form: CostForm): Totals {
  const { pairs, systems } = table;
  return mixedTotals(table, form, (i, share) => share.fill(pairs.count[i]! / systems.length));
}

/**
 * Totals where the queries of a pair are shared out among the systems.
 * @param share writes the number of the pair's queries on each system
 */
export function mixedTotals(
  { pairs, systems }: CostTable,
  form: CostForm,
  share: (i: number, queries: Float64Array) => void,
): Totals {
  const queries = new Float64Array(systems.length);
  let energy = 0;
  let energyLost = 0;
  let runtime = 0;
  let runtimeLost = 0;
  for (let i = 0; i < pairs.size; i++) {
    share(i, queries);
    let pairEnergy = 0;
    let pairRuntime = 0;
    for (let s = 0; s < systems.length; s++) {
      pairEnergy += queries[s]! * systems[s]!.energyJ[i]!;
      pairRuntime += queries[s]! * systems[s]!.runtimeS[i]!;
    }
    const nextEnergy = pairEnergy - energyLost;
    const grownEnergy = energy + nextEnergy;
    energyLost = grownEnergy - energy - nextEnergy;
    energy = grownEnergy;
    const nextRuntime = pairRuntime - runtimeLost;
    const grownRuntime = runtime + nextRuntime;
    runtimeLost = grownRuntime - runtime - nextRuntime;
    runtime = grownRuntime;
  }
  return totalsFrom(energy, runtime, form);
}
