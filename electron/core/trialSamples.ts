import { energyIn, totalOf, type EnergySample, type RailEnergy, type Span } from './meter.ts';
import { RAILS, type Rail } from './profile.ts';
import type { Trial } from './trial.ts';

/** A raw sample beside a window: its power, and how much of it counts. */
export interface SampleRow {
  readonly startS: number;
  readonly endS: number;
  readonly energyJ: RailEnergy;
  /** mean power over the sample by rail, W */
  readonly powerW: RailEnergy;
  /** part of the sample inside the spans that count, 0 to 1: so much of its energy counts */
  readonly share: number;
}

/** Samples as a trial saw them: on the clock of its window, where the meter's had been found to be off. */
export function onTrialClock({ clockShiftS = 0 }: Trial, samples: readonly EnergySample[]): EnergySample[] {
  return samples.map((sample) => ({
    ...sample,
    startS: sample.startS + clockShiftS,
    endS: sample.endS + clockShiftS,
  }));
}

/**
 * The spans whose energy a trial counts: its window, or its queries without the pauses between them.
 * @returns undefined where those are counted and the trial does not say where they lie
 */
export function countedSpans(
  trial: Trial,
  phase: 'gross' | 'prefill' | 'decode' = 'gross',
): Span[] | undefined {
  const { startS, endS, firstTokenS, repeats, energyOf, queries } = trial;
  const spanOf = ([fromS, tokenS, toS]: readonly [number, number, number]): Span => ({
    startS: startS + (phase === 'decode' ? tokenS : fromS),
    endS: startS + (phase === 'prefill' ? tokenS : toS),
  });
  if (queries !== undefined) return queries.map(spanOf);
  if (repeats === 1) return [spanOf([0, firstTokenS, endS - startS])];
  return energyOf === 'queries' || phase !== 'gross' ? undefined : [{ startS, endS }];
}

/**
 * The samples of a window, in time order.
 * @param samples of the window and around it, on the trial's clock (see `onTrialClock`)
 */
export function sampleRows(trial: Trial, samples: readonly EnergySample[]): SampleRow[] {
  const counted = countedSpans(trial) ?? [trial];
  return samples.flatMap(({ startS, endS, energyJ }) => {
    if (!(overlapS({ startS, endS }, trial) > 0)) return [];
    const powerW: RailEnergy = {};
    for (const rail of RAILS) {
      if (energyJ[rail] !== undefined) powerW[rail] = energyJ[rail] / (endS - startS);
    }
    const insideS = counted.reduce((total, span) => total + overlapS({ startS, endS }, span), 0);
    return [{ startS, endS, energyJ, powerW, share: Math.min(1, insideS / (endS - startS)) }];
  });
}

const overlapS = (a: Span, b: Span): number =>
  Math.max(0, Math.min(a.endS, b.endS) - Math.max(a.startS, b.startS));

/** One energy of a trial, computed anew from the raw samples. */
export interface EnergyCheck {
  readonly what: 'gross' | 'prefill' | 'decode';
  readonly rails: readonly {
    readonly rail: Rail;
    /** of everything in the window that counts, from the samples, J; undefined where a sample lacks the rail */
    readonly countedJ: number | undefined;
    /** of a query: the same, divided by the repeats, J */
    readonly queryJ: number | undefined;
    /** as the trial has it, J; undefined where it has none */
    readonly storedJ: number | undefined;
  }[];
  /** of all rails, J a query */
  readonly queryJ: number | undefined;
  readonly storedJ: number | undefined;
  /** undefined where it cannot be told: pauses are left out, and where they lie is not stored */
  readonly addsUp: boolean | undefined;
}

/** What a sum may be off by because numbers have 16 digits and clocks count from the start of the computer. */
const ROUNDING = { share: 1e-6, joules: 1e-7 };

/**
 * Computes the energies of a trial anew from its samples, by proportional overlap, and compares them with what is
 * stored: the gross energy first, then those of the phases that the trial has and whose places it tells.
 * @param samples at least those that overlap the window, in time order, on the trial's clock (see `onTrialClock`)
 */
export function checkEnergies(trial: Trial, samples: readonly EnergySample[]): EnergyCheck[] {
  const gross = countedSpans(trial);
  const found = [check('gross', trial, trial.energyJ, samples, gross ?? [trial])];
  if (gross === undefined) return found.map((each) => ({ ...each, addsUp: undefined }));
  for (const what of ['prefill', 'decode'] as const) {
    const stored = what === 'prefill' ? trial.prefillJ : trial.decodeJ;
    const spans = countedSpans(trial, what);
    if (stored !== undefined && spans !== undefined) found.push(check(what, trial, stored, samples, spans));
  }
  return found;
}

function check(
  what: EnergyCheck['what'],
  { repeats }: Trial,
  stored: RailEnergy,
  samples: readonly EnergySample[],
  spans: readonly Span[],
): EnergyCheck {
  const parts = spans.map((span) => energyIn(samples, span).energyJ);
  const sumOf = (rail: Rail): number | undefined =>
    parts.reduce<number | undefined>((total, part) => {
      const own = part[rail];
      return total === undefined || own === undefined ? undefined : total + own;
    }, 0);
  const rails = RAILS.map((rail) => ({ rail, countedJ: sumOf(rail), storedJ: stored[rail] }))
    .filter(({ countedJ, storedJ }) => countedJ !== undefined || storedJ !== undefined)
    .map((each) => ({
      ...each,
      queryJ: each.countedJ === undefined ? undefined : each.countedJ / repeats,
    }));
  return {
    what,
    rails,
    queryJ: totalOf(Object.fromEntries(rails.map(({ rail, queryJ }) => [rail, queryJ]))),
    storedJ: totalOf(stored),
    addsUp: rails.length > 0 && rails.every(({ queryJ, storedJ }) => near(queryJ, storedJ)),
  };
}

const near = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  Math.abs(a - b) <= Math.max(ROUNDING.joules, ROUNDING.share * Math.abs(b));
