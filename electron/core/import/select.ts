import { railNames, RAILS, type Rail } from '../profile.ts';
import type { RailEnergy } from '../meter.ts';
import { coverageFindings, faultFindings, LEAST_COVERAGE } from './faults.ts';
import type { ImportFinding, Observation, Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';
import { rows, type DroppedRows, type Query, type Row } from './query.ts';
import { warmUpOf, withoutWarmUps } from './warmUps.ts';

/** Which rows count as queries, and why others do not. */
export interface Selection {
  readonly queries: readonly Query[];
  readonly findings: readonly ImportFinding[];
  /** as written in the files, before one of them is chosen */
  readonly systems: readonly string[];
  readonly models: readonly string[];
  readonly warmUp: NonNullable<ImportOptions['warmUp']>;
  readonly phase: string | undefined;
}

/** Takes the rows that are queries, and says of each other row why it is none. */
export function selectQueries(
  readings: readonly Reading[],
  options: ImportOptions,
  dropped: DroppedRows,
): Selection {
  const findings: ImportFinding[] = [];
  let left: Row[] = readings.flatMap((reading) =>
    reading.observations.map((source) => ({
      source,
      reading,
      system: nameOf(source.system) ?? nameOf(reading.facts.system),
      model: nameOf(source.model) ?? nameOf(reading.facts.model),
    })),
  );
  const phase = phaseOf(left, readings, options);
  if (phase !== undefined) left = ofPhase(left, phase, dropped);
  const systems = distinct(left.map(({ system }) => system));
  const models = distinct(left.map(({ model }) => model));
  left = only(left, 'system', options.onlySystem, dropped, findings, systems);
  left = only(left, 'model', options.onlyModel, dropped, findings, models);
  mixed(left, 'system', findings);
  mixed(left, 'model', findings);

  const warmUp = options.warmUp ?? warmUpOf(left, readings, findings);
  left = withoutWarmUps(left, warmUp, dropped);
  left = withoutCopies(left, dropped, findings);
  const rails = countedRails(left, options);
  const queries = left.flatMap((row) => complete(row, rails, dropped));
  findings.push(...faultFindings(left), ...coverageFindings(left));
  return {
    queries: queries.filter(({ source }) => {
      const covered = source.coverage === undefined || source.coverage >= LEAST_COVERAGE;
      if (!covered) dropped.add('samples cover less than 95% of the time');
      return covered;
    }),
    findings,
    systems,
    models,
    warmUp,
    phase,
  };
}

/** of a name; a broken file can have one of any length */
const NAME_CHARACTERS = 100;
/** A name that names something. */
const nameOf = (text: string | undefined): string | undefined => {
  const name = text?.trim().slice(0, NAME_CHARACTERS).trim();
  return name === '' ? undefined : name;
};

/** The phase that queries have, where the files tell phases: what the user says, the format knows, or "inference". */
function phaseOf(
  left: readonly Row[],
  readings: readonly Reading[],
  options: ImportOptions,
): string | undefined {
  if (options.phase !== undefined) return options.phase;
  const known = readings.find(({ facts }) => facts.phase !== undefined)?.facts.phase;
  if (known !== undefined) return known;
  const some = left.some(({ source }) => source.phase?.toLowerCase().includes('inference'));
  return some ? 'inference' : undefined;
}

function ofPhase(left: readonly Row[], wanted: string, dropped: DroppedRows): Row[] {
  return left.filter(({ source }) => {
    if (source.phase === undefined) return true;
    if (source.phase.toLowerCase().includes(wanted.toLowerCase())) return true;
    dropped.add(`the phase "${source.phase.slice(0, 40)}" is not ${wanted}`);
    return false;
  });
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}

/** Rows of one system or model alone, where the user says which. */
function only(
  left: readonly Row[],
  what: 'system' | 'model',
  wanted: string | undefined,
  dropped: DroppedRows,
  findings: ImportFinding[],
  known: readonly string[],
): Row[] {
  if (wanted === undefined) return [...left];
  const kept = left.filter((row) => row[what]?.toLowerCase() === wanted.toLowerCase());
  dropped.add(`of another ${what} than ${wanted}`, left.length - kept.length);
  if (kept.length === 0) {
    findings.push({
      kind: `unknown-${what}`,
      level: 'error',
      message: `No row is of the ${what} "${wanted}".`,
      todo: known.length > 0 ? `The files have ${known.join(', ')}.` : `The files name no ${what}.`,
    });
  }
  return kept;
}

function mixed(left: readonly Row[], what: 'system' | 'model', findings: ImportFinding[]): void {
  const found = distinct(left.map((row) => row[what]));
  if (found.length < 2) return;
  const flag = what === 'system' ? '--only-system' : '--only-model';
  findings.push({
    kind: `mixed-${what}s`,
    level: 'error',
    message:
      `The files mix ${found.length} ${what}s: ${found.slice(0, 8).join(', ')}${found.length > 8 ? ' and more' : ''}. ` +
      'A profile is of one.',
    todo: `Choose one (${flag} "${found[0]}"), and import the others one by one.`,
  });
}

/** Two measurements agree to the last digit only when they are one. */
function withoutCopies(left: readonly Row[], dropped: DroppedRows, findings: ImportFinding[]): Row[] {
  const seen = new Set<string>();
  let copies = 0;
  const kept = left.filter(({ source }) => {
    if (source.trials > 1) return true;
    const precise = isPrecise(source.runtimeS) && RAILS.some((rail) => isPrecise(source.energyJ[rail]));
    if (!precise && source.startS === undefined) return true;
    const energies = RAILS.map((rail) => source.energyJ[rail]);
    const key = JSON.stringify([
      source.m,
      source.n,
      source.runtimeS,
      source.startS,
      source.phase,
      source.system,
      source.model,
      energies,
    ]);
    if (!seen.has(key)) {
      seen.add(key);
      return true;
    }
    copies += 1;
    return false;
  });
  dropped.add('a copy of another row', copies);
  if (copies > 0) {
    findings.push({
      kind: 'duplicates',
      level: 'warning',
      message: `${rows(copies)} ${copies === 1 ? 'is a copy' : 'are copies'} of others to the last digit, so ${copies === 1 ? 'it counts' : 'they count'} once.`,
      todo: 'Check whether the file was put together from parts that overlap.',
    });
  }
  return kept;
}

/** Whether a number has five significant digits or more. */
function isPrecise(value: number | undefined): boolean {
  return value !== undefined && Number.isFinite(value) && Number(value.toPrecision(4)) !== value;
}

/** The rails of a boundary; what lies outside is not counted. */
const WITHIN: Readonly<Record<NonNullable<ImportOptions['boundary']>, readonly Rail[]>> = {
  gpu: ['gpu'],
  'gpu+cpu': ['cpu', 'gpu', 'package'],
  soc: ['cpu', 'gpu', 'ane', 'dram', 'package'],
  machine: ['machine'],
  wall: ['wall'],
};

/** The rails that at least half of the rows have, within the boundary that the user says. */
function countedRails(left: readonly Row[], options: ImportOptions): Rail[] {
  const measured = left.filter(({ source }) => RAILS.some((rail) => source.energyJ[rail] !== undefined));
  return RAILS.filter(
    (rail) =>
      (options.boundary === undefined || WITHIN[options.boundary].includes(rail)) &&
      measured.filter(({ source }) => source.energyJ[rail] !== undefined).length > measured.length / 2,
  );
}

/** A row as a query, if it has all that a query needs. */
function complete(row: Row, rails: readonly Rail[], dropped: DroppedRows): Query[] {
  const { source, reading, system, model } = row;
  const reason = whyNot(source, rails);
  if (reason !== undefined) {
    dropped.add(reason);
    return [];
  }
  const energyJ: RailEnergy = {};
  for (const rail of rails) energyJ[rail] = source.energyJ[rail]!;
  return [
    {
      source,
      reading,
      system,
      model,
      m: source.m!,
      n: source.n!,
      trials: source.trials,
      energyJ,
      runtimeS: source.runtimeS!,
      ...(source.idleJ === undefined ? {} : { idleJ: source.idleJ }),
      ...(spread(source.sdEnergyJ) ? { sdEnergyJ: source.sdEnergyJ } : {}),
      ...(spread(source.sdRuntimeS) ? { sdRuntimeS: source.sdRuntimeS } : {}),
    },
  ];
}

const spread = (sd: number | undefined): sd is number => sd !== undefined && sd >= 0 && sd < MOST;

/** J, s or tokens that no query has; beyond it sums would lose themselves. */
const MOST = 1e15;
const LEAST = 1e-9;

function whyNot(source: Observation, rails: readonly Rail[]): string | undefined {
  const { m, n, runtimeS } = source;
  if (m === undefined) return 'no input tokens';
  if (n === undefined) return 'no output tokens';
  if (!Number.isFinite(m) || !Number.isFinite(n)) return 'a token count that is not finite';
  if (Math.round(m) < 1) return 'no input tokens';
  if (Math.round(n) < 1) return 'no output tokens';
  if (m > 1e9 || n > 1e9) return 'a token count that no model has';
  if (runtimeS === undefined) return 'no runtime';
  if (!Number.isFinite(runtimeS)) return 'a runtime that is not finite';
  if (runtimeS <= 0) return 'a runtime of 0 or less';
  if (runtimeS < LEAST || runtimeS > MOST) return 'a runtime that nothing has';
  if (rails.length === 0) return 'no energy';
  const missing = rails.filter((rail) => source.energyJ[rail] === undefined);
  if (missing.length > 0)
    return missing.length === rails.length ? 'no energy' : `no ${railNames(missing)} energy`;
  const energies = rails.map((rail) => source.energyJ[rail]!);
  if (energies.some((value) => !Number.isFinite(value))) return 'an energy that is not finite';
  if (energies.some((value) => value < 0)) return 'a negative energy';
  const total = energies.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 'an energy of 0';
  return total < LEAST || total > MOST ? 'an energy that nothing has' : undefined;
}
