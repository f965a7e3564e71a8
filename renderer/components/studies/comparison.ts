import type { Interval95 } from '#core/analysis/uncertainty';
import type { ComparedPolicy, StudyComparison } from '#core/compareStudies';
import { decimalsFor, formatFixed, formatNumber, formatPercent } from '#core/format';
import type { StudySettings } from '#core/study';

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
const J_PER_KWH = 3.6e6;
/** An interval of one point says nothing more than its number. */
function between(interval: Interval95 | undefined, text: (value: number) => string): string {
  const [low, high] = (interval ?? [0, 0]).map(text);
  return low === high ? '' : `${low} to ${high}`;
}

/** A percentage; what is too small to be seen is 0.0%. */
const percent = (fraction: number): string => formatPercent(Math.abs(fraction) < 5e-5 ? 0 : fraction);

/** Decimals that all energies of a comparison are given with, kWh. */
export function energyDecimals({ policies }: StudyComparison): number {
  return decimalsFor(
    policies.flatMap(({ a, b }) =>
      [a, b].flatMap((each) => (each === null ? [] : [each.energyJ / J_PER_KWH])),
    ),
    4,
  );
}

export function energyCell(policy: ComparedPolicy | null, decimals: number): Cell {
  if (policy === null) return NONE;
  const text = (energyJ: number): string => formatFixed(energyJ / J_PER_KWH, decimals);
  return { value: text(policy.energyJ), interval: between(policy.intervals95?.energyJ, text) };
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

/** By how much b is above a, with its sign; a dash where one of them has no such number. */
export function changeText(change: number | null): string {
  if (change === null) return '–';
  return change >= 5e-5 ? `+${percent(change)}` : percent(change);
}

/** The difference of two savings, in points. */
export function pointsText({ a, b }: StudyComparison['policies'][number]): string {
  if (a === null || b === null) return '–';
  const points = 100 * (b.saving.vsBestSingle - a.saving.vsBestSingle);
  const text = `${formatNumber(Math.abs(points) < 0.005 ? 0 : Number(points.toFixed(2)), 3)} pt`;
  return points >= 0.005 ? `+${text}` : text;
}
