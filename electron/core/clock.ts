import type { EnergySample, Span } from './meter.ts';
import { totalOf } from './meter.ts';

/** Samples closer together than this arrived in one go, s. */
const LATE_S = 0.25;
/** The part of a small lateness that is made up at each sample: slow enough for jitter, fast enough for drift. */
const CREEP = 0.02;

/**
 * Places samples that come as a stream on the clock of their receipt. A meter says how long each sample is, not
 * when it was; it can only have ended before it was received, and the next begins where it ended. So spans follow
 * one another by their own lengths; a receipt before the expected end pulls them back, a small delay is followed
 * slowly, a large one is a gap.
 */
export function receiptClock(): (lengthsS: readonly number[], receivedS: number) => Span[] {
  let endS: number | undefined;
  return (lengthsS, receivedS) => {
    if (lengthsS.length === 0) return [];
    const wholeS = lengthsS.reduce((total, length) => total + length, 0);
    let fromS = receivedS - wholeS;
    if (endS !== undefined) {
      const lateS = fromS - endS;
      if (lateS <= 0) fromS = endS;
      else if (lateS <= Math.max(LATE_S, 2 * lengthsS[0]!)) fromS = endS + lateS * CREEP;
    }
    // Squeezed where they would end after they were received: the energy stays, the time cannot.
    const scale = Math.min(1, Math.max(receivedS - fromS, 1e-6) / wholeS);
    return lengthsS.map((length) => {
      const startS: number = fromS;
      fromS = endS = startS + length * scale;
      return { startS, endS: fromS };
    });
  };
}

/** How far a meter's clock is from that of the windows. */
export interface ClockOffset {
  /** to be added to the samples' times, s; 0 where nothing speaks for a shift */
  readonly shiftS: number;
  /** half the width of the shifts that fit as well, s */
  readonly uncertaintyS: number;
  /** correlation of being busy with the power, −1 to 1: as the clocks are, and after the shift */
  readonly correlationBefore: number;
  readonly correlation: number;
  /**
   * 0 to 1: how far the shift is to be trusted. It is the correlation after the shift, less where another shift far
   * from it fits almost as well (windows at regular times do that).
   */
  readonly confidence: number;
}

/** A shift this close to the best, by its correlation, fits as well. */
const AS_GOOD = 0.01;
const STEPS_PER_SAMPLE = 20;

/**
 * Finds the delay between a meter's samples and windows of work by where their power is: the shift under which
 * being busy and drawing power go together best. It changes nothing; the caller decides, and says so.
 * @param samples in time order
 * @param busy windows in which the machine worked, in time order, not overlapping
 * @param mostS the longest shift that is looked for, either way
 * @returns undefined when there is nothing to go by: no window, no sample, or an even power
 */
export function estimateOffset(
  samples: readonly EnergySample[],
  busy: readonly Span[],
  mostS = 5,
): ClockOffset | undefined {
  const usable = samples.filter(
    (sample) => sample.endS > sample.startS && totalOf(sample.energyJ) !== undefined,
  );
  const lengths = usable.map((sample) => sample.endS - sample.startS).sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length / 2)];
  const correlationAt = correlator(usable, busy);
  if (usual === undefined || correlationAt === undefined) return undefined;

  const stepS = Math.min(usual / STEPS_PER_SAMPLE, mostS / 50);
  const steps = Math.ceil(mostS / stepS);
  const found = Array.from({ length: 2 * steps + 1 }, (_, i) => {
    const shiftS = (i - steps) * stepS;
    return { shiftS, correlation: correlationAt(shiftS) };
  });
  const best = found.reduce((a, b) => (b.correlation > a.correlation ? b : a));
  const fits = (index: number): boolean => found[index]!.correlation >= best.correlation - AS_GOOD;
  const peak = found.indexOf(best);
  let [from, to] = [peak, peak];
  while (from > 0 && fits(from - 1)) from -= 1;
  while (to < found.length - 1 && fits(to + 1)) to += 1;

  const before = correlationAt(0);
  const aside = 2 * usual;
  const rival = found.reduce(
    (most, { shiftS, correlation }) =>
      shiftS < found[from]!.shiftS - aside || shiftS > found[to]!.shiftS + aside
        ? Math.max(most, leaves(found, shiftS, stepS) ? correlation : -1)
        : most,
    -1,
  );
  const distinct = rival <= 0 ? 1 : Math.min(1, (2 * (best.correlation - rival)) / best.correlation);
  const alreadyFits = found[from]!.shiftS <= 0 && found[to]!.shiftS >= 0;
  return {
    shiftS: alreadyFits ? 0 : (found[from]!.shiftS + found[to]!.shiftS) / 2,
    uncertaintyS: (found[to]!.shiftS - found[from]!.shiftS) / 2 + stepS,
    correlationBefore: before,
    correlation: alreadyFits ? before : best.correlation,
    confidence: Math.max(0, best.correlation) * distinct,
  };
}

