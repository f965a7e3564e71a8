import { stat } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '#core/errors';
import type { Diagnosis } from '#core/import/diagnosis';
import { diagnose } from '#core/import/doctor';
import type { Reading } from '#core/import/observation';
import { importOptionsSchema, type ImportOptions } from '#core/import/options';
import type { AcceptedImport, ImportRecord } from '#core/import/record';
import { firstIssues, type Profile } from '#core/profile';
import { readFiles } from '../importers/profiles/readFiles.ts';
import {
  putTogether,
  readApart,
  type SourcesApart,
  type SourcesRead,
} from '../importers/profiles/readSources.ts';
import { IMPORT_FORMATS } from '../importers/profiles/registry.ts';
import { canonicalJson } from '../store/content.ts';
import {
  findImport,
  findMapping,
  importId,
  listImports,
  mappingSignature,
  putImport,
  putMapping,
  removeImported,
} from '../store/imports.ts';
import { findProfile, listProfiles } from '../store/profiles.ts';
import type { ReadDb } from '../store/sqlite.ts';
import type { Store } from './openStore.ts';
import { openPowerLog } from './powerLogs.ts';

/** How a long read is told to stop, and tells how far it is. */
export interface ImportWatch {
  readonly signal?: AbortSignal;
  /** share done, 0 to 1 */
  readonly progress?: (fraction: number) => void;
}

/** Bringing profiles in from files. Every method throws LabError with what happened and what was kept. */
export interface LabImports {
  /** what would be imported; writes nothing */
  check(files: readonly string[], options: unknown, watch?: ImportWatch): Promise<Diagnosis>;
  /**
   * Stores what the same files and options were diagnosed as, in one transaction; the same import again changes
   * nothing. Throws "bad-profile" when an error stands in the way.
   */
  accept(
    files: readonly string[],
    options: unknown,
    watch?: ImportWatch & { readonly replace?: boolean },
  ): Promise<AcceptedImport>;
  list(): ImportRecord[];
  /** where an imported profile came from */
  of(profileId: string): ImportRecord | undefined;
  /** undoes an import: profile and import go, studies keep their copy */
  remove(profileId: string): void;
  formats(): { readonly id: string; readonly name: string }[];
}

/** Options that only the doctor looks at: changing them needs no second reading. */
const DOCTORS: ReadonlySet<string> = new Set<keyof ImportOptions>([
  'onlySystem',
  'onlyModel',
  'system',
  'model',
  'place',
  'hardware',
  'engine',
  'precision',
  'kvCache',
  'design',
  'idle',
  'idleW',
  'batch',
  'batchSize',
  'warmUp',
  'phase',
  // Heeded when what was read is put together.
  'clockShiftS',
  'id',
  'name',
  'licence',
  'note',
]);

