import { z } from 'zod';
import { formatCount } from './format.ts';
import { eachRail, RAILS, type Rail } from './rails.ts';
import { meanAndSd } from './statistics.ts';

/** What one trial of a cell had, energy in J and runtime in s, per query. */
export const trialValueSchema = z.strictObject({
  /** gross energy by rail, of exactly the rails of the cell; their sum is the trial's total */
  energyJ: z.strictObject(eachRail),
  /** what of it the query added to the idle computer, of exactly the rails of the cell's `aboveIdleJ` */
  aboveIdleJ: z.strictObject(eachRail).optional(),
  runtimeS: z.number().positive().finite(),
});
export type TrialValue = z.output<typeof trialValueSchema>;

/**
 * A cell with more trials keeps their means and standard deviations alone: the mean of so many is normal for all that an
 * interval can tell, so drawing it from its standard error says the same as their own values.
 */
export const MOST_TRIALS_OF_CELL = 500;
/** A profile keeps the values of so many trials, those of its cells with the fewest first, which need them most. */
export const MOST_TRIALS_OF_PROFILE = 10_000;
/** One trial is its own mean, and tells nothing about how trials vary. */
const FEWEST_TRIALS = 2;

/** The part of a cell that its trials' values must agree with. */
export interface CellOfTrials {
  readonly trials: number;
  readonly energyJ: EnergyByRail;
  readonly sdEnergyJ?: number | undefined;
  readonly aboveIdleJ?: EnergyByRail | undefined;
  readonly sdAboveIdleJ?: number | undefined;
  readonly runtimeS: number;
  readonly sdRuntimeS?: number | undefined;
  readonly trialValues?: readonly TrialValue[] | undefined;
}
type EnergyByRail = Readonly<Partial<Record<Rail | 'total', number | undefined>>>;

/** Figures come with six significant digits, so that means and standard deviations are those of the trials to these. */
const MEAN_TOLERANCE = 1e-4;
const SD_TOLERANCE = 1e-3;
/** of the largest value: what six digits leave of the difference of values that are much alike */
const SD_DIGITS = 1e-5;

/**
 * Where a cell's means, standard deviations or number of trials are not those of its trials' own values, a phrase;
 * undefined where they are, and where it has no such values.
 */
export function trialValuesFault(cell: CellOfTrials): string | undefined {
  const { trialValues, trials, energyJ, aboveIdleJ } = cell;
  if (trialValues === undefined) return undefined;
  if (trialValues.length !== trials) {
    return `it has the values of ${formatCount(trialValues.length)} trials, but says that there were ${formatCount(trials)}`;
  }
  const rails = railsOf(energyJ);
  const strange = trialValues.findIndex((trial) => railsOf(trial.energyJ).join() !== rails.join());
  if (strange >= 0) return `trial ${strange + 1} does not have the rails of the cell (${rails.join(', ')})`;
  const above = trialValues.filter((trial) => trial.aboveIdleJ !== undefined).length;
  const aboveRails = railsOf(aboveIdleJ ?? {});
  if (above > 0) {
    const odd = trialValues.findIndex(
      (trial) => railsOf(trial.aboveIdleJ ?? {}).join() !== aboveRails.join(),
    );
    if (odd >= 0) return `trial ${odd + 1} does not have the rails above idle of the cell`;
  }
  const values = (of: (trial: TrialValue) => number): number[] => trialValues.map(of);
  const sums = (energies: (trial: TrialValue) => EnergyByRail): number[] =>
    values((trial) => railsOf(energies(trial)).reduce((total, rail) => total + energies(trial)[rail]!, 0));
  const gross = (trial: TrialValue): EnergyByRail => trial.energyJ;
  const aboveIdle = (trial: TrialValue): EnergyByRail => trial.aboveIdleJ!;
  const hasTotalAbove = above > 0 && aboveIdleJ?.total !== undefined;
  return (
    rails
      .map((rail) =>
        meanFault(
          `the ${rail} energy`,
          energyJ[rail]!,
          values((trial) => trial.energyJ[rail]!),
        ),
      )
      .find(isFault) ??
    (above === 0
      ? undefined
      : aboveRails
          .map((rail) =>
            meanFault(
              `the ${rail} energy above idle`,
              aboveIdleJ![rail]!,
              values((trial) => trial.aboveIdleJ![rail]!),
            ),
          )
          .find(isFault)) ??
    meanFault(
      'the runtime',
      cell.runtimeS,
      values(({ runtimeS }) => runtimeS),
    ) ??
    sdFault('the energy', cell.sdEnergyJ, sums(gross)) ??
    (hasTotalAbove ? sdFault('the energy above idle', cell.sdAboveIdleJ, sums(aboveIdle)) : undefined) ??
    sdFault(
      'the runtime',
      cell.sdRuntimeS,
      values(({ runtimeS }) => runtimeS),
    )
  );
}

/** As many digits as figures come with. */
const digits = (value: number): string => String(Number(value.toPrecision(6)));

const isFault = (fault: string | undefined): boolean => fault !== undefined;

function meanFault(what: string, stated: number, values: readonly number[]): string | undefined {
  const { mean } = meanAndSd(values);
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), Math.abs(stated));
  return Math.abs(mean - stated) <= MEAN_TOLERANCE * scale
    ? undefined
    : `${what} of its trials has a mean of ${digits(mean)}, the cell says ${stated}`;
}

