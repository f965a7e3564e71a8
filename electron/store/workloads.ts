import { z } from 'zod';
import {
  summariseWorkload,
  workloadSummarySchema,
  type StoredWorkload,
  type WorkloadSummary,
} from '#core/catalogue';
import { LabError } from '#core/errors';
import { firstIssues } from '#core/profile';
import { workloadSchema, type Workload } from '#core/workload';
import { dropUnusedContent, getContent, putContent } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { damaged } from './storeError.ts';

/** Where a workload in the lab comes from. */
export type WorkloadKind = WorkloadSummary['kind'];

/** A row as SQLite holds it, read as a line of the list. */
const rowSchema = z
  .object({ modelled: z.number() })
  .loose()
  .transform((row) => ({ ...row, modelled: row.modelled === 1 }))
  .pipe(workloadSummarySchema);

const COLUMNS = 'id, name, kind, queries, pairs, modelled, licence, source';

/** Stores a workload; one with the same id is replaced. */
export function putWorkload(db: WriteDb, workload: Workload, kind: WorkloadKind): void {
  const summary = summariseWorkload(workload, kind);
  db.prepare(
    `INSERT INTO workload (content_hash, ${COLUMNS})
     VALUES (:contentHash, :id, :name, :kind, :queries, :pairs, :modelled, :licence, :source)
     ON CONFLICT (id) DO UPDATE SET
       content_hash = excluded.content_hash, name = excluded.name, kind = excluded.kind,
       queries = excluded.queries, pairs = excluded.pairs, modelled = excluded.modelled,
       licence = excluded.licence, source = excluded.source`,
  ).run({ ...summary, contentHash: putContent(db, workload), modelled: Number(summary.modelled) });
}

/** Every workload, in the order of the ids. */
export function listWorkloads(db: ReadDb): WorkloadSummary[] {
  return db
    .prepare(`SELECT ${COLUMNS} FROM workload ORDER BY id`)
    .all()
    .map((row) => {
      const result = rowSchema.safeParse(row);
      if (result.success) return result.data;
      throw damaged(db.name, `a workload: ${firstIssues(result.error)}`);
    });
}

/**
 * A workload with its pairs.
 * @returns undefined when there is none with this id
 * @throws LabError "database-damaged" when it is not what it should be
 */
export function findWorkload(db: ReadDb, id: string): StoredWorkload | undefined {
  const row = db
    .prepare<[string], { kind: WorkloadKind; contentHash: string }>(
      'SELECT kind, content_hash AS contentHash FROM workload WHERE id = ?',
    )
    .get(id);
  return row && { ...row, workload: getContent(db, row.contentHash, workloadSchema, `the workload ${id}`) };
}

/** Where a workload comes from; undefined when there is none with this id. */
export function workloadKind(db: ReadDb, id: string): WorkloadKind | undefined {
  return db.prepare<[string], WorkloadKind>('SELECT kind FROM workload WHERE id = ?').pluck().get(id);
}

/** Removes a workload; studies keep the copy that they were computed from. */
export function removeWorkload(db: WriteDb, id: string): void {
  db.prepare('DELETE FROM workload WHERE id = ?').run(id);
}

/** The hash of a workload's content; undefined when there is none with this id. */
export function workloadHash(db: ReadDb, id: string): string | undefined {
  return db.prepare<[string], string>('SELECT content_hash FROM workload WHERE id = ?').pluck().get(id);
}

/**
 * Stores an imported workload, in one transaction.
 * @param replace whether an earlier import with the same id may be replaced
 * @throws LabError "bad-workload" when the id is taken; nothing is then stored
 */
export function putImportedWorkload(db: WriteDb, workload: Workload, replace: boolean): 'new' | 'replaced' {
  return db.transaction(() => {
    const kind = workloadKind(db, workload.id);
    if (kind === 'bundled' || (kind === 'imported' && !replace)) throw taken(workload.id, kind);
    putWorkload(db, workload, 'imported');
    dropUnusedContent(db);
    return kind === undefined ? 'new' : 'replaced';
  })();
}

function taken(id: string, kind: WorkloadKind): LabError {
  return kind === 'bundled'
    ? new LabError(
        'bad-workload',
        `The id ${id} is that of a workload that comes with Crossover. Nothing was written.`,
        'Give another one with --id.',
      )
    : new LabError(
        'bad-workload',
        `There is a workload with the id ${id} already, with other content. Nothing was written.`,
        'Give another id with --id, or replace it with --replace.',
      );
}

/**
 * Removes an imported workload, in one transaction; studies keep the copy that they were computed from.
 * @throws LabError "bad-setting" when it comes with Crossover
 */
export function removeImportedWorkload(db: WriteDb, id: string): void {
  db.transaction(() => {
    if (workloadKind(db, id) === 'bundled') {
      throw new LabError(
        'bad-setting',
        `The workload ${id} comes with Crossover, and would be back at the next start, so it was not removed.`,
        'Only imported workloads can be removed.',
      );
    }
    removeWorkload(db, id);
    dropUnusedContent(db);
  })();
}

/** The number of workloads. */
export function countWorkloads(db: ReadDb): number {
  return db.prepare<[], number>('SELECT count(*) FROM workload').pluck().get() ?? 0;
}
