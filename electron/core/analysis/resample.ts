import { sum } from '../statistics.ts';
import type { RandomStream } from './randomStream.ts';

/** How a workload is drawn again: so many queries from the distribution of its pairs. */
export interface Resampling {
  /** queries of each pair, above 0 */
  readonly count: Float64Array;
  /** queries that are drawn, with replacement */
  readonly draws: number;
  /** the counts are weights of fewer records: the draws are their effective number */
  readonly weighted: boolean;
}

/**
 * How many queries a workload stands for. Whole counts are queries. Weights are records that count more or less: their
 * effective number is (Σw)²/Σw² (L. Kish, "Survey Sampling", 1965), so that weighting does not make a sample larger.
 */
export function resamplingOf(count: Float64Array): Resampling {
  const total = sum(count);
  if (count.every(Number.isInteger)) return { count, draws: total, weighted: false };
  const effective = total ** 2 / sum(count.map((weight) => weight * weight));
  return { count, draws: Math.max(1, Math.round(effective)), weighted: true };
}

/**
 * Draws the counts of a workload from the multinomial distribution, exactly: a little fewer queries than are due are
 * drawn as independent Poisson numbers, which given their sum are multinomial, and the rest one by one (A. J. Walker's
 * aliases). Time in proportion to the pairs, not to the queries.
 */
export class Resampler {
  private readonly means: Float64Array;
  private readonly none: Float64Array;
  private readonly keep: Float64Array;
  private readonly alias: Uint32Array;
  private readonly draws: number;
  private readonly scale: number;

  constructor({ count, draws }: Resampling) {
    const total = sum(count);
    const first = Math.max(0, draws - 4 * Math.sqrt(draws));
    this.draws = draws;
    this.scale = total / draws;
    this.means = count.map((each) => (first * each) / total);
    this.none = this.means.map((mean) => Math.exp(-mean));
    const { keep, alias } = aliases(count, total);
    this.keep = keep;
    this.alias = alias;
  }

  /** @param into the drawn counts, overwritten; their sum is that of the workload */
  draw(random: RandomStream, into: Float64Array): void {
    const { means, none, keep, alias, draws, scale } = this;
    const size = into.length;
    let left = -1;
    // That the Poisson numbers are too many happens once in 30,000 times.
    while (left < 0) {
      left = draws;
      for (let i = 0; i < size; i++) {
        const k = random.poisson(means[i]!, none[i]);
        into[i] = k;
        left -= k;
      }
    }
    for (; left > 0; left--) {
      const at = random.uniform() * size;
      const i = Math.floor(at);
      into[at - i < keep[i]! ? i : alias[i]!]! += 1;
    }
    if (scale !== 1) for (let i = 0; i < size; i++) into[i]! *= scale;
  }
}

/** The table of aliases of a distribution, by M. D. Vose's method. */
function aliases(count: Float64Array, total: number): { keep: Float64Array; alias: Uint32Array } {
  const size = count.length;
  const keep = count.map((each) => (each / total) * size);
  const alias = Uint32Array.from({ length: size }, (_, i) => i);
  const under: number[] = [];
  const over: number[] = [];
  keep.forEach((share, i) => void (share < 1 ? under : over).push(i));
  while (under.length > 0 && over.length > 0) {
    const low = under.pop()!;
    const high = over.at(-1)!;
    alias[low] = high;
    keep[high]! -= 1 - keep[low]!;
    if (keep[high]! < 1) under.push(over.pop()!);
  }
  for (const i of [...under, ...over]) keep[i] = 1;
  return { keep, alias };
}