/** A shift is made only where it is trusted this much, */
const LEAST_CONFIDENCE = 0.8;
/** and where, less what it may be off by, it is more than this part of a sample. */
const LEAST_PART = 0.5;

/**
 * Whether an offset is one: trusted, and more than what samples of this length can tell.
 * @param cadenceS usual length of a sample
 */
export function isShift({ shiftS, uncertaintyS, confidence }: ClockOffset, cadenceS: number): boolean {
  return confidence >= LEAST_CONFIDENCE && Math.abs(shiftS) - uncertaintyS > LEAST_PART * cadenceS;
}

/** True at a local maximum: the flanks of the best peak are no rivals to it. */
function leaves(
  found: readonly { shiftS: number; correlation: number }[],
  shiftS: number,
  stepS: number,
): boolean {
  const index = Math.round((shiftS - found[0]!.shiftS) / stepS);
  const at = (i: number): number => found[i]?.correlation ?? -1;
  return at(index) >= at(index - 1) && at(index) >= at(index + 1);
}

/**
 * The correlation of "busy" with the power over the time that samples cover, as a function of the shift. Time of a
 * window that falls outside the samples counts as drawing the mean: it speaks neither for nor against.
 */
function correlator(
  samples: readonly EnergySample[],
  busy: readonly Span[],
): ((shiftS: number) => number) | undefined {
  const times: number[] = [];
  const energies: number[] = [];
  const covered: number[] = [];
  let energy = 0;
  let time = 0;
  let squares = 0;
  for (const { startS, endS, energyJ } of samples) {
    times.push(startS, endS);
    energies.push(energy, (energy += totalOf(energyJ)!));
    covered.push(time, (time += endS - startS));
    squares += totalOf(energyJ)! ** 2 / (endS - startS);
  }
  const mean = energy / time;
  const powerVariance = squares / time - mean * mean;
  const busyS = busy.reduce((total, { startS, endS }) => total + endS - startS, 0);
  const share = Math.min(1, busyS / time);
  const busyVariance = share * (1 - share);
  if (!(powerVariance > 1e-12 * mean * mean) || !(busyVariance > 0)) return undefined;

  const excessUntil = (atS: number): number => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= atS) low = middle + 1;
      else high = middle;
    }
    const excess = (index: number): number => energies[index]! - mean * covered[index]!;
    if (low === 0) return 0;
    if (low === times.length) return excess(low - 1);
    const part = (atS - times[low - 1]!) / (times[low]! - times[low - 1]!);
    return excess(low - 1) + part * (excess(low) - excess(low - 1));
  };
  return (shiftS) => {
    const excess = busy.reduce(
      (total, { startS, endS }) => total + excessUntil(endS - shiftS) - excessUntil(startS - shiftS),
      0,
    );
    return excess / time / Math.sqrt(powerVariance * busyVariance);
  };
}

/** Samples moved by a shift, s; energies stay. */
export function shifted(samples: readonly EnergySample[], shiftS: number): EnergySample[] {
  return samples.map((sample) => ({
    ...sample,
    startS: sample.startS + shiftS,
    endS: sample.endS + shiftS,
  }));
}
