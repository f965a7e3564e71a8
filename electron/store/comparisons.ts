import { z } from 'zod';
import { manySettingsSchema } from '#core/analysis/manySettings';
import type { ManyResult } from '#core/analysis/manySystems';
import { profileSchema } from '#core/profile';
import {
  COMPARISON_PREFIX,
  type ComparisonHashes,
  type ComparisonSummary,
  type StoredComparison,
} from '#core/storedComparison';
import { ANALYSIS_VERSION } from '#core/study';
import { workloadSchema } from '#core/workload';
import { canonicalJson, dropUnusedContent, getContent, keepContent, parseStored, sha256 } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';

/** The id of a comparison: the same settings, inputs and analysis make the same one. */
export function comparisonId({ settings, hashes }: Pick<StoredComparison, 'settings' | 'hashes'>): string {
  const text = canonicalJson({ settings, hashes, analysis: ANALYSIS_VERSION });
  return `${COMPARISON_PREFIX}${sha256(text).slice(0, 12)}`;
}

/**
 * Stores a comparison with what it was computed from; one that is there stays as it is, and is no longer removed.
 * @param comparison `crossover`: the version that computed it
 */
export function putComparison(
  db: WriteDb,
  comparison: Omit<StoredComparison, 'name' | 'note' | 'versions'> & { readonly crossover: string },
): void {
  const { id, hashes, profiles, workload, settings, result, ...rest } = comparison;
  db.transaction(() => {
    if (restoreComparison(db, id)) return;
    hashes.profiles.forEach((hash, place) => keepContent(db, hash, profiles[place]));
    keepContent(db, hashes.workload, workload);
    db.prepare(
      `INSERT INTO comparison (id, stored_at, title, settings, workload_hash, analysis_version, crossover_version,
                               result, verdict_kind, verdict_text)
       VALUES (:id, :storedAt, :title, :settings, :workload, ${ANALYSIS_VERSION}, :crossover, :result, :kind, :text)`,
    ).run({
      ...rest,
      id,
      settings: canonicalJson(settings),
      workload: hashes.workload,
      result: JSON.stringify(result),
      kind: result.kind,
      text: result.text,
    });
    const profile = db.prepare(
      'INSERT INTO comparison_profile (comparison, position, hash) VALUES (?, ?, ?)',
    );
    hashes.profiles.forEach((hash, position) => profile.run(id, position, hash));
  })();
}

interface Row {
  readonly id: string;
  readonly storedAt: string;
  readonly title: string;
  readonly name: string;
  readonly note: string;
  readonly settings: string;
  readonly workload: string;
  readonly analysis: number;
  readonly crossover: string;
  readonly kind: ComparisonSummary['verdict']['kind'];
  readonly text: string;
  readonly energyModel: ComparisonSummary['energyModel'];
}

const ROWS = `SELECT id, stored_at AS storedAt, title, name, note, settings, workload_hash AS workload,
    analysis_version AS analysis, crossover_version AS crossover, verdict_kind AS kind, verdict_text AS text,
    result ->> '$.energyModel' AS energyModel
  FROM comparison WHERE removed_at IS NULL`;

/** Every comparison that is not removed, the latest first. */
export function listComparisons(db: ReadDb): ComparisonSummary[] {
  return db
    .prepare<[], Row>(`${ROWS} ORDER BY stored_at DESC, id`)
    .all()
    .map((row) => summary(db, row));
}

/** @returns undefined when there is none with this id */
export function findComparisonSummary(db: ReadDb, id: string): ComparisonSummary | undefined {
  const row = db.prepare<[string], Row>(`${ROWS} AND id = ?`).get(id);
  return row && summary(db, row);
}

