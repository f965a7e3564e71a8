import type { ManyResult } from './analysis/manySystems.ts';
import { manyMap, type ManyMap } from './analysis/manyMap.ts';
import { boundaryName, sortAssumptions, type Assumption } from './assumptions.ts';
import { formatPercent } from './format.ts';
import { railNames, type Cell } from './profile.ts';
import { describeProfile, describeWorkload, type ReportSystem, type ReportWorkload } from './report.ts';
import type { StoredComparison } from './storedComparison.ts';
import { objectiveName } from './verdict.ts';

/** The name of the schema of its JSON. Fields are added to it, never renamed. */
export const COMPARISON_SCHEMA_ID = 'urn:crossover:schema:comparison-report:1';

/** The report of a comparison of any number of systems as plain data. Fields are added to it, never renamed. */
export interface ManyReport extends Omit<ManyResult, 'text' | 'kind' | 'systems' | 'boundary'> {
  /** names its JSON Schema, which is published as build/schemas/comparison-report.schema.json */
  readonly $schema: typeof COMPARISON_SCHEMA_ID;
  readonly format: 'crossover-comparison-report';
  readonly version: 1;
  readonly title: string;
  readonly question: string;
  readonly verdict: Pick<ManyResult, 'kind' | 'text'>;
  /** what is saved, in a word */
  readonly objective: string;
  readonly comparison: Pick<StoredComparison, 'id' | 'settings' | 'hashes'>;
  readonly boundary: { readonly id: ManyResult['boundary']; readonly name: string };
  /** from the one for the shortest queries to the one for the longest */
  readonly systems: readonly Omit<ReportSystem, 'role'>[];
  readonly workload: ReportWorkload;
  /** the measured cells of each system, from which every number comes */
  readonly cells: readonly (readonly Cell[])[];
  /** which system is the cheapest for which query */
  readonly map: ManyMap;
  readonly assumptions: readonly Assumption[];
  /** the command line that repeats it */
  readonly command: string;
  readonly versions: { readonly crossover: string; readonly analysis: number };
}

/** The report of a comparison. It follows from its input alone: no clock, no chance. */
export function buildManyReport(
  comparison: StoredComparison,
  { crossover, command }: { readonly crossover: string; readonly command: string },
): ManyReport {
  const { id, settings, hashes, profiles, workload, result, title, versions } = comparison;
  const { text, kind, systems, boundary, ...rest } = result;
  const objective = objectiveName(settings);
  return {
    $schema: COMPARISON_SCHEMA_ID,
    format: 'crossover-comparison-report',
    version: 1,
    title,
    question:
      `Which queries of ${workload.name} belong on which of ${systems.map(({ label }) => label).join(', ')}, to spend ` +
      `the least ${objective}?`,
    verdict: { kind, text },
    objective,
    comparison: { id, settings, hashes },
    boundary: { id: boundary, name: boundaryName(boundary) },
    systems: profiles.map((profile, i) => describeProfile(systems[i]!.label, profile, hashes.profiles[i]!)),
    workload: describeWorkload(workload, hashes.workload),
    ...rest,
    cells: profiles.map(({ cells }) => cells),
    map: manyMap(settings, result.energyModel, profiles, workload),
    assumptions: manyAssumptions(comparison),
    command,
    versions: { crossover, analysis: versions.analysis },
  };
}

/** What a comparison rests on, the warnings first. */
function manyAssumptions({ profiles, workload, result, settings }: StoredComparison): Assumption[] {
  const all: Assumption[] = [];
  const add = (kind: Assumption['kind'], level: Assumption['level'], short: string, message: string): void =>
    void all.push({ kind, level, short, message });
  for (const profile of profiles) {
    if (profile.estimate) {
      add(
        'estimate',
        'warning',
        'an estimate',
        `The energy of ${profile.name} is an estimate, not a measurement.`,
      );
    }
    const left = profile.rails.filter((rail) => !result.rails.includes(rail));
    if (left.length > 0) {
      add(
        'boundary',
        'warning',
        `${railNames(left, ' + ')} left out`,
        `The ${railNames(left)} energy of ${profile.name} is left out, because the comparison counts ` +
          `${railNames(result.rails)} on every system.`,
      );
    }
    const doubted = profile.cells.filter(({ doubt }) => doubt !== undefined);
    if (doubted.length > 0) {
      add(
        'doubt',
        'warning',
        'cells in doubt',
        `${profile.name}: ${doubted.map(({ m, n, doubt }) => `(${m}, ${n}): ${doubt}`).join(' ')}`,
      );
    }
  }
  const conditions = (of: (profile: (typeof profiles)[number]) => string): string[] => [
    ...new Set(profiles.map(of)),
  ];
  for (const [what, values] of [
    ['model', conditions(({ model }) => model.name)],
    ['precision', conditions((profile) => profile.conditions.precision)],
    ['KV cache', conditions((profile) => (profile.conditions.kvCache ? 'on' : 'off'))],
    ['batch', conditions((profile) => String(profile.conditions.batch))],
  ] as const) {
    if (values.length > 1) {
      add(
        'mismatch',
        'warning',
        `different ${what}`,
        `Not like for like: ${what} is ${values.join(' and ')}.`,
      );
    }
  }
  if (workload.modelled) {
    add('modelled', 'warning', 'modelled workload', `${workload.name} is modelled. ${workload.note}`);
  }
  const { extrapolated } = result;
  if (extrapolated.queries > 0) {
    add(
      'extrapolated',
      extrapolated.energy > 0.05 ? 'warning' : 'note',
      `${formatPercent(extrapolated.energy)} extrapolated`,
      `${formatPercent(extrapolated.queries)} of the queries, with ${formatPercent(extrapolated.energy)} of the energy, ` +
        'lie beyond the measured range, where the model is extended.',
    );
  }
  add(
    'boundary',
    'note',
    boundaryName(result.boundary),
    `Energy counts ${railNames(result.rails)}, ${settings.idle === 'gross' ? 'gross of idle' : 'above what the idle system draws'}.`,
  );
  add(
    'energy-model',
    'note',
    `${result.energyModel} model`,
    `Energies, runtimes and savings over the workload are computed by the ${result.energyModel} model from the measured ` +
      'cells of the profiles; none of them is a measurement by itself.',
  );
  if (result.uncertainty === undefined) {
    add(
      'interval',
      'note',
      'no interval',
      'The figures are point estimates: no interval is computed with them.',
    );
  }
  return sortAssumptions([...all, ...(result.uncertainty?.assumptions ?? [])]);
}
