import { PartReplicator } from './bootstrap.ts';
import { MIXED, type BootstrapPart } from './bootstrapPart.ts';
import type { SpreadBasis } from './cellSpread.ts';

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
  readonly basis: SpreadBasis;
}

/** Cells with less than this share of the variance are not worth a sentence. */
const LEAST_SHARE = 0.005;
const MOST_CELLS = 12;

/**
 * The cells whose uncertainty moves the saving of the best threshold against the better single system most. Each is
 * moved by one standard error up and down, the others held; the variance that the workload brings follows from how much
 * the saving depends on each of its pairs (the delta method), so that all shares together are 1.
 */
export function measureNext(part: BootstrapPart): {
  cells: readonly MeasureNext[];
  workloadShare: number;
} {
  const work = new PartReplicator(part);
  const row = new Float64Array(work.width);
  const cost = (policy: number): number =>
    part.form.perJoule * row[2 * policy]! + part.form.perSecond * row[2 * policy + 1]!;
  const savingNow = (): number => 1 - cost(part.hybrid) / Math.min(...part.singles.map(cost));

  const found: (MeasureNext & { variance: number })[] = [];
  part.systems.forEach(({ id, cells, energy, runtime }, system) => {
    const energies = Float64Array.from(energy.spread.value);
    const runtimes = Float64Array.from(runtime.spread.value);
    const savingAt = (i: number, way: number): number => {
      // A mean cannot be moved to 0 or below.
      const move = (spread: typeof energy.spread): number => {
        const value = spread.value[i]!;
        const error = spread.error[i]! * tScale(spread.degrees[i]!);
        return value > 0 ? value + way * Math.min(error, value / 2) : value + way * error;
      };
      energies[i] = move(energy.spread);
      runtimes[i] = move(runtime.spread);
      work.writeMoved({ system, energies, runtimes }, row, 0);
      energies[i] = energy.spread.value[i]!;
      runtimes[i] = runtime.spread.value[i]!;
      return savingNow();
    };
    cells.forEach(({ m, n, trials }, i) => {
      const effect = (savingAt(i, 1) - savingAt(i, -1)) / 2;
      if (!(effect * effect > 0)) return;
      found.push({
        system,
        profile: id,
        m,
        n,
        trials,
        share: 0,
        effect: Math.abs(effect),
        relativeError: energy.spread.error[i]! / Math.abs(energy.spread.value[i]!),
        basis: energy.spread.basis[i]!,
        variance: effect * effect,
      });
    });
  });
  work.writeMoved(undefined, row, 0);
  const workload = workloadVariance(
    part,
    work,
    part.policies.map((_, p) => cost(p)),
  );
  const total = found.reduce((sum, { variance }) => sum + variance, workload);
  if (!(total > 0)) return { cells: [], workloadShare: 0 };
  return {
    cells: merged(found)
      .map(({ variance, ...cell }) => ({ ...cell, share: variance / total }))
      .filter(({ share }) => share >= LEAST_SHARE)
      .toSorted((a, b) => b.share - a.share || a.system - b.system || a.m - b.m || a.n - b.n)
      .slice(0, MOST_CELLS),
    workloadShare: workload / total,
  };
}

/** A cell that both sweeps hold is measured once. */
function merged<T extends MeasureNext & { variance: number }>(cells: readonly T[]): T[] {
  const byPlace = new Map<string, T>();
  for (const cell of cells) {
    const key = `${cell.system} ${cell.m} ${cell.n}`;
    const known = byPlace.get(key);
    byPlace.set(
      key,
      known === undefined
        ? cell
        : {
            ...known,
            variance: known.variance + cell.variance,
            effect: Math.hypot(known.effect, cell.effect),
            trials: Math.min(known.trials, cell.trials),
          },
    );
  }
  return [...byPlace.values()];
}

/** The standard deviation of Student's t; of two trials or three, which have none, that of four. */
function tScale(degrees: number): number {
  if (degrees === Infinity) return 1;
  const known = Math.max(3, degrees);
  return Math.sqrt(known / (known - 2));
}

/**
 * Variance of the saving 1 − H/B over the multinomial workload, to first order: a query of pair i moves it by
 * −(h_i − (H/B) b_i)/B.
 */
function workloadVariance(part: BootstrapPart, work: PartReplicator, costs: readonly number[]): number {
  const { resampling, hybrid, singles, pairs } = part;
  const best = singles.reduce((a, b) => (costs[b]! < costs[a]! ? b : a));
  const ratio = costs[hybrid]! / costs[best]!;
  let queries = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < pairs.size; i++) {
    const count = resampling.count[i]!;
    const influence =
      (pairCost(part, work, hybrid, i) - ratio * pairCost(part, work, best, i)) / costs[best]!;
    queries += count;
    first += count * influence;
    second += count * influence * influence;
  }
  // Of one drawn query, times the draws, at the scale of the workload.
  const perQuery = second / queries - (first / queries) ** 2;
  return (Math.max(0, perQuery) * queries * queries) / resampling.draws;
}

function pairCost(part: BootstrapPart, work: PartReplicator, policy: number, i: number): number {
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
 * @param system position of the system; by default the first that any cell is of, which is one at a time
 */
export function planTextOf(cells: readonly MeasureNext[], system = cells[0]?.system): string {
  const own = cells.filter((cell) => cell.system === system);
  return [...new Set(own.map(({ m, n }) => `${m},${n}`))].join(' ');
}
