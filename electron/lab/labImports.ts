import { LabError } from '#core/errors';
import { numberLocale } from '#core/format';
import type { Diagnosis } from '#core/import/diagnosis';
import { importOptionsSchema, type ImportOptions } from '#core/import/options';
import type { AcceptedImport, ImportRecord, Mapping } from '#core/import/record';
import { firstIssues, type Profile } from '#core/profile';
import { IMPORT_FORMATS } from '../importers/profiles/registry.ts';
import {
  findImport,
  importId,
  listImports,
  listMappings,
  putImport,
  putMapping,
  removeImported,
} from '../store/imports.ts';
import { findProfile, listProfiles } from '../store/profiles.ts';
import type { ReadDb } from '../store/sqlite.ts';
import type { Store } from './openStore.ts';
import type { Diagnosed, ProfileReader } from './profileReader.ts';

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
  /** lets go of what was read for the last check, once no correction will follow */
  forget(): void;
  list(): ImportRecord[];
  /** where an imported profile came from */
  of(profileId: string): ImportRecord | undefined;
  /** undoes an import: profile and import go, studies keep their copy */
  remove(profileId: string): void;
  formats(): { readonly id: string; readonly name: string }[];
}

/** @param guard turns what the database throws into LabErrors */
export function createLabImports(options: {
  store: Store;
  reader: ProfileReader;
  now: () => Date;
  guard: <T>(work: () => T) => T;
}): LabImports {
  const { store, reader, now, guard } = options;
  const db: ReadDb = store.db;

  const checked = (files: readonly string[], given: unknown, watch: ImportWatch): Promise<Diagnosed> => {
    const options = parseOptions(given);
    const known = guard(() => ({ stored: storedProfiles(db), mappings: listMappings(db) }));
    return reader.diagnose({ files, options, ...known, numbers: numberLocale() }, watch);
  };

  return {
    check: async (files, given, watch = {}) => (await checked(files, given, watch)).diagnosis,
    accept: async (files, given, watch = {}) => {
      const { diagnosis, options, tables } = await checked(files, given, watch);
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
      const accepted = guard(() => {
        const writable = store.writable();
        return writable.transaction(() => {
          const put = putImport(writable, profile, record, watch.replace ?? false);
          if (options.columns !== undefined) saveMappings(tables, options.columns);
          return put;
        })();
      });
      // What was read may be large, and is done with.
      reader.forget();
      return accepted;
    },
    forget: () => reader.forget(),
    list: () => guard(() => listImports(db)),
    of: (profileId) => guard(() => findImport(db, profileId)),
    remove: (profileId) => guard(() => removeImported(store.writable(), profileId)),
    formats: () => IMPORT_FORMATS.map(({ id, name }) => ({ id, name })),
  };

  function saveMappings(tables: Diagnosed['tables'], columns: Mapping): void {
    for (const { signature, columns: names } of tables) {
      const own = Object.fromEntries(Object.entries(columns).filter(([name]) => names.includes(name)));
      putMapping(store.writable(), signature, own, now().toISOString());
    }
  }
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
