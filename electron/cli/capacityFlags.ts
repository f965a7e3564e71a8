import { LabError } from '#core/errors';
import { formatNumber, formatPercent } from '#core/format';
import type { StudySettings, StudyResult } from '#core/study';
import { systemLabels } from '#core/report';
import type { StoredStudy } from '../store/studies.ts';
import { table, wrap } from './text.ts';

/**
 * Reads `--devices small=4,large=1` into numbers by name.
 * @param names of the systems that there are
 * @throws LabError "bad-setting" when it is not in that form
 */
export function parseDevices<N extends string>(text: string, names: readonly N[]): Record<N, number> {
  const example = names.map((name, i) => `${name}=${i === 0 ? 4 : 1}`).join(',');
  const refuse = (why: string): LabError =>
    new LabError(
      'bad-setting',
      `--devices ${why}. Nothing was stored.`,
      `Write it like --devices ${example}.`,
    );
  const found = new Map<string, number>();
  for (const part of text.split(',')) {
    const match = /^\s*([^=]+?)\s*=\s*(\d+)\s*$/.exec(part);
    if (match === null) throw refuse(`wants a whole number for each system, and "${part.trim()}" is none`);
    const [name, count] = [match[1]!, Number(match[2])];
    if (!names.some((known) => known === name)) {
      throw refuse(`names "${name}", and the systems are ${names.join(', ')}`);
    }
    if (found.has(name)) throw refuse(`names "${name}" twice`);
    found.set(name, count);
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) throw refuse(`says nothing of ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, found.get(name)!])) as Record<N, number>;
}

/**
 * Reads `--arrival-rate`, queries per second.
 * @throws LabError "bad-setting" when it is no number above 0
 */
export function parseArrivalRate(text: string): number {
  const rate = text.trim() === '' ? NaN : Number(text);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new LabError(
    'bad-setting',
    `--arrival-rate wants queries per second, a number above 0, and "${text}" is none. Nothing was stored.`,
    'Give a number such as --arrival-rate 2.5.',
  );
}

/**
 * Reads both flags of a capacity.
 * @returns undefined where neither is given
 * @throws LabError "bad-setting" when one is missing or wrong
 */
export function parseCapacity(flags: {
  readonly devices?: string;
  readonly arrivalRate?: string;
}): StudySettings['capacity'] {
  const { devices, arrivalRate } = flags;
  if (devices === undefined && arrivalRate === undefined) return undefined;
  if (devices === undefined || arrivalRate === undefined) {
    throw new LabError(
      'bad-setting',
      'A capacity needs both, numbers of devices and an arrival rate. Nothing was stored.',
      'Write it like --devices small=4,large=1 --arrival-rate 2.5.',
    );
  }
  return {
    devices: parseDevices(devices, ['small', 'large']),
    arrivalRate: parseArrivalRate(arrivalRate),
  };
}

/** The optimum under capacity, for people; empty where no devices were told. */
export function capacityText({ study, inputs }: StoredStudy, columns: number): string {
  const { capacity } = study.result;
  if (capacity === undefined) return '';
  const labels = systemLabels(inputs);
  const row = (side: 'small' | 'large'): string[] => loadCells(labels[side], capacity[side]);
  return `${wrap(capacity.text, columns)}\n\n${loadTable([row('small'), row('large')])}`;
}

/** What an optimum does with one system, as cells of a row. */
export function loadCells(label: string, load: NonNullable<StudyResult['capacity']>['small']): string[] {
  const { devices, queries, utilisation, alone, shadowPrice, oneMoreSaves } = load;
  return [
    label,
    String(devices),
    formatPercent(queries),
    utilisation === null ? 'n/a' : formatPercent(utilisation),
    formatNumber(alone, 3),
    formatNumber(oneMoreSaves, 4),
    formatNumber(shadowPrice, 4),
  ];
}

/** The rows of `loadCells` under their heads. */
export function loadTable(rows: readonly string[][]): string {
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  return table(
    [
      { title: 'system' },
      right('devices'),
      right('queries'),
      right('busy'),
      right('busy alone'),
      right('one more saves'),
      right('shadow price'),
    ],
    rows,
  );
}
