import { z } from 'zod';
import { formatWithin } from './digits.ts';
import { energyReadout, formatCount, timeReadout, timesTogether, type Readout } from './format.ts';
import { QUANTITIES, type QuantityName } from './profile.ts';
import { joules, type Joules } from './units.ts';
import { queryCount, type Workload } from './workload.ts';

/**
 * Units as the user likes them, for the window alone: what is stored, exported and reported keeps its own units, so
 * that a file means the same to everyone. Only what is shown is converted, and never what it was converted from.
 */

const JOULES_PER = { J: 1, Wh: 3600, kWh: 3.6e6 } as const;
export type EnergyUnit = keyof typeof JOULES_PER;
export const ENERGY_UNITS: readonly EnergyUnit[] = ['J', 'Wh', 'kWh'];

/** What a study's energies and runtimes are given for. */
export const BASES = ['workload', 'query', 'thousand-queries', 'token'] as const;
export type Basis = (typeof BASES)[number];

export const displayUnitsSchema = z.strictObject({
  /** automatic: by size, and in the unit that is usual at each place */
  energy: z.enum(['automatic', 'J', 'Wh', 'kWh']),
  basis: z.enum(BASES),
  /** plain: 1,234.5 as in reports; system: as the computer's language writes it */
  numbers: z.enum(['plain', 'system']),
});
export type DisplayUnits = z.output<typeof displayUnitsSchema>;

export const DEFAULT_UNITS: DisplayUnits = { energy: 'automatic', basis: 'workload', numbers: 'plain' };

/** An energy in another unit. */
export function toUnit(energy: Joules, unit: EnergyUnit): number {
  return energy / JOULES_PER[unit];
}

/** The energy that a number of units is. */
export function fromUnit(value: number, unit: EnergyUnit): Joules {
  return joules(value * JOULES_PER[unit]);
}

/** The unit of a place whose own is `usual`. */
export function unitAt({ energy }: Pick<DisplayUnits, 'energy'>, usual: EnergyUnit): EnergyUnit {
  return energy === 'automatic' ? usual : energy;
}

/**
 * One energy as it is read: by its size, or in the unit that was chosen.
 * @param significant digits without an interval
 * @param halfJ half the width of its interval, J: the digits are then those that it supports
 */
export function energyIn(
  units: Pick<DisplayUnits, 'energy'>,
  energyJ: number,
  significant = 4,
  halfJ?: number,
): Readout {
  const unit = unitAt(units, energyReadout(energyJ).unit as EnergyUnit);
  const half = halfJ === undefined ? undefined : toUnit(joules(halfJ), unit);
  return { number: formatWithin(toUnit(joules(energyJ), unit), half, significant), unit };
}

/** How values of a quantity are shown: its name, its unit, and what a value in J or s is multiplied by. */
export interface ShownQuantity {
  readonly label: string;
  /** of an axis, with the unit */
  readonly title: string;
  readonly unit: string;
  readonly scale: number;
}

/** A quantity of cells, whose energies are in J by themselves. */
export function shownQuantity(units: Pick<DisplayUnits, 'energy'>, quantity: QuantityName): ShownQuantity {
  const { label, unit: own } = QUANTITIES[quantity];
  if (quantity !== 'energy' && quantity !== 'energyPerToken')
    return { label, title: `${label}, ${own}`, unit: own, scale: 1 };
  const unit = unitAt(units, 'J');
  const named = quantity === 'energy' ? unit : `${unit}/token`;
  return { label, title: `${label}, ${named}`, unit: named, scale: 1 / JOULES_PER[unit] };
}

/** Every quantity of cells by its name and unit, to be chosen from. */
export function quantitiesIn(
  units: Pick<DisplayUnits, 'energy'>,
): readonly { readonly value: QuantityName; readonly label: string }[] {
  return (Object.keys(QUANTITIES) as QuantityName[]).map((value) => {
    return { value, label: shownQuantity(units, value).title };
  });
}

/** The ends of a value's interval, in its unit. */
type Interval = readonly [low: number, high: number];