/** @param guard turns what the database throws into LabErrors */
export function createLabImports(options: {
  store: Store;
  now: () => Date;
  guard: <T>(work: () => T) => T;
}): LabImports {
  const { store, now, guard } = options;
  const db: ReadDb = store.db;
  /** The last files that were read: the window asks for the same ones again with every correction. */
  let last: { readonly key: string; readonly apart: SourcesApart } | undefined;

  const readOnce = async (
    files: readonly string[],
    asked: ImportOptions,
    watch: ImportWatch,
  ): Promise<SourcesRead> => {
    const { signal = new AbortController().signal, progress = () => {} } = watch;
    const key = await keyOf(files, asked);
    if (last?.key !== key) {
      last = undefined;
      const apart = await readFiles(files, { signal, progress }, (sources) =>
        readApart(sources, asked, { formats: IMPORT_FORMATS, openPowerLog }),
      );
      last = { key, apart };
    }
    return putTogether(last.apart, asked.clockShiftS, signal);
  };

  /** Reads the files, with the mapping that was saved for their columns where the user says nothing of them. */
  const readMapped = async (
    files: readonly string[],
    asked: ImportOptions,
    watch: ImportWatch,
  ): Promise<{ read: SourcesRead; options: ImportOptions; mapped: boolean }> => {
    const read = await readOnce(files, asked, watch);
    if (asked.columns !== undefined) return { read, options: asked, mapped: false };
    const saved = Object.assign(
      {},
      ...read.readings.map((reading) => guard(() => findMapping(db, signatureOf(reading))) ?? {}),
    ) as NonNullable<ImportOptions['columns']>;
    if (Object.keys(saved).length === 0) return { read, options: asked, mapped: false };
    const options = { ...asked, columns: saved };
    return { read: await readOnce(files, options, watch), options, mapped: true };
  };

  const checked = async (
    files: readonly string[],
    given: unknown,
    watch: ImportWatch,
  ): Promise<{ diagnosis: Diagnosis; options: ImportOptions; read: SourcesRead }> => {
    const asked = parseOptions(given);
    const { read, options, mapped } = await readMapped(files, asked, watch);
    const diagnosis = diagnose(read.readings, options, {
      stored: guard(() => storedProfiles(db)),
      findings: [
        ...read.findings,
        ...(mapped
          ? [
              {
                kind: 'saved-mapping',
                level: 'note' as const,
                message: 'The columns are understood as you said of a table with the same columns before.',
                todo: 'Say what they are to change it.',
              },
            ]
          : []),
      ],
      beside: read.beside,
      ...(read.clock === undefined ? {} : { clock: read.clock }),
    });
    return { diagnosis, options, read };
  };

  return {
    check: async (files, given, watch = {}) => (await checked(files, given, watch)).diagnosis,
    accept: async (files, given, watch = {}) => {
      const { diagnosis, options, read } = await checked(files, given, watch);
      if (diagnosis.profile === null) throw inTheWay(diagnosis);
      const kept = diagnosis.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
      const record: ImportRecord = {
        id: importId({ files: kept, options }),
        profile: diagnosis.profile.id,
        importedAt: now().toISOString(),
        format: diagnosis.format,
        files: kept,
        options,
      };
      const { profile } = diagnosis;
      // What was read may be large, and is done with.
      last = undefined;
      return guard(() => {
        const writable = store.writable();
        return writable.transaction(() => {
          const accepted = putImport(writable, profile, record, watch.replace ?? false);
          if (options.columns !== undefined) saveMappings(read.readings, options.columns);
          return accepted;
        })();
      });
    },
    list: () => guard(() => listImports(db)),
    of: (profileId) => guard(() => findImport(db, profileId)),
    remove: (profileId) => guard(() => removeImported(store.writable(), profileId)),
    formats: () => IMPORT_FORMATS.map(({ id, name }) => ({ id, name })),
  };

  function saveMappings(readings: readonly Reading[], columns: NonNullable<ImportOptions['columns']>): void {
    for (const reading of readings) {
      const own = Object.fromEntries(
        Object.entries(columns).filter(([name]) => reading.columns.some((column) => column.name === name)),
      );
      putMapping(store.writable(), signatureOf(reading), own, now().toISOString());
    }
  }
}

function signatureOf({ format, columns }: Reading): string {
  return mappingSignature([format.id, ...columns.map(({ name }) => name)]);
}

/**
 * What decides how files are read: which files, as they are now, and the options that reading heeds.
 * @throws LabError "file-not-readable"
 */
async function keyOf(files: readonly string[], options: ImportOptions): Promise<string> {
  const marks = await Promise.all(
    files.map(async (file) => {
      try {
        const { size, mtimeMs, ino } = await stat(file);
        return [path.resolve(file), size, mtimeMs, ino];
      } catch {
        // Reading it says what is wrong.
        return [path.resolve(file), null];
      }
    }),
  );
  const heeded = Object.entries(options).filter(([name]) => !DOCTORS.has(name));
  return canonicalJson([marks, Object.fromEntries(heeded)]);
}

/** @throws LabError "bad-setting" naming what is wrong */
function parseOptions(given: unknown): ImportOptions {
  const result = importOptionsSchema.safeParse(given);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The import cannot be done with these settings: ${firstIssues(result.error)}.`,
    'Nothing was imported. crossover profiles import --help lists the choices.',
  );
}

function storedProfiles(db: ReadDb): Profile[] {
  return listProfiles(db).flatMap(({ id }) => {
    const stored = findProfile(db, id);
    return stored === undefined ? [] : [stored.profile];
  });
}

function inTheWay({ findings, files }: Diagnosis): LabError {
  const errors = findings.filter(({ level }) => level === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new LabError(
    'bad-profile',
    `${files.map(({ name }) => name).join(', ')} cannot be imported as it is: ${first?.message ?? 'no profile results.'}${more}`,
    `Nothing was imported. ${first?.todo ?? 'Look at what was understood.'}`,
  );
}
