/** A reading that comes later than five usual intervals, and by more than this, leaves a gap. */
const LATE_S = 0.5;
const REMEMBERED = 31;

/** What `readingLengths` says of a reading that begins a log, and of one whose time is not after the one before. */
export const FIRST_READING = 0;
export const LEFT_OUT = -1;

/**
 * How long each reading of a power stands for: the time since the one before, or after a gap a usual interval, not
 * the time in which nobody looked. The first reading stands for as long as the second.
 * @returns a function from a reading's time to its length, s; `FIRST_READING` or `LEFT_OUT` where it has none
 */
export function readingLengths(): (atS: number) => number {
  const recent = new Float64Array(REMEMBERED);
  let remembered = 0;
  let last: number | undefined;
  const usual = (): number => {
    const known = recent.slice(0, Math.min(remembered, REMEMBERED)).sort();
    return known[Math.floor(known.length / 2)]!;
  };
  return (atS) => {
    if (last === undefined) {
      last = atS;
      return FIRST_READING;
    }
    const step = atS - last;
    if (!(step > 0)) return LEFT_OUT;
    last = atS;
    // Most steps are too short to be late whatever is usual, and so need no median.
    if (step > LATE_S && remembered > 0) {
      const usually = usual();
      if (step > 5 * usually && step - usually > LATE_S) return usually;
    }
    recent[remembered % REMEMBERED] = step;
    remembered += 1;
    return step;
  };
}
