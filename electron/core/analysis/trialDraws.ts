import type { DrawnSystem } from './bootstrapPart.ts';
import type { RandomStream } from './randomStream.ts';

/** How the mean of a cell is drawn from its trials, energy and runtime together. */
export interface TrialDraw {
  readonly trials: number;
  /** energy and runtime of each trial less their means, J and s, one trial after the other */
  readonly deviations: Float64Array;
  /** standard error of the mean energy, J */
  readonly energyError: number;
  /** what a standard error of the energy moves the mean runtime by, s */
  readonly runtimeAlong: number;
  /** standard error of the mean runtime beyond that, s */
  readonly runtimeBeyond: number;
}

/** Of each cell how it is drawn from its trials; undefined where their own energies and runtimes are not both known. */
export function trialDraws({ energy, runtime }: DrawnSystem): (TrialDraw | undefined)[] {
  return Array.from(energy.spread.value, (_, i) => {
    const energies = energy.spread.deviations?.[i];
    const runtimes = runtime.spread.deviations?.[i];
    return energies === undefined || runtimes === undefined ? undefined : drawOf(energies, runtimes);
  });
}

/**
 * Of each cell the first one with the very same trials, often itself: a profile of two sweeps has the cell where they
 * meet in both of them, and what was measured once varies once. Of cells whose trials are not known nobody can tell.
 */
export function sameTrials({ cells, energy, runtime }: DrawnSystem): Int32Array {
  const key = (i: number): string | undefined => {
    const energies = energy.spread.deviations?.[i];
    const runtimes = runtime.spread.deviations?.[i];
    if (energies === undefined || runtimes === undefined) return undefined;
    const { m, n } = cells[i]!;
    return [m, n, energy.spread.value[i], runtime.spread.value[i], ...energies, ...runtimes].join(' ');
  };
  const firsts = new Map<string, number>();
  return Int32Array.from(cells, (_, i) => {
    const own = key(i);
    if (own === undefined) return i;
    const first = firsts.get(own) ?? i;
    firsts.set(own, first);
    return first;
  });
}

function drawOf(energies: Float64Array, runtimes: Float64Array): TrialDraw {
  const trials = energies.length;
  const deviations = new Float64Array(2 * trials);
  let energy = 0;
  let runtime = 0;
  let both = 0;
  for (let k = 0; k < trials; k++) {
    const e = energies[k]!;
    const r = runtimes[k]!;
    deviations[2 * k] = e;
    deviations[2 * k + 1] = r;
    energy += e * e;
    runtime += r * r;
    both += e * r;
  }
  // Cholesky's factor of the covariance of the means.
  const perMean = 1 / (trials * (trials - 1));
  const energyError = Math.sqrt(energy * perMean);
  const runtimeAlong = energyError > 0 ? (both * perMean) / energyError : 0;
  const runtimeBeyond = Math.sqrt(Math.max(0, runtime * perMean - runtimeAlong * runtimeAlong));
  return { trials, deviations, energyError, runtimeAlong, runtimeBeyond };
}

/** How far the drawn means of a cell are from the measured ones. */
export interface Moved {
  energyJ: number;
  runtimeS: number;
}

/**
 * Draws whole trials of a cell with replacement, as many as there are, so that the energy (with all its rails) and the
 * runtime of a trial stay together, and smooths their mean by a normal number with the covariance of the trials' mean
 * divided by their number. Without that the drawn means would vary too little, by (n − 1)/n, and of two or three trials
 * they would take a handful of values and never lie beyond the trials; with it they have exactly the covariance that is
 * known of the mean (B. W. Silverman and G. A. Young, "The bootstrap: to smooth or not to smooth?", Biometrika 74, 1987;
 * T. C. Hesterberg, "Unbiasing the Bootstrap: Bootknife Sampling vs. Smoothing", Section on Statistics and the
 * Environment, ASA, 2004).
 * @param into overwritten
 */
export function drawTrials(draw: TrialDraw, random: RandomStream, into: Moved): void {
  const { trials, deviations, energyError, runtimeAlong, runtimeBeyond } = draw;
  let energy = 0;
  let runtime = 0;
  for (let k = 0; k < trials; k++) {
    const at = 2 * Math.floor(random.uniform() * trials);
    energy += deviations[at]!;
    runtime += deviations[at + 1]!;
  }
  const z = random.normal();
  const smooth = 1 / Math.sqrt(trials);
  into.energyJ = energy / trials + smooth * energyError * z;
  into.runtimeS = runtime / trials + smooth * (runtimeAlong * z + runtimeBeyond * random.normal());
}
