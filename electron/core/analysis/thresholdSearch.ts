import type { FamilySearch } from './bootstrapPart.ts';

/** Finds the best threshold of one family again and again, for other costs of the same pairs; allocates nothing then. */
export class ThresholdSearch {
  private readonly sums: Float64Array;

  constructor(private readonly search: FamilySearch) {
    const along = search.family === 'threshold-both' ? search.outputThresholds : search.thresholds;
    // The last bin holds what exceeds every threshold.
    this.sums = new Float64Array(along.length + 1);
  }

  /**
   * Writes the threshold of least cost at `at`, and after it that on output tokens where both must hold; of equals the
   * lowest.
   * @param difference what each pair's queries cost more on the small system
   */
  find(difference: Float64Array, into: Float64Array, at: number): void {
    const { search, sums } = this;
    sums.fill(0);
    if (search.family === 'threshold-both') {
      this.findBoth(search, difference, into, at);
      return;
    }
    const { binOf, thresholds } = search;
    for (let i = 0; i < difference.length; i++) sums[binOf[i]!]! += difference[i]!;
    let total = 0;
    let least = Infinity;
    let best = 0;
    for (let k = 0; k < thresholds.length; k++) {
      total += sums[k]!;
      if (total < least) {
        least = total;
        best = k;
      }
    }
    into[at] = thresholds[best]!;
    into[at + 1] = NaN;
  }

  /** Row by row of the thresholds on input tokens: pairs ascend with m, so that their sums by column grow. */
  private findBoth(
    { thresholds, outputThresholds, binOf, outputBinOf }: Extract<FamilySearch, { family: 'threshold-both' }>,
    difference: Float64Array,
    into: Float64Array,
    at: number,
  ): void {
    const { sums } = this;
    const columns = outputThresholds.length;
    let i = 0;
    let least = Infinity;
    for (let row = 0; row < thresholds.length; row++) {
      for (; i < difference.length && binOf[i]! <= row; i++) sums[outputBinOf[i]!]! += difference[i]!;
      let total = 0;
      for (let column = 0; column < columns; column++) {
        total += sums[column]!;
        if (total < least) {
          least = total;
          into[at] = thresholds[row]!;
          into[at + 1] = outputThresholds[column]!;
        }
      }
    }
  }
}
