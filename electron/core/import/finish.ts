import { profileSchema, railsFault, type Profile, type Rail } from '../profile.ts';
import type { Diagnosis } from './diagnosis.ts';
import { nearestProfile } from './nearest.ts';
import type { ColumnUnit, ImportFinding, Reading, SourceFile } from './observation.ts';
import type { ImportOptions } from './options.ts';

/** What the doctor knows beside the files. */
export interface DoctorContext {
  /** the profiles of the lab, to take names from and to look at beside */
  readonly stored: readonly Profile[];
  /** about the files together, from whatever joined them */
  readonly findings?: readonly ImportFinding[];
  readonly clock?: Diagnosis['clock'];
  /** files that were read beside those with queries: power logs, job descriptions */
  readonly beside?: readonly {
    readonly file: SourceFile;
    readonly format: { readonly id: string; readonly name: string };
    readonly rows: number;
  }[];
}

/** What the doctor came to, before it is put into its document. */
export interface Found {
  readonly options: ImportOptions;
  readonly system: string | undefined;
  readonly model: string | undefined;
  readonly systems: readonly string[];
  readonly models: readonly string[];
  readonly rails: readonly Rail[];
  readonly cells: Profile['cells'];
  readonly dropped: readonly { readonly count: number; readonly reason: string }[];
  readonly findings: readonly ImportFinding[];
  readonly profile: Profile | undefined;
}

/** The document of a diagnosis. */
export function finishDiagnosis(
  readings: readonly Reading[],
  context: DoctorContext,
  found: Found,
): Diagnosis {
  const units: Record<string, ColumnUnit> = {};
  for (const { columns } of readings) {
    for (const { name, role, unit } of columns) if (role !== 'ignore' && unit !== null) units[name] = unit;
  }
  const order = { error: 0, warning: 1, note: 2 } as const;
  const findings = [...found.findings].sort((a, b) => order[a.level] - order[b.level]);
  const standing = found.profile !== undefined && !findings.some(({ level }) => level === 'error');
  return {
    files: [
      ...readings.map(({ file, format, columns, observations, dropped }) => ({
        ...file,
        format,
        rows: observations.length + dropped.reduce((total, { count }) => total + count, 0),
        columns: columns.map((column) => ({ ...column, examples: [...column.examples] })),
      })),
      ...(context.beside ?? []).map(({ file, format, rows }) => ({ ...file, format, rows, columns: [] })),
    ],
    format: [...new Set(readings.map(({ format }) => format.id))].join(' + '),
    system: found.system ?? null,
    model: found.model ?? null,
    systems: [...found.systems],
    models: [...found.models],
    rails: [...found.rails],
    units,
    cells: found.cells.map(({ m, n, trials, tokensMean, energyJ, sdEnergyJ, runtimeS, sdRuntimeS }) => ({
      m,
      n,
      trials,
      ...(tokensMean === undefined ? {} : { tokensMean }),
      energyJ: present(energyJ),
      ...(sdEnergyJ === undefined ? {} : { sdEnergyJ }),
      runtimeS,
      ...(sdRuntimeS === undefined ? {} : { sdRuntimeS }),
    })),
    dropped: [...found.dropped],
    findings,
    ...(context.clock === undefined ? {} : { clock: context.clock }),
    options: found.options,
    nearest: found.profile === undefined ? null : (nearestProfile(found.profile, context.stored)?.id ?? null),
    profile: standing ? found.profile! : null,
  };
}

/** The profile, if it is one that the lab takes; what is wrong becomes a finding. */
export function acceptedProfile(profile: Profile, findings: ImportFinding[]): Profile | undefined {
  const result = profileSchema.safeParse(profile);
  if (result.success) {
    const fault = railsFault(result.data);
    if (fault === undefined) return result.data;
    findings.push({
      kind: 'bad-profile',
      level: 'error',
      message: `The profile that would result is not one that can be stored: ${fault}.`,
      todo: 'Say the boundary, or leave one of the columns out (--column "NAME=ignore").',
    });
    return undefined;
  }
  const [issue] = result.error.issues;
  findings.push({
    kind: 'bad-profile',
    level: 'error',
    message: `The profile that would result is not one that can be stored: ${issue!.path.join('.')}: ${issue!.message}.`,
    todo: issue!.path[0] === 'id' ? 'Give it another id (--id).' : 'Look at the cells.',
  });
  return undefined;
}

/** An energy without the rails that are there in name alone. */
function present(energyJ: Profile['cells'][number]['energyJ']): Diagnosis['cells'][number]['energyJ'] {
  const rails = Object.entries(energyJ).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(rails), total: energyJ.total };
}
