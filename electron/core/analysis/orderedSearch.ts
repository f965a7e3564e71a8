import { bestBoxes, type BoxGrid } from './bothThresholds.ts';
import type { FamilySearch } from './bootstrapPart.ts';
import { ThresholdSearch } from './thresholdSearch.ts';

/** Writes the best thresholds of a family. @param differences of each level, see `OrderedSearch` */
export type Search = (differences: readonly Float64Array[], into: Float64Array, at: number) => void;

/** @param levels one fewer than there are systems */
export function searcher(search: FamilySearch, levels: number): Search {
  if (levels > 1) {
    const ordered = new OrderedSearch(search, levels);
    return (differences, into, at) => ordered.find(differences, into, at);
  }
  const single = new ThresholdSearch(search);
  return ([difference], into, at) => single.find(difference!, into, at);
}

/**
 * Finds the best ordered thresholds of one family again and again, for other costs of the same pairs: between two systems
 * as `ThresholdSearch` does, between more of them together, see `bestAxisRule` and `bestBothRule`.
 */
export class OrderedSearch {
  private readonly sums: Float64Array;
  private readonly least: Float64Array;
  private readonly next: Float64Array;
  /** of each level the best position at or below each */
  private readonly chosen: readonly Uint32Array[];
  private readonly grid: BoxGrid | undefined;

  /** @param levels one fewer than there are systems */
  constructor(
    private readonly search: FamilySearch,
    private readonly levels: number,
  ) {
    const size = search.thresholds.length;
    this.sums = new Float64Array(size + 1);
    this.least = new Float64Array(size);
    this.next = new Float64Array(size);
    this.chosen = Array.from({ length: levels }, () => new Uint32Array(size));
    this.grid = search.family === 'threshold-both' ? boxGrid(search) : undefined;
  }

  /**
   * Writes the thresholds of least cost from `at` on, ascending, and after them those on output tokens where both must
   * hold; of equals the lowest.
   * @param differences of each level what each pair's queries cost more on its system than on the next
   */
  find(differences: readonly Float64Array[], into: Float64Array, at: number): void {
    const { search, levels, grid } = this;
    if (search.family === 'threshold-both') {
      const { inputs, outputs } = bestBoxes(grid!, differences);
      for (let level = 0; level < levels; level++) {
        into[at + level] = search.thresholds[inputs[level]!]!;
        into[at + levels + level] = search.outputThresholds[outputs[level]!]!;
      }
      return;
    }
    this.findAlong(differences);
    let limit = search.thresholds.length - 1;
    for (let level = levels - 1; level >= 0; level--) {
      limit = this.chosen[level]![limit]!;
      into[at + level] = search.thresholds[limit]!;
      into[at + levels + level] = NaN;
    }
  }

  /** Level by level the least cost with the last threshold at or below each position. */
  private findAlong(differences: readonly Float64Array[]): void {
    const { sums, least, next, chosen, search } = this;
    least.fill(0);
    for (let level = 0; level < differences.length; level++) {
      const difference = differences[level]!;
      const at = chosen[level]!;
      sums.fill(0);
      for (let i = 0; i < difference.length; i++) sums[search.binOf[i]!]! += difference[i]!;
      let total = 0;
      for (let k = 0; k < next.length; k++) {
        total += sums[k]!;
        const cost = total + least[k]!;
        const better = k === 0 || cost < next[k - 1]!;
        next[k] = better ? cost : next[k - 1]!;
        at[k] = better ? k : at[k - 1]!;
      }
      least.set(next);
    }
  }
}

/** The first threshold of each axis takes nothing, so that rows and columns begin with the second. */
function boxGrid({
  thresholds,
  outputThresholds,
  binOf,
  outputBinOf,
}: Extract<FamilySearch, { family: 'threshold-both' }>): BoxGrid {
  const starts = new Uint32Array(thresholds.length);
  binOf.forEach((bin, i) => {
    if (bin < thresholds.length) starts[bin] = i + 1;
  });
  // A row without pairs begins where the one before ends.
  for (let row = 1; row < starts.length; row++) starts[row] = Math.max(starts[row]!, starts[row - 1]!);
  return {
    starts,
    columns: outputThresholds.length - 1,
    columnOf: outputBinOf.map((bin) => bin - 1),
  };
}
