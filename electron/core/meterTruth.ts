import { LabError } from './errors.ts';
import { totalOf, type EnergySample, type MeterInfo } from './meter.ts';
import type { MeterTruth } from './run.ts';
import { weightedQuantile } from './statistics.ts';

/** A window of a power meter is at least so many cadences long, so that its edges are a small part of it. */
const CADENCES = 20;
/** A counter that is read at the edges needs its energy to be this many of its least steps. */
const QUANTA = 100;
/** If more samples than this have no energy at all beside some that have, the meter publishes less often. */
const EMPTY = 0.3;
const FLOAT = 1e-9;
/** Windows are at least this long whatever the meter, s: a query of milliseconds alone varies with the scheduler. */
export const LEAST_WINDOW_S = 0.5;

/**
 * What a meter is worth, from samples of an idle machine.
 *
 * - Cadence: the median and the 95th percentile of the samples' lengths. Where a meter is read more often than it
 *   publishes, readings without any energy alternate with doubled ones; the cadence is then the time between those
 *   that have some.
 * - ± J of a window: an edge cuts a sample of which only the whole is known. Its energy may lie anywhere inside, so
 *   an edge is off by up to a cadence of the power's step, on average 1/√12 of it, and a window has two edges. The
 *   step is `stepW`; before anything has run the idle power stands for it.
 * - Counters are read at the edges themselves, so nothing is cut: their windows are off by one step of the counter
 *   at each edge, and need only be long enough to have many steps. An estimate has no error of this kind at all.
 *
 * @param samples of an idle machine, in time order, not overlapping
 * @param info what the meter says about itself
 * @param options `stepW`: power of the machine at work above idle; `overhead`: CPU of the meter, fraction of a core
 * @throws LabError "meter-lost" when no sample has an energy
 */
export function truthOf(
  samples: readonly EnergySample[],
  info: MeterInfo,
  { stepW, overhead }: { readonly stepW?: number; readonly overhead?: number } = {},
): MeterTruth {
  const measured = samples
    .map(({ startS, endS, energyJ }) => ({ startS, endS, energy: totalOf(energyJ) }))
    .filter((sample): sample is Reading => sample.energy !== undefined && sample.endS > sample.startS);
  if (measured.length === 0) {
    throw new LabError(
      'meter-lost',
      `${info.name} gave no energy while the machine was idle, so nothing can be measured with it.`,
      'Choose another meter; crossover doctor tells which ones are here.',
    );
  }
  const wholeS = measured.at(-1)!.endS - measured[0]!.startS;
  const coveredS = measured.reduce((total, { startS, endS }) => total + endS - startS, 0);
  const published = publications(measured);
  const alternates = published.length < measured.length;
  const lengths = published
    .map(({ startS, endS }) => [endS - startS, 1] as const)
    .sort((a, b) => a[0] - b[0]);
  const cadenceS = weightedQuantile(lengths, 0.5);
  const powers = published.map(({ startS, endS, energy }) => energy / (endS - startS));
  const meanW = powers.reduce((total, power) => total + power, 0) / powers.length;
  const idleSdW = Math.sqrt(
    powers.reduce((total, power) => total + (power - meanW) ** 2, 0) / Math.max(1, powers.length - 1),
  );
  const quantumJ = quantumOf(measured.map(({ energy }) => energy));

  let plusMinusJ = Math.SQRT2 * (cadenceS / Math.sqrt(12)) * Math.max(stepW ?? meanW, idleSdW);
  let shortestWindowS = CADENCES * cadenceS;
  if (info.estimate) {
    plusMinusJ = 0;
    shortestWindowS = 0;
  } else if (info.counters && !alternates) {
    plusMinusJ = Math.SQRT2 * (quantumJ ?? 0);
    shortestWindowS = Math.max(2 * cadenceS, meanW > 0 ? (QUANTA * (quantumJ ?? 0)) / meanW : 0);
  }
  return {
    cadenceS,
    cadenceP95S: weightedQuantile(lengths, 0.95),
    coverage: Math.min(1, coveredS / wholeS),
    ...(quantumJ === undefined ? {} : { quantumJ }),
    idleSdW,
    ...(overhead === undefined ? {} : { overhead }),
    plusMinusJ,
    shortestWindowS,
  };
}

interface Reading {
  readonly startS: number;
  readonly endS: number;
  readonly energy: number;
}

/** Readings joined so that each has an energy, where empty ones alternate with full ones. */
function publications(readings: readonly Reading[]): readonly Reading[] {
  const empty = readings.filter(({ energy }) => energy === 0).length;
  if (empty <= EMPTY * readings.length) return readings;
  if (readings.length - empty < 2) {
    // It publishes less often than once in all this time: how often is not known, but that it is no more often is.
    const energy = readings.reduce((total, reading) => total + reading.energy, 0);
    return [{ startS: readings[0]!.startS, endS: readings.at(-1)!.endS, energy }];
  }
  const joined: Reading[] = [];
  let fromS: number | undefined;
  for (const { startS, endS, energy } of readings) {
    fromS ??= startS;
    if (energy === 0) continue;
    joined.push({ startS: fromS, endS, energy });
    fromS = undefined;
  }
  // The first has no beginning: the counter may have been published long before.
  return joined.slice(1);
}

/** The least step of energies, where all of them are whole multiples of it. */
function quantumOf(energies: readonly number[]): number | undefined {
  const distinct = [...new Set(energies)].filter((energy) => energy > 0).sort((a, b) => a - b);
  const steps = distinct.map((energy, i) => energy - (distinct[i - 1] ?? 0)).filter((step) => step > FLOAT);
  const least = Math.min(...steps);
  if (distinct.length < 3 || !Number.isFinite(least)) return undefined;
  const whole = distinct.every((energy) => {
    const steps = energy / least;
    return Math.abs(steps - Math.round(steps)) < 0.02 && steps < 1e6;
  });
  return whole ? least : undefined;
}
