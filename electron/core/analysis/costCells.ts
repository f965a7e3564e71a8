import { LabError } from '../errors.ts';
import { cellTokens, railNames, type Cell, type Profile, type Rail } from '../profile.ts';

/** A measured cell with the one quantity that a model is fitted to. */
export interface CostCell {
  readonly m: number;
  readonly n: number;
  /** mean over the trials: J or s of one query */
  readonly value: number;
  /** sample standard deviation over the trials, where known */
  readonly sd?: number;
  readonly trials: number;
  /** input plus output tokens, the mean over the trials */
  readonly tokens: number;
  /** in a profile of two sweeps: the axis that was varied */
  readonly sweep?: 'input' | 'output';
  /** the source says that the figure cannot be right */
  readonly doubted: boolean;
}

/** The energy of a rail that a profile lacks, as the user states it: factor × the rails `of` + W × runtime. */
export interface RailFill {
  readonly rail: Rail;
  /** measured rails whose energy it follows */
  readonly of?: readonly Rail[];
  /** by default 1 */
  readonly factor?: number;
  /** power drawn over the whole query, W */
  readonly watts?: number;
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

/** The energy above idle of a cell, by rail, where its profile has it. */
interface AboveIdle {
  readonly aboveIdleJ?: Readonly<Partial<Record<Rail | 'total', number>>> | undefined;
}

/**
 * The energy of each cell of a profile under a rule, J.
 * @throws LabError "incompatible" when a rail, or the energy above idle, is neither measured nor stated; "bad-profile"
 *   when an energy is not above 0 although its source does not doubt it
 */
export function energyCells(profile: Profile, rule: EnergyRule): CostCell[] {
  return profile.cells.map((cell) => {
    const value = ruledEnergy(profile, cell, rule) * (rule.pue ?? 1);
    if (!(value > 0 && Number.isFinite(value)) && cell.doubt === undefined) {
      throw new LabError(
        'bad-profile',
        `${profile.name} has an energy of ${value} J at m = ${cell.m}, n = ${cell.n}` +
          `${rule.rails === 'total' ? '' : ` over ${railNames(rule.rails)}`}, which no hardware can have.`,
        rule.idle === 'above-idle'
          ? 'Count gross energy, or state a lower idle power.'
          : 'Mend the cell, or choose a boundary without the rail concerned.',
      );
    }
    const whole = rule.rails === 'total' && rule.idle === 'gross' && rule.pue === undefined;
    return costCell(cell, value, whole ? cell.sdEnergyJ : scaledSd(cell, value));
  });
}

/** The standard deviation of part of the energy: in the proportion of the total's, which is all that is known. */
function scaledSd(cell: Cell, value: number): number | undefined {
  return cell.sdEnergyJ === undefined ? undefined : (cell.sdEnergyJ * Math.abs(value)) / cell.energyJ.total;
}

/** The runtime of each cell of a profile, s. */
export function runtimeCells(profile: Profile): CostCell[] {
  return profile.cells.map((cell) => costCell(cell, cell.runtimeS, cell.sdRuntimeS));
}

function costCell(cell: Cell, value: number, sd: number | undefined): CostCell {
  return {
    m: cell.m,
    n: cell.n,
    value,
    ...(sd === undefined ? {} : { sd }),
    trials: cell.trials,
    tokens: cellTokens(cell),
    ...(cell.sweep === undefined ? {} : { sweep: cell.sweep }),
    doubted: cell.doubt !== undefined,
  };
}

function ruledEnergy(profile: Profile, cell: Cell, rule: EnergyRule): number {
  const { aboveIdleJ } = cell as AboveIdle;
  const measuredAbove = rule.idle === 'above-idle' && aboveIdleJ !== undefined;
  const energies = measuredAbove ? aboveIdleJ : cell.energyJ;
  const energyOf = (rail: Rail): number => {
    const measured = energies[rail];
    if (measured !== undefined) return measured;
    const fill = rule.fills?.find((each) => each.rail === rail);
    if (fill === undefined) throw missingRail(profile, rail, measuredAbove);
    const followed = (fill.of ?? []).reduce((total, each) => {
      const part = energies[each];
      if (part === undefined) throw missingRail(profile, each, measuredAbove);
      return total + part;
    }, 0);
    return (fill.factor ?? 1) * followed + (fill.watts ?? 0) * cell.runtimeS;
  };
  const counted =
    rule.rails === 'total' ? totalOf(energies) : rule.rails.reduce((t, r) => t + energyOf(r), 0);
  if (rule.idle === 'gross' || measuredAbove) {
    if (counted === undefined) throw missingIdle(profile);
    return counted;
  }
  if (rule.idleWatts === undefined || counted === undefined) throw missingIdle(profile);
  return counted - rule.idleWatts * cell.runtimeS;
}

function totalOf(
  energies: Readonly<Partial<Record<Rail | 'total', number | undefined>>>,
): number | undefined {
  return energies.total;
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
