import type { CostForm } from '../policy.ts';
import { sum } from '../statistics.ts';
import type { CostTable } from './costTable.ts';
import { productIndex, type LengthIndex, type PairTable } from './pairs.ts';
import { shares, type Rule, type ThresholdFamily } from './rules.ts';

/** What a family of thresholds on one number per query looks at. */
export interface ThresholdAxis {
  readonly policy: Exclude<ThresholdFamily, 'threshold-both'>;
  readonly index: LengthIndex;
}

/** The axes on which one threshold can be set: input tokens, output tokens, their product. */
export function thresholdAxes(pairs: PairTable): Record<ThresholdAxis['policy'], ThresholdAxis> {
  return {
    'threshold-in': { policy: 'threshold-in', index: pairs.input },
    'threshold-out': { policy: 'threshold-out', index: pairs.output },
    'threshold-product': { policy: 'threshold-product', index: productIndex(pairs) },
  };
}

/** The lowest whole threshold up to which the first `position` distinct values lie; one below the least for none. */
export function thresholdAt({ values }: LengthIndex, position: number): number {
  return position === 0 ? values[0]! - 1 : values[position - 1]!;
}

/** √(m·n) of a product; −1 below every product. */
export function productThreshold(product: number): number {
  return product < 0 ? -1 : Math.sqrt(product);
}

/** A rule of an axis whose thresholds lie at positions of its index. */
export function axisRule({ policy, index }: ThresholdAxis, positions: readonly number[]): Rule {
  const thresholds = positions.map((position) => thresholdAt(index, position));
  return policy === 'threshold-product'
    ? { policy, thresholds: thresholds.map(productThreshold), products: thresholds }
    : { policy, thresholds };
}

/**
 * What each pair's queries cost more on system `lower` than on the next.
 * @param into overwritten
 */
export function costDifferences(
  { pairs, systems }: CostTable,
  lower: number,
  form: CostForm,
  into: Float64Array,
  upper = lower + 1,
): void {
  const [perJoule, perSecond] = shares(form);
  const a = systems[lower]!;
  const b = systems[upper]!;
  for (let i = 0; i < pairs.size; i++) {
    into[i] =
      pairs.count[i]! *
      (perJoule * (a.energyJ[i]! - b.energyJ[i]!) + perSecond * (a.runtimeS[i]! - b.runtimeS[i]!));
  }
}

/** Sums over the pairs of each distinct value. */
export function groupSums({ values, of }: LengthIndex, each: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  for (let i = 0; i < each.length; i++) sums[of[i]!]! += each[i]!;
  return sums;
}

/** Entry k: the sum of the first k values, compensated. */
export function runningSums(values: Float64Array): Float64Array {
  const totals = new Float64Array(values.length + 1);
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const next = values[i]! - lost;
    const grown = total + next;
    lost = grown - total - next;
    total = grown;
    totals[i + 1] = total;
  }
  return totals;
}

/**
 * The thresholds of least cost along an axis, exact over every whole threshold that can change the assignment; of
 * equals the lowest. For more than two systems the ordered thresholds are found together, by dynamic programming:
 * Σ_i F_i(t_i) is least over t_0 ≤ t_1 ≤ …, where F_i(t) is what sending lengths up to t to system i instead of the
 * next one costs more. Time in proportion to pairs × systems.
 */
export function bestAxisRule(table: CostTable, axis: ThresholdAxis, form: CostForm): Rule {
  const { index } = axis;
  const levels = table.systems.length - 1;
  const positions = index.values.length + 1;
  const differences = new Float64Array(table.pairs.size);
  /** least cost of the levels so far with their last threshold at or below each position */
  let least = new Float64Array(positions);
  const chosen: Int32Array[] = [];
  for (let level = 0; level < levels; level++) {
    costDifferences(table, level, form, differences);
    const more = runningSums(groupSums(index, differences));
    const next = new Float64Array(positions);
    const at = new Int32Array(positions);
    for (let t = 0; t < positions; t++) {
      const cost = more[t]! + least[t]!;
      const better = t === 0 || cost < next[t - 1]!;
      next[t] = better ? cost : next[t - 1]!;
      at[t] = better ? t : at[t - 1]!;
    }
    least = next;
    chosen.push(at);
  }
  const found: number[] = [];
  let limit = positions - 1;
  for (let level = levels - 1; level >= 0; level--) {
    limit = chosen[level]![limit]!;
    found.unshift(limit);
  }
  return axisRule(axis, found);
}

/** Energy and runtime of the workload for every threshold between two systems along an axis. */
export interface ThresholdCurve {
  readonly policy: ThresholdAxis['policy'];
  /** ascending; the first sends nothing to the lower system, the last everything */
  readonly thresholds: Float64Array;
  readonly energyJ: Float64Array;
  readonly runtimeS: Float64Array;
}

/**
 * The curve of every threshold between two systems: lengths up to the threshold on `lower`, the others on `upper`.
 * It does not depend on λ. Thresholds between which nothing changes have the very same totals.
 */
export function thresholdCurve(
  table: CostTable,
  axis: ThresholdAxis,
  lower = 0,
  upper = table.systems.length - 1,
): ThresholdCurve {
  const { pairs, systems } = table;
  const { index, policy } = axis;
  const side = (of: 'energyJ' | 'runtimeS'): Float64Array => {
    const [a, b] = [systems[lower]![of], systems[upper]![of]];
    const each = new Float64Array(pairs.size);
    for (let i = 0; i < each.length; i++) each[i] = pairs.count[i]! * b[i]!;
    const upperTotal = sum(each);
    for (let i = 0; i < each.length; i++) each[i] = pairs.count[i]! * (a[i]! - b[i]!);
    const totals = runningSums(groupSums(index, each));
    for (let t = 0; t < totals.length; t++) totals[t]! += upperTotal;
    return totals;
  };
  const thresholds = Float64Array.from({ length: index.values.length + 1 }, (_, t) => {
    const threshold = thresholdAt(index, t);
    return policy === 'threshold-product' ? productThreshold(threshold) : threshold;
  });
  return { policy, thresholds, energyJ: side('energyJ'), runtimeS: side('runtimeS') };
}

/** The position of least cost on a curve; of equals the lowest. */
export function bestOnCurve({ energyJ, runtimeS }: ThresholdCurve, form: CostForm): number {
  const [perJoule, perSecond] = shares(form);
  let least = Infinity;
  let best = 0;
  for (let t = 0; t < energyJ.length; t++) {
    const cost = perJoule * energyJ[t]! + perSecond * runtimeS[t]!;
    if (cost < least) {
      least = cost;
      best = t;
    }
  }
  return best;
}
