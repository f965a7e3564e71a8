import { PartReplicator } from './partReplicator.ts';
import { MIXED, type BootstrapPart, type NamedPolicy } from './bootstrapPart.ts';
import type { SpreadBasis } from './cellSpread.ts';
import type { Sensitivity } from './sensitivity.ts';

/** A cell that should be measured again, because its uncertainty moves the verdict's saving. */
export interface MeasureNext {
  /** position of the system in the order of thresholds: 0 is the small one */
  readonly system: number;
  /** id of its profile */
  readonly profile: string;
  readonly m: number;
  readonly n: number;
  /** trials that its mean rests on */
  readonly trials: number;
  /** of the variance of the saving, 0 to 1 */
  readonly share: number;
  /** what one standard error of the cell moves the saving by, a fraction */
  readonly effect: number;
  /** standard error of the cell's energy, a fraction of it */
  readonly relativeError: number;
  /** where its standard deviation is from */
  readonly basis: SpreadBasis;
}

/** Cells with less than this share of the variance are not worth a measurement. */
const LEAST_SHARE = 0.005;
const MOST_CELLS = 12;

/**
 * The cells whose uncertainty moves the judged saving most, and how much of its variance the workload brings; the
 * latter follows from how much the saving depends on each of its pairs (the delta method), so that all shares together
 * are 1.
 */
export function measureNext(
  part: BootstrapPart<NamedPolicy>,
  { effects }: Pick<Sensitivity, 'effects'>,
): { cells: readonly MeasureNext[]; workloadShare: number } {
  const found = part.systems.flatMap(({ id, cells, energy }, system) =>
    cells.map(({ m, n, trials }, i) => ({
      system,
      profile: id,
      m,
      n,
      trials,
      share: effects[system]![i]! ** 2,
      effect: Math.abs(effects[system]![i]!),
      relativeError: energy.spread.error[i]! / Math.abs(energy.spread.value[i]!),
      basis: energy.spread.basis[i]!,
    })),
  );
  const workload = workloadVariance(part);
  const total = found.reduce((sum, { share }) => sum + share, workload);
  if (!(total > 0)) return { cells: [], workloadShare: 0 };
  return {
    cells: merged(found)
      .map((cell) => ({ ...cell, share: cell.share / total }))
      .filter(({ share }) => share >= LEAST_SHARE)
      .toSorted((a, b) => b.share - a.share || a.system - b.system || a.m - b.m || a.n - b.n)
      .slice(0, MOST_CELLS),
    workloadShare: workload / total,
  };
}

/** A cell that both sweeps hold is measured once. */
function merged(cells: readonly MeasureNext[]): MeasureNext[] {
  const byPlace = new Map<string, MeasureNext>();
  for (const cell of cells) {
    const key = `${cell.system} ${cell.m} ${cell.n}`;
    const known = byPlace.get(key);
    byPlace.set(
      key,
      known === undefined
        ? cell
        : {
            ...(known.share >= cell.share ? known : cell),
            share: known.share + cell.share,
            effect: Math.hypot(known.effect, cell.effect),
          },
    );
  }
  return [...byPlace.values()];
}

/**
 * Variance of the saving 1 − H/B over the multinomial workload, to first order: a query of pair i moves it by
 * −(h_i − (H/B) b_i)/B.
 */
function workloadVariance(part: BootstrapPart<NamedPolicy>): number {
  const { resampling, hybrid, singles, pairs, form } = part;
  const work = new PartReplicator(part);
  const row = new Float64Array(work.width);
  work.rest();
  work.writePolicies(row, 0);
  const cost = (policy: number): number =>
    form.perJoule * row[2 * policy]! + form.perSecond * row[2 * policy + 1]!;
  const best = singles.reduce((a, b) => (cost(b) < cost(a) ? b : a));
  const whole = cost(best);
  const ratio = cost(hybrid) / whole;
  let queries = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < pairs.size; i++) {
    const count = resampling.count[i]!;
    const influence = (pairCost(part, work, hybrid, i) - ratio * pairCost(part, work, best, i)) / whole;
    queries += count;
    first += count * influence;
    second += count * influence * influence;
  }
  // Of one drawn query, times the draws, at the scale of the workload.
  const perQuery = second / queries - (first / queries) ** 2;
  return (Math.max(0, perQuery) * queries * queries) / resampling.draws;
}

function pairCost(part: BootstrapPart<NamedPolicy>, work: PartReplicator, policy: number, i: number): number {
  const { form, systemOf, classes, classOf, systems } = part;
  const of = (system: number): number => {
    const { energyJ, runtimeS } = work.pairCost(system, i);
    return form.perJoule * energyJ + form.perSecond * runtimeS;
  };
  const to = systemOf[policy * classes + classOf[i]!]!;
  if (to !== MIXED) return of(to);
  return systems.reduce((sum, _, s) => sum + of(s), 0) / systems.length;
}

/**
 * The cells to measure next on one system as a plan, as `lab measure --sweep` takes it: "32,32 64,32".
 * @param system position of the system; by default that of the first cell, because a plan is for one system
 * @returns '' where there are none
 */
export function planTextOf(cells: readonly MeasureNext[], system = cells[0]?.system): string {
  const own = cells.filter((cell) => cell.system === system);
  return [...new Set(own.map(({ m, n }) => `${m},${n}`))].join(' ');
}