/** The main parts of a result; what this version wrote, it can read. */
const resultSchema = z
  .looseObject({
    systems: z.array(z.looseObject({ id: z.string(), label: z.string() })),
    policies: z.array(z.looseObject({ policy: z.string(), energyJ: z.number(), saving: z.number() })),
    text: z.string(),
    flips: z.array(z.looseObject({ lambda: z.number() })),
  })
  .transform((result) => result as unknown as ManyResult);

/**
 * A comparison with its result and inputs.
 * @returns undefined when there is none with this id
 * @throws LabError "database-damaged" when it is not what it should be
 */
export function findComparison(db: ReadDb, id: string): StoredComparison | undefined {
  const row = db.prepare<[string], Row>(`${ROWS} AND id = ?`).get(id);
  if (row === undefined) return undefined;
  const { storedAt, title, name, note, crossover, analysis } = row;
  const what = `the comparison ${id}`;
  const hashes = hashesOf(db, row);
  const text = db.prepare<[string], string>('SELECT result FROM comparison WHERE id = ?').pluck().get(id)!;
  return {
    id,
    storedAt,
    title,
    name,
    note,
    settings: parseStored(db, row.settings, manySettingsSchema, what),
    hashes,
    profiles: hashes.profiles.map((hash) => getContent(db, hash, profileSchema, `a profile of ${what}`)),
    workload: getContent(db, hashes.workload, workloadSchema, `the workload of ${what}`),
    result: parseStored(db, text, resultSchema, what),
    versions: { crossover, analysis },
  };
}

function hashesOf(db: ReadDb, { id, workload }: Row): ComparisonHashes {
  const profiles = db
    .prepare<[string], string>('SELECT hash FROM comparison_profile WHERE comparison = ? ORDER BY position')
    .pluck()
    .all(id);
  return { profiles, workload };
}

function summary(db: ReadDb, row: Row): ComparisonSummary {
  const { id, storedAt, title, name, note, kind, text, energyModel } = row;
  const settings = parseStored(db, row.settings, manySettingsSchema, `the comparison ${id}`);
  const hashes = hashesOf(db, row);
  const now = (table: 'profile' | 'workload', item: string): string | undefined =>
    db.prepare<[string], string>(`SELECT content_hash FROM ${table} WHERE id = ?`).pluck().get(item);
  return {
    id,
    storedAt,
    title,
    name,
    note,
    settings,
    energyModel,
    verdict: { kind, text },
    current:
      row.analysis === ANALYSIS_VERSION &&
      now('workload', settings.workload) === hashes.workload &&
      settings.profiles.every((profile, i) => now('profile', profile) === hashes.profiles[i]),
  };
}

/** Names a comparison, or notes something of it; the comparison itself never changes. @returns whether there is one */
export function changeComparison(
  db: WriteDb,
  id: string,
  { name, note }: { readonly name?: string | undefined; readonly note?: string | undefined },
): boolean {
  return (
    db
      .prepare(
        'UPDATE comparison SET name = coalesce(:name, name), note = coalesce(:note, note) WHERE id = :id',
      )
      .run({ id, name: name ?? null, note: note ?? null }).changes > 0
  );
}

/** Marks a comparison as removed; it goes at a later start. @returns whether it was there */
export function markComparisonRemoved(db: WriteDb, id: string, at: string): boolean {
  return (
    db.prepare('UPDATE comparison SET removed_at = ? WHERE id = ? AND removed_at IS NULL').run(at, id)
      .changes > 0
  );
}

/** Takes a removal back. @returns whether there is one with this id */
export function restoreComparison(db: WriteDb, id: string): boolean {
  return db.prepare('UPDATE comparison SET removed_at = NULL WHERE id = ?').run(id).changes > 0;
}

/** Removes for good what was marked as removed, with the copies of inputs that nothing else needs. */
export function purgeComparisons(db: WriteDb): void {
  db.transaction(() => {
    const { changes } = db.prepare('DELETE FROM comparison WHERE removed_at IS NOT NULL').run();
    if (changes > 0) dropUnusedContent(db);
  })();
}
