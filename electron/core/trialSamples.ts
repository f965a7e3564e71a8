import { energyIn, totalOf, type EnergySample, type RailEnergy, type Span } from './meter.ts';
import { RAILS, type Rail } from './profile.ts';
import type { Trial } from './trial.ts';

/** A raw sample beside a window: its power, and how much of it lies inside. */
export interface SampleRow {
  readonly startS: number;
  readonly endS: number;
  readonly energyJ: RailEnergy;
  /** mean power over the sample by rail, W */
  readonly powerW: RailEnergy;
  /** part of the sample inside the window, 0 to 1: so much of its energy counts */
  readonly share: number;
}

/**
 * The samples that a window was read from, in time order.
 * @param samples of the window and around it
 */
export function sampleRows(samples: readonly EnergySample[], window: Span): SampleRow[] {
  return samples.flatMap(({ startS, endS, energyJ }) => {
    const overlapS = Math.min(endS, window.endS) - Math.max(startS, window.startS);
    if (!(overlapS > 0)) return [];
    const powerW: RailEnergy = {};
    for (const rail of RAILS) {
      if (energyJ[rail] !== undefined) powerW[rail] = energyJ[rail] / (endS - startS);
    }
    return [{ startS, endS, energyJ, powerW, share: overlapS / (endS - startS) }];
  });
}

/** One energy of a trial, computed anew from the raw samples. */
export interface EnergyCheck {
  readonly what: 'gross' | 'prefill' | 'decode';
  readonly rails: readonly {
    readonly rail: Rail;
    /** of the whole window, from the samples, J */
    readonly windowJ: number;
    /** of a query: the window's, divided by its repeats, J */
    readonly queryJ: number;
    /** as the trial has it, J; undefined where it has none */
    readonly storedJ: number | undefined;
  }[];
  /** of all rails, J a query */
  readonly queryJ: number | undefined;
  readonly storedJ: number | undefined;
  readonly addsUp: boolean;
}

/** What a sum may be off by because numbers have 16 digits and clocks count from the start of the computer. */
const ROUNDING = { share: 1e-6, joules: 1e-7 };

/**
 * Computes the energies of a trial anew from its samples, by proportional overlap, and compares them with what is
 * stored. The phases are compared where the window holds a single query: of several, the trial has only their sums.
 * @param samples at least those that overlap the window, in time order
 */
export function checkEnergies(trial: Trial, samples: readonly EnergySample[]): EnergyCheck[] {
  const { startS, endS, firstTokenS, repeats } = trial;
  const window = { startS, endS };
  const checks = [check('gross', trial.energyJ, energyIn(samples, window).energyJ, repeats)];
  if (repeats === 1) {
    const betweenS = startS + firstTokenS;
    for (const [what, stored, span] of [
      ['prefill', trial.prefillJ, { startS, endS: betweenS }],
      ['decode', trial.decodeJ, { startS: betweenS, endS }],
    ] as const) {
      if (stored !== undefined) checks.push(check(what, stored, energyIn(samples, span).energyJ, 1));
    }
  }
  return checks;
}

function check(
  what: EnergyCheck['what'],
  stored: RailEnergy,
  window: RailEnergy,
  repeats: number,
): EnergyCheck {
  const rails = RAILS.filter((rail) => window[rail] !== undefined || stored[rail] !== undefined).map(
    (rail) => ({
      rail,
      windowJ: window[rail] ?? NaN,
      queryJ: (window[rail] ?? NaN) / repeats,
      storedJ: stored[rail],
    }),
  );
  const total = totalOf(window);
  return {
    what,
    rails,
    queryJ: total === undefined ? undefined : total / repeats,
    storedJ: totalOf(stored),
    addsUp: rails.every(({ queryJ, storedJ }) => storedJ !== undefined && near(queryJ, storedJ)),
  };
}

const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(ROUNDING.joules, ROUNDING.share * Math.abs(b));
