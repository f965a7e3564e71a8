import { z } from 'zod';
import { studySummarySchema, type StudySummary } from '#core/catalogue';
import { firstIssues, profileSchema } from '#core/profile';
import { ANALYSIS_VERSION, settingsSchema, type Study, type StudyInputs } from '#core/study';
import { studyResultSchema } from '#core/studyResultSchema';
import { workloadSchema } from '#core/workload';
import { canonicalJson, dropUnusedContent, getContent, keepContent, parseStored, sha256 } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { damaged } from './storeError.ts';

/** A study with the very profiles and the workload that it was computed from. */
export interface StoredStudy {
  readonly study: Study;
  readonly inputs: StudyInputs;
  readonly title: string;
  /** when it was first stored, ISO 8601 */
  readonly storedAt: string;
  /** the user's, no part of the study; empty without one */
  readonly name: string;
  readonly note: string;
  /** which computed it; null where that is not known */
  readonly versions: { readonly crossover: string | null; readonly analysis: number };
}

/** What the user may change of a study. */
export type StudyChanges = Partial<Pick<StoredStudy, 'name' | 'note'>>;

const SUMMARY = `id, stored_at AS storedAt, title, name, note, settings, verdict_kind AS verdictKind,
  verdict_text AS verdictText,
  (analysis_version = ${ANALYSIS_VERSION}
    AND EXISTS (SELECT 1 FROM profile WHERE id = settings ->> '$.small' AND content_hash = small_hash)
    AND EXISTS (SELECT 1 FROM profile WHERE id = settings ->> '$.large' AND content_hash = large_hash)
    AND EXISTS (SELECT 1 FROM workload WHERE id = settings ->> '$.workload' AND content_hash = workload_hash)
  ) AS current`;

const rowSchema = z.object({
  id: z.string(),
  storedAt: z.string(),
  title: z.string(),
  name: z.string(),
  note: z.string(),
  settings: z.string(),
  verdictKind: z.string(),
  verdictText: z.string(),
  current: z.number(),
});

/** Whether a study is in use: in a project, or in none at all; one that was removed from every project is not. */
const IN_USE = `(NOT EXISTS (SELECT 1 FROM project_study WHERE study = study.id) OR EXISTS (
  SELECT 1 FROM project_study AS held JOIN project ON project.id = held.project
  WHERE held.study = study.id AND held.removed_at IS NULL AND project.removed_at IS NULL))`;

/** The id of a study: the same settings, inputs and analysis make the same study. */
export function studyId(study: Omit<Study, 'id' | 'result'>): string {
  const { settings, hashes } = study;
  return `study-${sha256(canonicalJson({ settings, hashes, analysis: ANALYSIS_VERSION })).slice(0, 12)}`;
}

/**
 * Stores a study with what it was computed from; one that is there already stays as it is.
 * @param crossover the version that computed it
 */
export function putStudy(
  db: WriteDb,
  {
    study,
    inputs,
    title,
    storedAt,
    crossover,
  }: Pick<StoredStudy, 'study' | 'inputs' | 'title' | 'storedAt'> & { crossover: string },
): void {
  for (const name of ['small', 'large', 'workload'] as const)
    keepContent(db, study.hashes[name], inputs[name]);
  db.prepare(
    `INSERT INTO study (id, stored_at, title, settings, small_hash, large_hash, workload_hash, analysis_version,
                        crossover_version, result, verdict_kind, verdict_text)
     VALUES (:id, :storedAt, :title, :settings, :small, :large, :workload, :analysisVersion, :crossover, :result,
             :verdictKind, :verdictText)
     ON CONFLICT (id) DO NOTHING`,
  ).run({
    ...study.hashes,
    id: study.id,
    storedAt,
    title,
    settings: canonicalJson(study.settings),
    analysisVersion: ANALYSIS_VERSION,
    crossover,
    result: JSON.stringify(study.result),
    verdictKind: study.result.verdict.kind,
    verdictText: study.result.verdict.text,
  });
}

/** Every study that is in use, the latest first. */
export function listStudies(db: ReadDb): StudySummary[] {
  return db
    .prepare(`SELECT ${SUMMARY} FROM study WHERE ${IN_USE} ORDER BY stored_at DESC, id`)
    .all()
    .map((row) => summary(db, row));
}

/**
 * One line of the list.
 * @returns undefined when there is none with this id
 */
export function findStudySummary(db: ReadDb, id: string): StudySummary | undefined {
  const row = db.prepare<[string]>(`SELECT ${SUMMARY} FROM study WHERE id = ?`).get(id);
  return row === undefined ? undefined : summary(db, row);
}

/**
 * A study with its result and inputs.
 * @returns undefined when there is none with this id
 * @throws LabError "database-damaged" when it is not what it should be
 */
export function findStudy(db: ReadDb, id: string): StoredStudy | undefined {
  const row = db
    .prepare<
      [string],
      Record<
        'small' | 'large' | 'workload' | 'settings' | 'result' | 'title' | 'storedAt' | 'name' | 'note',
        string
      > & { readonly crossover: string | null; readonly analysis: number }
    >(
      `SELECT small_hash AS small, large_hash AS large, workload_hash AS workload, settings, result, title,
              stored_at AS storedAt, name, note, crossover_version AS crossover, analysis_version AS analysis
       FROM study WHERE id = ?`,
    )
    .get(id);
  if (row === undefined) return undefined;
  const { small, large, workload, title, storedAt, name, note, crossover, analysis } = row;
  const what = `the study ${id}`;
  return {
    study: {
      id,
      settings: parseStored(db, row.settings, settingsSchema, what),
      hashes: { small, large, workload },
      result: parseStored(db, row.result, studyResultSchema, what),
    },
    inputs: {
      small: getContent(db, small, profileSchema, `the small profile of ${what}`),
      large: getContent(db, large, profileSchema, `the large profile of ${what}`),
      workload: getContent(db, workload, workloadSchema, `the workload of ${what}`),
    },
    title,
    storedAt,
    name,
    note,
    versions: { crossover, analysis },
  };
}

/** Names a study, or notes something of it; the study itself never changes. @returns whether there is one */
export function changeStudy(db: WriteDb, id: string, { name, note }: StudyChanges): boolean {
  return (
    db
      .prepare('UPDATE study SET name = coalesce(:name, name), note = coalesce(:note, note) WHERE id = :id')
      .run({ id, name: name ?? null, note: note ?? null }).changes > 0
  );
}

/** Removes a study with the copies of its inputs that nothing else needs. @returns whether there was one */
export function removeStudy(db: WriteDb, id: string): boolean {
  return db.transaction(() => {
    const { changes } = db.prepare('DELETE FROM study WHERE id = ?').run(id);
    dropUnusedContent(db);
    return changes > 0;
  })();
}

/** The number of studies in use. */
export function countStudies(db: ReadDb): number {
  return db.prepare<[], number>(`SELECT count(*) FROM study WHERE ${IN_USE}`).pluck().get() ?? 0;
}

function summary(db: ReadDb, row: unknown): StudySummary {
  const { verdictKind, verdictText, settings, current, ...rest } = rowSchema.parse(row);
  const result = studySummarySchema.safeParse({
    ...rest,
    settings: parseStored(db, settings, settingsSchema, `the study ${rest.id}`),
    verdict: { kind: verdictKind, text: verdictText },
    current: current === 1,
  });
  if (result.success) return result.data;
  throw damaged(db.name, `the study ${rest.id}: ${firstIssues(result.error)}`);
}
