import { LabError } from '../errors.ts';
import { cellTokens, railNames, RAILS, type Cell, type Profile, type Rail } from '../profile.ts';
import { meanAndSd } from '../statistics.ts';
import { hasTrialValues, type TrialValue } from '../trialValues.ts';

/** A measured cell with the one quantity that a model is fitted to. */
export interface CostCell {
  readonly m: number;
  readonly n: number;
  /** mean over the trials: J or s of one query */
  readonly value: number;
  /** sample standard deviation over the trials, where known */
  readonly sd?: number;
  /** each trial's own value, J or s, where they are known: at least two; `sd` is theirs */
  readonly trialValues?: Float64Array;
  readonly trials: number;
  /** input plus output tokens, the mean over the trials */
  readonly tokens: number;
  /** in a profile of two sweeps: the axis that was varied */
  readonly sweep?: 'input' | 'output';
  /** the source says that the figure cannot be right */
  readonly doubted: boolean;
}

/** The energy of a rail that a profile lacks, as the user states it: Σ factor × measured rail + W × runtime. */
export interface RailFill {
  readonly rail: Rail;
  /** measured rails whose energy it follows, each with its factor */
  readonly of?: Readonly<Partial<Record<Rail, number>>> | undefined;
  /** power drawn over the whole query, W */
  readonly watts?: number | undefined;
}

/** Which energy of a profile counts. */
export interface EnergyRule {
  /** `total`: everything that the profile has */
  readonly rails: readonly Rail[] | 'total';
  readonly idle: 'gross' | 'above-idle';
  /** stated energies of rails that the profile lacks */
  readonly fills?: readonly RailFill[];
  /** power drawn when idle, W, as the user states it: taken off where the profile has no energy above idle */
  readonly idleWatts?: number;
  /** power usage effectiveness of the place, at least 1: energy is multiplied by it */
  readonly pue?: number;
}

/**
 * The energy of each cell of a profile under a rule, J.
 * @throws LabError "incompatible" when a rail, or the energy above idle, is neither measured nor stated; "bad-profile"
 *   when an energy is not above 0 although its source does not doubt it. A measured energy above idle may be: the noise
 *   of the baseline; such a cell counts as doubted
 */
export function energyCells(profile: Profile, rule: EnergyRule): CostCell[] {
  return profile.cells.map((cell) => {
    const value = ruledEnergy(profile, cell, rule) * (rule.pue ?? 1);
    const noise = hasAboveIdle(cell, rule) && !(value > 0);
    if (!(value > 0 && Number.isFinite(value)) && cell.doubt === undefined && !noise) {
      throw new LabError(
        'bad-profile',
        `${profile.name} has an energy of ${value} J at m = ${cell.m}, n = ${cell.n}` +
          `${rule.rails === 'total' ? '' : ` over ${railNames(rule.rails)}`}, which no hardware can have.`,
        rule.idle === 'above-idle'
          ? 'Count gross energy, or state a lower idle power.'
          : 'Mend the cell, or choose a boundary without the rail concerned.',
      );
    }
    const trials = trialEnergies(profile, cell, rule);
    const made = costCell(cell, value, trials ?? energySd(cell, value, rule));
    return noise ? { ...made, doubted: true } : made;
  });
}

/**
 * The energy of each trial under a rule, J.
 * @returns undefined where the trials' own values are not known, or do not tell what is counted
 */
function trialEnergies(profile: Profile, cell: Cell, rule: EnergyRule): Float64Array | undefined {
  if (!hasTrialValues(cell, rule.idle)) return undefined;
  return Float64Array.from(cell.trialValues!, ({ energyJ, aboveIdleJ, runtimeS }) => {
    const isWhole = RAILS.every((rail) => energyJ[rail] === undefined || aboveIdleJ?.[rail] !== undefined);
    const above = aboveIdleJ && { ...aboveIdleJ, total: isWhole ? sumOf(aboveIdleJ) : undefined };
    const trial = { energyJ: { ...energyJ, total: sumOf(energyJ) }, aboveIdleJ: above, runtimeS };
    return ruledEnergy(profile, trial, rule) * (rule.pue ?? 1);
  });
}

/** Sum of the rails that a trial has. */
function sumOf(energyJ: TrialValue['energyJ']): number {
  return RAILS.reduce((total, rail) => total + (energyJ[rail] ?? 0), 0);
}

