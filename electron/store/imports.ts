import { LabError } from '#core/errors';
import {
  mappingSchema,
  importRecordSchema,
  type AcceptedImport,
  type ImportRecord,
  type Mapping,
} from '#core/import/record';
import { firstIssues, type Profile } from '#core/profile';
import { canonicalJson, dropUnusedContent, parseStored, sha256 } from './content.ts';
import { findProfile, profileKind, putProfile, runOfProfile } from './profiles.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { damaged, guarded } from './storeError.ts';

const COLUMNS = 'id, profile_id AS profile, imported_at AS importedAt, format, files, options';

/** The id of an import, which follows from its files and from what the user said. */
export function importId({ files, options }: Pick<ImportRecord, 'files' | 'options'>): string {
  const hashes = files.map((file) => file.sha256).sort();
  return `import-${sha256(canonicalJson({ hashes, options })).slice(0, 12)}`;
}

/**
 * Stores an imported profile and where it came from, in one transaction. The same import again changes nothing.
 * @param replace whether another import of that id may be replaced
 * @throws LabError "bad-profile" when the id is that of a bundled or measured profile, of one that belongs to an
 * imported run, or of another import that is not to be replaced; nothing is then stored
 */
export function putImport(
  db: WriteDb,
  profile: Profile,
  record: ImportRecord,
  replace: boolean,
): AcceptedImport {
  return guarded(db.name, () =>
    db.transaction((): AcceptedImport => {
      const stored = findProfile(db, profile.id);
      const same = stored?.contentHash === sha256(canonicalJson(profile));
      const ofRun = runOfProfile(db, profile.id) !== undefined;
      if (stored !== undefined && (stored.kind !== 'imported' || ofRun)) {
        if (same) return { profile: profile.id, state: 'same', import: null };
        throw taken(profile.id, stored.kind);
      }
      const before = findImport(db, profile.id);
      if (same && before?.id === record.id) return { profile: profile.id, state: 'same', import: before };
      if (stored !== undefined && !replace) throw changed(profile.id, same);
      putProfile(db, profile, 'imported');
      db.prepare('DELETE FROM import WHERE profile_id = ?').run(profile.id);
      db.prepare(
        `INSERT INTO import (id, profile_id, imported_at, format, files, options)
         VALUES (:id, :profile, :importedAt, :format, :files, :options)`,
      ).run({ ...record, files: canonicalJson(record.files), options: canonicalJson(record.options) });
      dropUnusedContent(db);
      return { profile: profile.id, state: stored === undefined ? 'new' : 'replaced', import: record };
    })(),
  );
}

/** Where an imported profile came from; undefined when it is no import. */
export function findImport(db: ReadDb, profileId: string): ImportRecord | undefined {
  const row = db.prepare<[string]>(`SELECT ${COLUMNS} FROM import WHERE profile_id = ?`).get(profileId);
  return row === undefined ? undefined : recordOf(db, row);
}

/** Every import, the latest first. */
export function listImports(db: ReadDb): ImportRecord[] {
  return db
    .prepare(`SELECT ${COLUMNS} FROM import ORDER BY imported_at DESC, id`)
    .all()
    .map((row) => recordOf(db, row));
}

/**
 * Removes an imported profile with its import; studies keep the copy that they were computed from.
 * @throws LabError "bad-setting" when the profile is bundled or measured, "unknown-profile" when there is none
 */
export function removeImported(db: WriteDb, profileId: string): void {
  guarded(db.name, () =>
    db.transaction(() => {
      const kind = profileKind(db, profileId);
      if (kind === undefined) {
        throw new LabError(
          'unknown-profile',
          `There is no profile with the id "${profileId}". Nothing was changed.`,
          'crossover profiles list shows them all.',
        );
      }
      if (kind === 'bundled') {
        throw new LabError(
          'bad-setting',
          `The profile ${profileId} comes with Crossover, and would be back at the next start, so it was not removed.`,
          'Only imported profiles can be removed.',
        );
      }
      if (kind === 'measured') {
        throw new LabError(
          'bad-setting',
          `The profile ${profileId} was measured here and belongs to its run, so it was not removed.`,
          'Delete the run: its profile goes with it.',
        );
      }
      db.prepare('DELETE FROM profile WHERE id = ?').run(profileId);
      dropUnusedContent(db);
    })(),
  );
}

/** What was said of the columns of tables, by the tables' signatures. */
export function listMappings(db: ReadDb): Record<string, Mapping> {
  const rows = db
    .prepare<[], { signature: string; columns: string }>('SELECT signature, columns FROM mapping')
    .all();
  return Object.fromEntries(
    rows.map(({ signature, columns }) => [
      signature,
      parseStored(db, columns, mappingSchema, 'a saved mapping'),
    ]),
  );
}

/** Remembers what was said of the columns of a table; an empty mapping is forgotten. */
export function putMapping(db: WriteDb, signature: string, columns: Mapping, savedAt: string): void {
  guarded(db.name, () => {
    if (Object.keys(columns).length === 0) {
      db.prepare('DELETE FROM mapping WHERE signature = ?').run(signature);
      return;
    }
    db.prepare(
      `INSERT INTO mapping (signature, saved_at, columns) VALUES (?, ?, ?)
       ON CONFLICT (signature) DO UPDATE SET saved_at = excluded.saved_at, columns = excluded.columns`,
    ).run(signature, savedAt, canonicalJson(columns));
  });
}

function recordOf(db: ReadDb, row: unknown): ImportRecord {
  const { files, options, ...rest } = row as { files: string; options: string };
  try {
    const result = importRecordSchema.safeParse({
      ...rest,
      files: JSON.parse(files) as unknown,
      options: JSON.parse(options) as unknown,
    });
    if (result.success) return result.data;
    throw damaged(db.name, `an import: ${firstIssues(result.error)}`);
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    throw damaged(db.name, 'an import is not readable');
  }
}

const OWNERS = {
  bundled: 'comes with Crossover',
  measured: 'was measured here',
  imported: 'is of a run that was imported',
};

function taken(id: string, kind: keyof typeof OWNERS): LabError {
  return new LabError(
    'bad-profile',
    `The id ${id} is that of a profile which ${OWNERS[kind]}, so nothing was imported.`,
    'Give the import another id (--id).',
  );
}

function changed(id: string, same: boolean): LabError {
  return new LabError(
    'bad-profile',
    same
      ? `The profile ${id} is there already, from other files or settings, with the very same content. Nothing was changed.`
      : `The profile ${id} is there already, from an import with other settings or files. It was left as it is.`,
    'Replace it (--replace), or give this one another id (--id).',
  );
}
