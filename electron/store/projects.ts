import { randomUUID } from 'node:crypto';
import type { StudySummary } from '#core/catalogue';
import type { Project } from '#core/project';
import { saidOperationSchema, type SaidOperation } from '#core/simulation/operation';
import { settingsSchema, type StudySettings } from '#core/study';
import { dropUnusedContent } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { listStudies } from './studies.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly draft: string | null;
  readonly operation: string | null;
  readonly madeAt: string;
  readonly studies: number;
}

const PROJECT = `SELECT id, name, draft, operation, made_at AS madeAt,
    (SELECT count(*) FROM project_study WHERE project = project.id AND removed_at IS NULL) AS studies
  FROM project WHERE removed_at IS NULL`;

/** Every project that is not removed, in the order in which they were made. */
export function listProjects(db: ReadDb): Project[] {
  const current = currentProjectId(db);
  return db
    .prepare<[], Row>(`${PROJECT} ORDER BY made_at, id`)
    .all()
    .map((row) => projectOf(row, current));
}

/** @returns undefined when there is none with this id, or it is removed */
export function findProject(db: ReadDb, id: string): Project | undefined {
  const row = db.prepare<[string], Row>(`${PROJECT} AND id = ?`).get(id);
  return row === undefined ? undefined : projectOf(row, currentProjectId(db));
}

/** The project that was opened last; undefined when every one is removed. */
export function currentProjectId(db: ReadDb): string | undefined {
  return db
    .prepare<[], string>('SELECT id FROM project WHERE removed_at IS NULL ORDER BY opened DESC LIMIT 1')
    .pluck()
    .get();
}

/** Makes a project, which is then the current one. @returns its id */
export function makeProject(
  db: WriteDb,
  {
    name,
    draft,
    operation = null,
    madeAt,
  }: {
    readonly name: string;
    readonly draft: StudySettings | null;
    readonly operation?: SaidOperation | null;
    readonly madeAt: string;
  },
): string {
  const id = `project-${randomUUID().slice(0, 13)}`;
  db.prepare(
    `INSERT INTO project (id, name, draft, operation, made_at, opened)
     VALUES (:id, :name, :draft, :operation, :madeAt, (SELECT coalesce(max(opened), 0) + 1 FROM project))`,
  ).run({
    id,
    name,
    draft: draft === null ? null : JSON.stringify(draft),
    operation: operation === null ? null : JSON.stringify(operation),
    madeAt,
  });
  return id;
}

/** Makes a project the current one; one that was removed is there again. @returns whether there is one */
export function openProject(db: WriteDb, id: string): boolean {
  return (
    db
      .prepare(
        `UPDATE project SET removed_at = NULL, opened = (SELECT max(opened) + 1 FROM project) WHERE id = ?`,
      )
      .run(id).changes > 0
  );
}

/** Renames a project, or remembers what is being worked on in it. @returns whether there is one */
export function changeProject(
  db: WriteDb,
  id: string,
  {
    name,
    draft,
    operation,
  }: { readonly name?: string; readonly draft?: StudySettings; readonly operation?: SaidOperation },
): boolean {
  return (
    db
      .prepare(
        `UPDATE project SET name = coalesce(:name, name), draft = coalesce(:draft, draft),
           operation = coalesce(:operation, operation)
         WHERE id = :id AND removed_at IS NULL`,
      )
      .run({
        id,
        name: name ?? null,
        draft: draft === undefined ? null : JSON.stringify(draft),
        operation: operation === undefined ? null : JSON.stringify(operation),
      }).changes > 0
  );
}

/** Puts the studies of one project into another, too. */
export function copyProjectStudies(db: WriteDb, from: string, to: string): void {
  db.prepare(
    `INSERT INTO project_study (project, study, added_at)
     SELECT ?, study, added_at FROM project_study WHERE project = ? AND removed_at IS NULL`,
  ).run(to, from);
}

/** Marks a project as removed; it goes at a later start. @returns whether there was one */
export function markProjectRemoved(db: WriteDb, id: string, at: string): boolean {
  return (
    db.prepare('UPDATE project SET removed_at = ? WHERE id = ? AND removed_at IS NULL').run(at, id).changes >
    0
  );
}

/** The studies of a project, the latest first. */
export function listProjectStudies(db: ReadDb, project: string): StudySummary[] {
  const own = new Set(
    db
      .prepare<[string], string>('SELECT study FROM project_study WHERE project = ? AND removed_at IS NULL')
      .pluck()
      .all(project),
  );
  return listStudies(db).filter(({ id }) => own.has(id));
}

/** Whether a study stands in a project, by default the current one, and is not removed from it. */
export function isInProject(db: ReadDb, study: string, project = currentProjectId(db)): boolean {
  const sql = 'SELECT 1 FROM project_study WHERE project = ? AND study = ? AND removed_at IS NULL';
  return db.prepare(sql).get(project ?? '', study) !== undefined;
}

/**
 * Puts a stored study into a project; one that was removed from it is there again.
 * @param project by default, and where it is removed by now, the current one
 */
export function putIntoProject(db: WriteDb, study: string, at: string, project?: string): void {
  const open =
    project !== undefined && findProject(db, project) !== undefined ? project : currentProjectId(db);
  const into = open ?? makeProject(db, { name: 'Project 1', draft: null, madeAt: at });
  db.prepare(
    `INSERT INTO project_study (project, study, added_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET removed_at = NULL`,
  ).run(into, study, at);
}

/** Marks a study as removed from a project; it goes at a later start. @returns whether it was there */
export function markStudyRemoved(db: WriteDb, project: string, study: string, at: string): boolean {
  return (
    db
      .prepare(
        'UPDATE project_study SET removed_at = ? WHERE project = ? AND study = ? AND removed_at IS NULL',
      )
      .run(at, project, study).changes > 0
  );
}

/** Removes for good what was marked as removed: projects, and studies that no project has any more. */
export function purgeRemoved(db: WriteDb): void {
  db.transaction(() => {
    const gone = db
      .prepare<[], string>(
        `SELECT DISTINCT study FROM project_study JOIN project ON project.id = project
         WHERE project_study.removed_at IS NOT NULL OR project.removed_at IS NOT NULL`,
      )
      .pluck()
      .all();
    const projects = db.prepare('DELETE FROM project WHERE removed_at IS NOT NULL').run().changes;
    if (gone.length + projects === 0) return;
    db.exec('DELETE FROM project_study WHERE removed_at IS NOT NULL');
    const drop = db.prepare(
      'DELETE FROM study WHERE id = ? AND NOT EXISTS (SELECT 1 FROM project_study WHERE study = study.id)',
    );
    for (const study of gone) drop.run(study);
    dropUnusedContent(db);
  })();
}

function projectOf(row: Row, current: string | undefined): Project {
  return {
    ...row,
    current: row.id === current,
    draft: draftOf(row.draft),
    operation: operationOf(row.operation),
  };
}

/** A draft that cannot be read is none: what is stored counts, not what was on the way. */
function draftOf(text: string | null): StudySettings | null {
  if (text === null) return null;
  return settingsSchema.safeParse(JSON.parse(text)).data ?? null;
}

/** What cannot be read was not said, as with a draft. */
function operationOf(text: string | null): SaidOperation | null {
  if (text === null) return null;
  return saidOperationSchema.safeParse(JSON.parse(text)).data ?? null;
}