/**
 * The standard deviation of what is counted: of a part of the total in its proportion, which is all that is known. An idle
 * power as it is stated does not vary, so what it takes away takes nothing of the spread.
 */
function energySd(cell: Cell, value: number, rule: EnergyRule): number | undefined {
  const measuredAbove = hasAboveIdle(cell, rule);
  const [sd, total] = measuredAbove
    ? [cell.sdAboveIdleJ, cell.aboveIdleJ!.total]
    : [cell.sdEnergyJ, cell.energyJ.total];
  const stated =
    rule.idle === 'above-idle' && !measuredAbove
      ? (rule.idleWatts ?? 0) * cell.runtimeS * (rule.pue ?? 1)
      : 0;
  const counted = value + stated;
  if (sd === undefined || total === undefined) return undefined;
  if (counted === total) return sd;
  return total === 0 ? undefined : (sd * Math.abs(counted)) / Math.abs(total);
}

/** The runtime of each cell of a profile, s. */
export function runtimeCells(profile: Profile): CostCell[] {
  return profile.cells.map((cell) => {
    const trials = hasTrialValues(cell, 'gross')
      ? Float64Array.from(cell.trialValues!, ({ runtimeS }) => runtimeS)
      : undefined;
    return costCell(cell, cell.runtimeS, trials ?? cell.sdRuntimeS);
  });
}

/** @param spread the trials' own values, else their standard deviation, where known */
function costCell(cell: Cell, value: number, spread: Float64Array | number | undefined): CostCell {
  const trialValues = typeof spread === 'object' ? spread : undefined;
  const sd = typeof spread === 'object' ? meanAndSd(spread).sd : spread;
  return {
    m: cell.m,
    n: cell.n,
    value,
    ...(sd === undefined ? {} : { sd }),
    ...(trialValues === undefined ? {} : { trialValues }),
    trials: cell.trials,
    tokens: cellTokens(cell),
    ...(cell.sweep === undefined ? {} : { sweep: cell.sweep }),
    doubted: cell.doubt !== undefined,
  };
}

/** What a cell, or one trial of it, has to be counted. */
type Counted = Pick<Cell, 'energyJ' | 'aboveIdleJ' | 'runtimeS'>;

function ruledEnergy(profile: Profile, cell: Counted, rule: EnergyRule): number {
  const measuredAbove = hasAboveIdle(cell, rule);
  const energies = measuredAbove ? cell.aboveIdleJ! : cell.energyJ;
  const energyOf = (rail: Rail): number => {
    const measured = energies[rail];
    if (measured !== undefined) return measured;
    const fill = rule.fills?.find((each) => each.rail === rail);
    if (fill === undefined) throw missingRail(profile, rail, measuredAbove);
    let energy = (fill.watts ?? 0) * cell.runtimeS;
    for (const each of RAILS) {
      const factor = fill.of?.[each];
      if (factor === undefined) continue;
      const part = energies[each];
      if (part === undefined) throw missingRail(profile, each, measuredAbove);
      energy += factor * part;
    }
    return energy;
  };
  const { rails } = rule;
  // All that a profile has is its total, which its source published with digits of its own.
  const counted =
    rails === 'total' || RAILS.every((rail) => rails.includes(rail) === profile.rails.includes(rail))
      ? energies.total
      : rails.reduce((total, rail) => total + energyOf(rail), 0);
  if (rule.idle === 'gross' || measuredAbove) {
    if (counted === undefined) throw missingIdle(profile);
    return counted;
  }
  if (rule.idleWatts === undefined || counted === undefined) throw missingIdle(profile);
  return counted - rule.idleWatts * cell.runtimeS;
}

/** Whether the energy above idle is asked for and was measured. */
function hasAboveIdle(cell: Counted, rule: EnergyRule): boolean {
  return rule.idle === 'above-idle' && cell.aboveIdleJ !== undefined;
}

function missingRail(profile: Profile, rail: Rail, aboveIdle: boolean): LabError {
  return new LabError(
    'incompatible',
    `${profile.name} has no energy of ${railNames([rail])}${aboveIdle ? ' above idle' : ''}, which the comparison counts.`,
    `It has ${railNames(profile.rails)}. Choose "like-for-like", or state what the missing rail draws.`,
  );
}

function missingIdle(profile: Profile): LabError {
  return new LabError(
    'incompatible',
    `${profile.name} does not say what its energy above idle is.`,
    'Count gross energy, or state its idle power in W.',
  );
}
