import { rowStarts } from './bothThresholds.ts';
import type { CostLine } from './envelope.ts';
import type { PolicyProblem } from './problem.ts';
import { THRESHOLD_FAMILIES, type Rule, type ThresholdFamily } from './rules.ts';
import { axisRule, thresholdAt, type ThresholdCurve } from './thresholds.ts';

/** A rule with its totals, which do not depend on λ. */
export interface RuleLine extends CostLine {
  readonly rule: Rule;
}

/** Totals closer than this, relatively, are the same: sums of many costs are rounded. */
const SAME = 1e-12;

const isSame = (a: number, b: number): boolean =>
  Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));

/**
 * Those of some points that none other undercuts in both, by runtime; of equals the first. Totals that differ by
 * rounding alone count as equal.
 */
export function nonDominated<P extends CostLine>(points: readonly P[]): P[] {
  const order = points
    .map((_, i) => i)
    .sort((a, b) => {
      const [p, q] = [points[a]!, points[b]!];
      return p.runtimeS - q.runtimeS || p.energyJ - q.energyJ || a - b;
    });
  const front: number[] = [];
  for (const at of order) {
    const point = points[at]!;
    const last = front.at(-1);
    if (last === undefined) {
      front.push(at);
      continue;
    }
    const before = points[last]!;
    const sameTime = isSame(point.runtimeS, before.runtimeS);
    if (isSame(point.energyJ, before.energyJ)) {
      if (sameTime && at < last) front[front.length - 1] = at;
    } else if (point.energyJ < before.energyJ) {
      if (sameTime) front[front.length - 1] = at;
      else front.push(at);
    }
  }
  return front.map((at) => points[at]!);
}

/** Buckets of energy within which only the rules that take less time than every earlier bucket are looked at. */
const BUCKETS = 4096;

/**
 * The energy–runtime front of two systems over every threshold of some families, and the single systems: what none
 * other undercuts in both, from the least runtime to the least energy. Exact up to rounding.
 */
export function exactFront(
  { table, axes, curves }: PolicyProblem & { readonly curves: NonNullable<PolicyProblem['curves']> },
  families: readonly ThresholdFamily[] = THRESHOLD_FAMILIES,
): RuleLine[] {
  const points: RuleLine[] = [];
  const { energyJ: energies, runtimeS: runtimes } = curves['threshold-in'];
  for (const [system, at] of [energies.length - 1, 0].entries()) {
    points.push({ rule: { policy: 'single', system }, energyJ: energies[at]!, runtimeS: runtimes[at]! });
  }
  for (const family of families) {
    if (family !== 'threshold-both') points.push(...curvePoints(axes[family], curves[family]));
  }
  const found = nonDominated(points);
  return families.includes('threshold-both') ? nonDominated([...found, ...bothPoints(table, found)]) : found;
}

/** The points of a curve that may lie on the front, in its order. */
function curvePoints(
  axis: PolicyProblem['axes'][ThresholdCurve['policy']],
  curve: ThresholdCurve,
): RuleLine[] {
  const all = Array.from(curve.energyJ, (energyJ, t) => ({ t, energyJ, runtimeS: curve.runtimeS[t]! }));
  return nonDominated(all)
    .sort((a, b) => a.t - b.t)
    .map(({ t, energyJ, runtimeS }) => ({ rule: axisRule(axis, [t]), energyJ, runtimeS }));
}

/** Pairs of thresholds that may lie on the front: two passes over all of them, keeping few. */
function bothPoints(table: PolicyProblem['table'], known: readonly RuleLine[]): RuleLine[] {
  const { input, output } = table.pairs;
  let [leastEnergy, leastRuntime] = [known.at(-1)!.energyJ, known[0]!.runtimeS];
  let [mostEnergy, mostRuntime] = [known[0]!.energyJ, known.at(-1)!.runtimeS];
  eachBoth(table, (_row, _column, energyJ, runtimeS) => {
    if (energyJ < leastEnergy || (energyJ === leastEnergy && runtimeS < mostRuntime)) {
      leastEnergy = energyJ;
      mostRuntime = runtimeS;
    }
    if (runtimeS < leastRuntime || (runtimeS === leastRuntime && energyJ < mostEnergy)) {
      leastRuntime = runtimeS;
      mostEnergy = energyJ;
    }
  });
  const scale = (BUCKETS - 1) / (mostEnergy - leastEnergy);
  const bucketOf = (energyJ: number): number =>
    scale > 0 && scale < Infinity ? Math.min(BUCKETS - 1, Math.floor((energyJ - leastEnergy) * scale)) : 0;
  const least = new Float64Array(BUCKETS).fill(Infinity);
  for (const { energyJ, runtimeS } of known) {
    const bucket = bucketOf(energyJ);
    if (runtimeS < least[bucket]!) least[bucket] = runtimeS;
  }
  eachBoth(table, (_row, _column, energyJ, runtimeS) => {
    if (energyJ > mostEnergy || runtimeS > mostRuntime) return;
    const bucket = bucketOf(energyJ);
    if (runtimeS < least[bucket]!) least[bucket] = runtimeS;
  });
  /** entry b: the least runtime of all buckets before b */
  const before = new Float64Array(BUCKETS).fill(Infinity);
  for (let b = 1; b < BUCKETS; b++) before[b] = Math.min(before[b - 1]!, least[b - 1]!);
  const kept: { row: number; column: number; energyJ: number; runtimeS: number }[] = [];
  eachBoth(table, (row, column, energyJ, runtimeS) => {
    if (energyJ > mostEnergy || runtimeS > mostRuntime || runtimeS >= before[bucketOf(energyJ)]!) return;
    kept.push({ row, column, energyJ, runtimeS });
  });
  return nonDominated(kept).map(({ row, column, energyJ, runtimeS }) => ({
    rule: {
      policy: 'threshold-both',
      thresholds: [thresholdAt(input, row)],
      outputThresholds: [thresholdAt(output, column)],
    },
    energyJ,
    runtimeS,
  }));
}

/** Tells the totals of every pair of thresholds between two systems, positions from 1. */
function eachBoth(
  { pairs, systems }: PolicyProblem['table'],
  tell: (row: number, column: number, energyJ: number, runtimeS: number) => void,
): void {
  const [small, large] = systems;
  const starts = rowStarts(pairs);
  const columns = pairs.output.values.length;
  const energies = new Float64Array(columns);
  const runtimes = new Float64Array(columns);
  let energyAll = 0;
  let runtimeAll = 0;
  for (let i = 0; i < pairs.size; i++) {
    energyAll += pairs.count[i]! * large!.energyJ[i]!;
    runtimeAll += pairs.count[i]! * large!.runtimeS[i]!;
  }
  for (let row = 0; row < pairs.input.values.length; row++) {
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const column = pairs.output.of[i]!;
      energies[column]! += pairs.count[i]! * (small!.energyJ[i]! - large!.energyJ[i]!);
      runtimes[column]! += pairs.count[i]! * (small!.runtimeS[i]! - large!.runtimeS[i]!);
    }
    let energy = energyAll;
    let runtime = runtimeAll;
    for (let column = 0; column < columns; column++) {
      energy += energies[column]!;
      runtime += runtimes[column]!;
      tell(row + 1, column + 1, energy, runtime);
    }
  }
}
