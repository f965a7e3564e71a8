import type { Interval95 } from '#core/analysis/uncertainty';
import type { ComparedPolicy, PolicyDifference, StudyComparison, WorkloadSize } from '#core/compareStudies';
import { toUnit, unitAt, type DisplayUnits, type EnergyUnit } from '#core/displayUnits';
import { decimalsFor, energyReadout, formatFixed, formatNumber, formatPercent } from '#core/format';
import type { StudySettings } from '#core/study';
import { joules } from '#core/units';

/** What each setting is called. */
const SETTING_NAMES: Partial<Record<keyof StudySettings, string>> = {
  energyModel: 'Energy model',
  policy: 'Policies',
  lambda: 'λ',
  cost: 'Cost',
  boundary: 'Boundary',
  thresholds: 'Thresholds tried',
  minSaving: 'Least saving',
  idle: 'Idle',
  stated: 'Stated rails',
  chosen: 'Chosen policy',
  bootstrap: 'Replicates',
  seed: 'Seed',
  capacity: 'Devices and arrivals',
};

export const settingName = (setting: keyof StudySettings): string => SETTING_NAMES[setting] ?? setting;

/** A setting's value in words; what a study leaves unsaid is so. */
export function settingText(setting: keyof StudySettings, value: unknown): string {
  if (value === null) return 'not said';
  if (setting === 'minSaving' && typeof value === 'number') return formatPercent(value);
  if (typeof value === 'string') return value.replaceAll('-', ' ');
  if (typeof value === 'number') return formatNumber(value, 6);
  return Object.entries(value as Record<string, unknown>)
    .map(([key, each]) => `${key} ${typeof each === 'object' ? JSON.stringify(each) : String(each)}`)
    .join(', ');
}

/** A number with the interval of its study. */
export interface Cell {
  readonly value: string;
  /** empty where the study has none */
  readonly interval: string;
}

const NONE: Cell = { value: '–', interval: '' };
/** An interval of one point says nothing more than its number. */
function between(interval: Interval95 | undefined, text: (value: number) => string): string {
  const [low, high] = (interval ?? [0, 0]).map(text);
  return low === high ? '' : `${low} to ${high}`;
}

/** A percentage; what is too small to be seen is 0.0%. */
const percent = (fraction: number): string => formatPercent(Math.abs(fraction) < 5e-5 ? 0 : fraction);

/** How the energies of two studies are shown: on the basis that was chosen, in one unit, with as many decimals. */
export interface EnergyColumn {
  /** "energy of the workload, kWh" */
  readonly title: string;
  readonly decimals: number;
  /** what an energy of the whole workload in J is multiplied by, in each study */
  readonly scale: Readonly<Record<'a' | 'b', number>>;
}

const BASIS_WORDS: Readonly<Record<DisplayUnits['basis'], string>> = {
  workload: 'of the workload',
  query: 'per query',
  'thousand-queries': 'per thousand queries',
  token: 'per token',
};

export function energyColumn({ policies, sizes }: StudyComparison, units: DisplayUnits): EnergyColumn {
  const share = ({ queries, tokens }: WorkloadSize): number =>
    1 / { workload: 1, query: queries, 'thousand-queries': queries / 1000, token: tokens }[units.basis];
  const shares = { a: share(sizes.a), b: share(sizes.b) };
  const values = policies.flatMap(({ a, b }) => [
    ...(a === null ? [] : [a.energyJ * shares.a]),
    ...(b === null ? [] : [b.energyJ * shares.b]),
  ]);
  const usual =
    units.basis === 'workload' ? 'kWh' : (energyReadout(Math.max(0, ...values)).unit as EnergyUnit);
  const unit = unitAt(units, usual);
  const perUnit = toUnit(joules(1), unit);
  return {
    title: `energy ${BASIS_WORDS[units.basis]}, ${unit}`,
    decimals: decimalsFor(
      values.map((energyJ) => energyJ * perUnit),
      4,
    ),
    scale: { a: shares.a * perUnit, b: shares.b * perUnit },
  };
}

export function energyCell(policy: ComparedPolicy | null, side: 'a' | 'b', column: EnergyColumn): Cell {
  if (policy === null) return NONE;
  const text = (energyJ: number): string => formatFixed(energyJ * column.scale[side], column.decimals);
  return { value: text(policy.energyJ), interval: between(policy.intervals95?.energyJ, text) };
}

/** By how much the energy in b is above that in a, as both are shown. */
export function energyChangeText({ a, b }: PolicyDifference, { scale }: EnergyColumn): string {
  if (a === null || b === null || !(a.energyJ > 0)) return '–';
  return changeText((b.energyJ * scale.b) / (a.energyJ * scale.a) - 1);
}

export function savingCell(policy: ComparedPolicy | null): Cell {
  if (policy === null) return NONE;
  return {
    value: percent(policy.saving.vsBestSingle),
    interval: between(policy.intervals95?.saving, percent),
  };
}

/** The thresholds of a policy; what has none has a dash. */
export function thresholdCell(policy: ComparedPolicy | null): Cell {
  if (policy === null || policy.threshold === null) return NONE;
  const text = (value: number): string => formatNumber(value, 3);
  const { threshold, outputThreshold, intervals95 } = policy;
  const second = between(intervals95?.outputThreshold, text);
  return {
    value: text(threshold) + (outputThreshold === undefined ? '' : ` & ${text(outputThreshold)}`),
    interval: between(intervals95?.threshold, text) + (second === '' ? '' : ` & ${second}`),
  };
}

/** By how much b is above a, a fraction of a's, with its sign. */
export function changeText(change: number): string {
  return change >= 5e-5 ? `+${percent(change)}` : percent(change);
}

/** The difference of two savings, in points. */
export function pointsText({ a, b }: PolicyDifference): string {
  if (a === null || b === null) return '–';
  const points = 100 * (b.saving.vsBestSingle - a.saving.vsBestSingle);
  const text = `${formatNumber(Math.abs(points) < 0.005 ? 0 : Number(points.toFixed(2)), 3)} pt`;
  return points >= 0.005 ? `+${text}` : text;
}