/** How a study's energies and runtimes are shown. */
export interface StudyUnits {
  /** what one value is for: "of the workload", "per query" */
  readonly of: string;
  /** an energy of the whole workload, J, as it is read, with the digits that its interval supports */
  readonly energy: (energyJ: number, interval?: Interval) => Readout;
  /** a runtime of the whole workload, s, as it is read, with the digits that its interval supports */
  readonly time: (timeS: number, interval?: Interval) => Readout;
  /** two runtimes of the whole workload, s, in the one unit that suits the shorter */
  readonly times: (a: number, b: number) => readonly [Readout, Readout];
  /**
   * The one unit of a column or an axis, and what a value of the whole workload, in J or s, is multiplied by.
   * @param largest of the values, J or s
   */
  readonly column: (quantity: 'energy' | 'runtime', largest: number) => ShownQuantity;
}

const PER: Readonly<Record<Basis, { of: () => string; suffix: () => string }>> = {
  workload: { of: () => 'of the workload', suffix: () => '' },
  query: { of: () => 'per query', suffix: () => '/query' },
  'thousand-queries': {
    of: () => `per ${formatCount(1000)} queries`,
    suffix: () => `/${formatCount(1000)} queries`,
  },
  token: { of: () => 'per token', suffix: () => '/token' },
};

const SECONDS_PER: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, days: 86_400 };

/**
 * A study's energies and runtimes in the units and on the basis that were chosen. A token is an input or an output
 * token alike.
 * @param workload that the totals are of
 */
export function studyUnits(units: DisplayUnits, workload: Pick<Workload, 'pairs'>): StudyUnits {
  const share = 1 / basisSize(units.basis, workload);
  const of = PER[units.basis].of();
  const suffix = PER[units.basis].suffix();
  const half = (interval: Interval | undefined): number | undefined =>
    interval === undefined ? undefined : (share * (interval[1] - interval[0])) / 2;
  const named = ({ number, unit }: Readout): Readout => ({ number, unit: `${unit}${suffix}` });
  return {
    of,
    energy: (energyJ, interval) => named(energyIn(units, energyJ * share, 4, half(interval))),
    time: (timeS, interval) => {
      const { unit } = timeReadout(timeS * share);
      const inUnit = (value: number | undefined): number | undefined =>
        value === undefined ? undefined : value / SECONDS_PER[unit]!;
      return named({ number: formatWithin(inUnit(timeS * share)!, inUnit(half(interval)), 3), unit });
    },
    times: (a, b) => {
      const [first, second] = timesTogether(a * share, b * share);
      return [named(first), named(second)];
    },
    column: (quantity, largest) => {
      const whole = units.basis === 'workload';
      const made = (unit: string, size: number): ShownQuantity => ({
        label: `${quantity} ${of}`,
        title: `${quantity} ${of}, ${unit}`,
        unit: `${unit}${suffix}`,
        scale: share / size,
      });
      if (quantity === 'energy') {
        // The totals of a workload are usually given in kWh, as in the paper.
        const usual = whole ? 'kWh' : (energyReadout(largest * share).unit as EnergyUnit);
        const unit = unitAt(units, usual);
        return made(unit, JOULES_PER[unit]);
      }
      const unit = whole ? 'h' : timeReadout(largest * share).unit;
      return made(unit, SECONDS_PER[unit]!);
    },
  };
}

/** How many of a basis a workload has: 1 workload, so many queries, thousands of queries, tokens. */
export function basisSize(basis: Basis, workload: Pick<Workload, 'pairs'>): number {
  switch (basis) {
    case 'workload':
      return 1;
    case 'query':
      return queryCount(workload);
    case 'thousand-queries':
      return queryCount(workload) / 1000;
    case 'token':
      return workload.pairs.reduce((total, [m, n, count]) => total + (m + n) * count, 0);
  }
}

/** The units of a study without a choice: the whole workload, as in reports. */
export const WHOLE_WORKLOAD: StudyUnits = studyUnits(DEFAULT_UNITS, { pairs: [] });
