import { z } from 'zod';
import {
  profileSummarySchema,
  summariseProfile,
  type ProfileSummary,
  type StoredProfile,
} from '#core/catalogue';
import { LabError } from '#core/errors';
import { firstIssues, profileSchema, type Profile, type ProfileKind } from '#core/profile';
import { dropUnusedContent, getContent, putContent } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { damaged, guarded } from './storeError.ts';

/** A row as SQLite holds it, read as a line of the list. */
const rowSchema = z
  .object({ rails: z.string(), estimate: z.number() })
  .loose()
  .transform((row) => ({ ...row, rails: JSON.parse(row.rails) as unknown, estimate: row.estimate === 1 }))
  .pipe(profileSummarySchema);

const COLUMNS = 'id, name, system, model, kind, source, design, rails, boundary, estimate, cells, place';

/** Stores a profile; one with the same id is replaced. */
export function putProfile(db: WriteDb, profile: Profile, kind: ProfileKind): void {
  const summary = summariseProfile(profile, kind);
  db.prepare(
    `INSERT INTO profile (content_hash, ${COLUMNS})
     VALUES (:contentHash, :id, :name, :system, :model, :kind, :source, :design, :rails, :boundary, :estimate,
             :cells, :place)
     ON CONFLICT (id) DO UPDATE SET
       content_hash = excluded.content_hash, name = excluded.name, system = excluded.system,
       model = excluded.model, kind = excluded.kind, source = excluded.source, design = excluded.design,
       rails = excluded.rails, boundary = excluded.boundary, estimate = excluded.estimate,
       cells = excluded.cells, place = excluded.place`,
  ).run({
    ...summary,
    contentHash: putContent(db, profile),
    rails: JSON.stringify(summary.rails),
    estimate: Number(summary.estimate),
  });
}

/**
 * Stores the profile of a run as it is so far; the one from before is replaced. It goes with its run: without the
 * trials nobody could check it. Studies keep the copy that they were computed from.
 * @param runId a stored run
 * @param kind "imported" where the run was measured elsewhere
 * @throws LabError "bad-profile" when another profile has its id; nothing is then stored
 */
export function putMeasuredProfile(
  db: WriteDb,
  profile: Profile,
  runId: string,
  kind: 'measured' | 'imported' = 'measured',
): void {
  guarded(db.name, () =>
    db.transaction(() => {
      db.prepare('DELETE FROM profile WHERE run_id = ?').run(runId);
      if (profileKind(db, profile.id) !== undefined) {
        throw new LabError(
          'bad-profile',
          `There is another profile with the id ${profile.id}, so that of the run ${runId} was not stored.`,
          'Remove that profile; the run and its trials are kept, and can be gone on with.',
        );
      }
      putProfile(db, profile, kind);
      db.prepare('UPDATE profile SET run_id = ? WHERE id = ?').run(runId, profile.id);
      dropUnusedContent(db);
    })(),
  );
}

/** The id of the profile that was made of a run; undefined when there is none yet. */
export function profileOfRun(db: ReadDb, runId: string): string | undefined {
  return db.prepare<[string], string>('SELECT id FROM profile WHERE run_id = ?').pluck().get(runId);
}

/** The id of the run that a profile was made of; undefined when it was made of none, or there is no such profile. */
export function runOfProfile(db: ReadDb, id: string): string | undefined {
  return (
    db.prepare<[string], string | null>('SELECT run_id FROM profile WHERE id = ?').pluck().get(id) ??
    undefined
  );
}

/** Every profile, in the order of the ids. */
export function listProfiles(db: ReadDb): ProfileSummary[] {
  return db
    .prepare(`SELECT ${COLUMNS} FROM profile ORDER BY id`)
    .all()
    .map((row) => {
      const result = rowSchema.safeParse(row);
      if (result.success) return result.data;
      throw damaged(db.name, `a profile: ${firstIssues(result.error)}`);
    });
}

/**
 * A profile with its cells.
 * @returns undefined when there is none with this id
 * @throws LabError "database-damaged" when it is not what it should be
 */
export function findProfile(db: ReadDb, id: string): StoredProfile | undefined {
  const row = db
    .prepare<[string], { kind: ProfileKind; contentHash: string }>(
      'SELECT kind, content_hash AS contentHash FROM profile WHERE id = ?',
    )
    .get(id);
  return row && { ...row, profile: getContent(db, row.contentHash, profileSchema, `the profile ${id}`) };
}

/** Where a profile comes from; undefined when there is none with this id. */
export function profileKind(db: ReadDb, id: string): ProfileKind | undefined {
  return db.prepare<[string], ProfileKind>('SELECT kind FROM profile WHERE id = ?').pluck().get(id);
}

/** Removes a profile; studies keep the copy that they were computed from. */
export function removeProfile(db: WriteDb, id: string): void {
  db.prepare('DELETE FROM profile WHERE id = ?').run(id);
}

/** The number of profiles. */
export function countProfiles(db: ReadDb): number {
  return db.prepare<[], number>('SELECT count(*) FROM profile').pluck().get() ?? 0;
}
