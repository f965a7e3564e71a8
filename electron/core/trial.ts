import { z } from 'zod';
import { totalOf, type RailEnergy } from './meter.ts';
import { RAILS } from './profile.ts';

const railEnergySchema = z.partialRecord(z.enum(RAILS), z.number()) satisfies z.ZodType<RailEnergy>;

/** Why a trial is kept but left out of the means. */
export const FLAGS = [
  'warm-up',
  'coverage-below-95',
  'window-too-short',
  'background-load',
  'thermal-pressure',
  'power-source-changed',
  'slept',
  'cpu-zero-while-busy',
] as const;
export type Flag = (typeof FLAGS)[number];

/**
 * One trial: a window in which the same query ran once or several times. Times are s on the monotonic clock of the
 * run; energies and runtimes are per query: the mean over the window's repeats.
 */
export const trialSchema = z.strictObject({
  /** position in the run, from 0 */
  index: z.number().int().nonnegative(),
  m: z.number().int().positive(),
  n: z.number().int().positive(),
  /** queries inside the window */
  repeats: z.number().int().positive(),
  startS: z.number(),
  endS: z.number(),
  runtimeS: z.number().positive(),
  /** time to first token, mean over the repeats */
  firstTokenS: z.number().nonnegative(),
  /** gross energy of a query by rail */
  energyJ: railEnergySchema,
  /**
   * where there are repeats: whether the energy is that of the queries alone, or of the whole window with the pauses
   * between them, because the meter cannot tell them apart
   */
  energyOf: z.enum(['queries', 'window']).optional(),
  /** where there are repeats: time of the window in which no query ran, s */
  pausesS: z.number().nonnegative().optional(),
  /**
   * where the energy is that of several queries alone: start, first token and end of each, s from the window's start,
   * so that it can be computed anew from the samples
   */
  queries: z.array(z.tuple([z.number(), z.number(), z.number()])).optional(),
  /** energy above the idle baseline, where there is one; slightly negative within noise is possible */
  aboveIdleJ: railEnergySchema.optional(),
  /** gross energy of the phases of a query, where the window resolves them */
  prefillJ: railEnergySchema.optional(),
  decodeJ: railEnergySchema.optional(),
  /** share of the CPU energy that the engine caused, where the meter tells */
  cpuShare: z.number().min(0).max(1).optional(),
  /** what was added to the samples' times before the window was read, s; absent where the clocks agreed */
  clockShiftS: z.number().optional(),
  /** measured time over the window's length, 0 to 1 */
  coverage: z.number().min(0).max(1),
  /**
   * false where the engine does not tell how many input tokens came from a cache. That each prompt differs from all
   * before from its first token on is then all that speaks against one.
   */
  cacheTold: z.literal(false).optional(),
  flags: z.array(z.enum(FLAGS)),
  /** why the counts do not hold (wrong m or n, a cache): the trial is dropped from everything */
  fault: z.string().optional(),
});
export type Trial = z.output<typeof trialSchema>;

/** What becomes of a trial: counted in the means, kept and flagged, or dropped because its counts are wrong. */
export function trialFate(trial: Trial): 'valid' | 'flagged' | 'dropped' {
  if (trial.fault !== undefined) return 'dropped';
  return trial.flags.length === 0 ? 'valid' : 'flagged';
}

/** How many trials came to what; warm-ups, which are flagged by plan, are told apart from what went wrong. */
export interface TrialCounts {
  readonly valid: number;
  readonly warmUps: number;
  /** the others that are flagged */
  readonly flagged: number;
  readonly dropped: number;
}

export function countTrials(trials: readonly Trial[]): TrialCounts {
  const counts = { valid: 0, warmUps: 0, flagged: 0, dropped: 0 };
  for (const trial of trials) {
    const fate = trialFate(trial);
    counts[fate === 'flagged' && trial.flags.includes('warm-up') ? 'warmUps' : fate] += 1;
  }
  return counts;
}

/** Trials with one of them put in its place: instead of the one with the same index, or at the end. */
export function withTrial(trials: readonly Trial[], trial: Trial): Trial[] {
  const at = trials.findIndex(({ index }) => index === trial.index);
  return at < 0 ? [...trials, trial] : trials.with(at, trial);
}

/** Total energy of the queries of all trials, J, for a summary; undefined when no rail was measured. */
export function measuredEnergyJ(trials: readonly Trial[]): number | undefined {
  const energies = trials.map((trial) => {
    const total = totalOf(trial.energyJ);
    return total === undefined ? undefined : total * trial.repeats;
  });
  const known = energies.filter((energy) => energy !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, energy) => total + energy, 0);
}