function sdFault(what: string, stated: number | undefined, values: readonly number[]): string | undefined {
  if (stated === undefined) return undefined;
  const { sd } = meanAndSd(values);
  if (sd === undefined) return `there is a standard deviation of ${what}, but one trial has none`;
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return Math.abs(sd - stated) <= SD_TOLERANCE * sd + SD_DIGITS * most
    ? undefined
    : `${what} of its trials has a standard deviation of ${digits(sd)}, the cell says ${stated}`;
}

function railsOf(energy: EnergyByRail): Rail[] {
  return RAILS.filter((rail) => energy[rail] !== undefined);
}

/**
 * Whether the energy of a cell can be had trial by trial.
 * @param idle which energy is counted: that above idle, where the cell has it, must be known of every trial
 */
export function hasTrialValues(
  { trialValues, aboveIdleJ }: Pick<CellOfTrials, 'trialValues' | 'aboveIdleJ'>,
  idle: 'gross' | 'above-idle',
): boolean {
  if (trialValues === undefined || trialValues.length < FEWEST_TRIALS) return false;
  return (
    idle === 'gross' ||
    aboveIdleJ === undefined ||
    trialValues.every((trial) => trial.aboveIdleJ !== undefined)
  );
}

/** How the means of a system's cells are drawn for intervals, in words. @param trials cells whose trials are known */
export function drawnWords(cells: number, trials: number): string {
  if (trials === 0) return 'means drawn from their standard errors';
  if (trials === cells) return 'trials resampled';
  return `trials resampled of ${formatCount(trials)} of ${formatCount(cells)} cells, the means of the others drawn from their standard errors`;
}

/**
 * The cells without those that say the same once more: a profile of two sweeps has the cell where they meet in both,
 * with the same trials where it was measured once.
 */
export function distinctMeasurements<C extends CellOfTrials & { readonly m: number; readonly n: number }>(
  cells: readonly C[],
): C[] {
  const known = new Set<string>();
  return cells.filter(({ m, n, trials, energyJ, sdEnergyJ, runtimeS, sdRuntimeS }) => {
    const key = JSON.stringify([m, n, trials, energyJ, sdEnergyJ, runtimeS, sdRuntimeS]);
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}

/** The trials of a profile's cells in words, and whether it holds their own values: "54 trials, each with its own values". */
export function trialsWords(
  all: readonly (CellOfTrials & { readonly m: number; readonly n: number })[],
): string {
  const cells = distinctMeasurements(all);
  const trials = cells.reduce((total, cell) => total + cell.trials, 0);
  const kept = cells.filter(({ trialValues }) => trialValues !== undefined).length;
  const how =
    kept === 0
      ? `means${cells.some(({ sdEnergyJ }) => sdEnergyJ !== undefined) ? ' and standard deviations' : ''} alone`
      : kept === cells.length
        ? 'each with its own values'
        : `with their own values in ${formatCount(kept)} of ${formatCount(cells.length)} cells`;
  return `${formatCount(trials)} ${trials === 1 ? 'trial' : 'trials'}, ${how}`;
}

/**
 * Leaves out the values of trials where there are too many to keep: of cells with more than `MOST_TRIALS_OF_CELL`, then
 * of those with the most until a profile has no more than `MOST_TRIALS_OF_PROFILE`. Means and standard deviations stay.
 * @returns the cells, and how many of them had the values of several trials that were left out
 */
export function keepTrialValues<C extends CellOfTrials>(
  cells: readonly C[],
): { readonly cells: C[]; readonly leftOut: number } {
  const sizes = cells.map(({ trialValues }) => trialValues?.length ?? 0);
  const order = sizes
    .map((size, index) => ({ size, index }))
    .filter(({ size }) => size >= FEWEST_TRIALS)
    .sort((a, b) => a.size - b.size || a.index - b.index);
  const keep = new Set<number>();
  let total = 0;
  for (const { size, index } of order) {
    if (size > MOST_TRIALS_OF_CELL || total + size > MOST_TRIALS_OF_PROFILE) break;
    total += size;
    keep.add(index);
  }
  return {
    cells: cells.map((cell, index) => (keep.has(index) ? cell : withoutValues(cell))),
    leftOut: order.length - keep.size,
  };
}

/** What a profile says where values of trials were left out. */
export function leftOutNote(leftOut: number): string {
  return (
    `${leftOut === 1 ? 'One cell keeps' : `${formatCount(leftOut)} cells keep`} the means and standard deviations of the trials ` +
    `and not each trial's own values, since a cell has more than ${MOST_TRIALS_OF_CELL} or the profile more than ` +
    `${formatCount(MOST_TRIALS_OF_PROFILE)}: the mean of so many trials is normal, so its standard error tells as much.`
  );
}

/** A profile as it was before profiles held the values of trials. */
export function withoutTrialValues<P extends { readonly cells: readonly CellOfTrials[] }>(profile: P): P {
  return { ...profile, cells: profile.cells.map(withoutValues) };
}

/** A profile made anew, in the form of one that was stored: without the values of trials where that has none. */
export function inFormOf<P extends { readonly cells: readonly CellOfTrials[] }>(
  made: P,
  stored: { readonly cells: readonly CellOfTrials[] },
): P {
  return stored.cells.some(({ trialValues }) => trialValues !== undefined) ? made : withoutTrialValues(made);
}

function withoutValues<C extends CellOfTrials>(cell: C): C {
  if (cell.trialValues === undefined) return cell;
  return Object.fromEntries(Object.entries(cell).filter(([name]) => name !== 'trialValues')) as unknown as C;
}
