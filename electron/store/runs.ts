import { z } from 'zod';
import { LabError } from '#core/errors';
import { runSchema, type Run } from '#core/run';
import { summariseRun, type RunSummary } from '#core/runSummary';
import { firstIssues } from '#core/profile';
import { canonicalJson, dropUnusedContent } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { damaged, guarded } from './storeError.ts';
import { listTrials } from './trials.ts';

/** What may change of a run after it was begun; `endedAt: undefined` takes the end away when a run goes on. */
export type RunChanges = Partial<Pick<Run, 'name' | 'note' | 'state' | 'truth' | 'environment'>> & {
  readonly endedAt?: string | undefined;
};

const COLUMNS = `id, name, note, state, started_at AS startedAt, ended_at AS endedAt, request, plan, engine, meter,
  truth, environment`;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not readable' });
    return z.NEVER;
  }
});

/** A row as SQLite holds it, read as a run. */
const rowSchema = z
  .object({
    endedAt: z.string().nullable(),
    request: json.nullable(),
    plan: json,
    engine: json,
    meter: json,
    truth: json.nullable(),
    environment: json,
  })
  .loose()
  .transform(({ endedAt, request, truth, ...row }): unknown => ({
    ...row,
    ...(endedAt === null ? {} : { endedAt }),
    ...(request === null ? {} : { request }),
    ...(truth === null ? {} : { truth }),
  }))
  .pipe(runSchema);

/**
 * Stores a new run.
 * @throws LabError "disk-full" and the like; nothing is then stored
 */
export function createRun(db: WriteDb, run: Run): void {
  guarded(db.name, () =>
    db
      .prepare(
        `INSERT INTO run (id, name, note, state, started_at, ended_at, request, plan, engine, meter, truth,
           environment)
         VALUES (:id, :name, :note, :state, :startedAt, :endedAt, :request, :plan, :engine, :meter, :truth,
           :environment)`,
      )
      .run(rowOf(run)),
  );
}

/**
 * Changes a run.
 * @throws LabError "unknown-run"
 */
export function updateRun(db: WriteDb, id: string, changes: RunChanges): void {
  guarded(db.name, () =>
    db.transaction(() => {
      const { endedAt, ...kept } = findRun(db, id) ?? unknown(id);
      const end = 'endedAt' in changes ? changes.endedAt : endedAt;
      const run: Run = { ...kept, ...omitEnd(changes), ...(end === undefined ? {} : { endedAt: end }) };
      db.prepare(
        `UPDATE run SET name = :name, note = :note, state = :state, ended_at = :endedAt, truth = :truth,
           environment = :environment WHERE id = :id`,
      ).run(rowOf(run));
    })(),
  );
}

/**
 * A run.
 * @returns undefined when there is none with this id
 * @throws LabError "database-damaged" when it is not what it should be
 */
export function findRun(db: ReadDb, id: string): Run | undefined {
  const row = db.prepare<[string]>(`SELECT ${COLUMNS} FROM run WHERE id = ?`).get(id);
  return row === undefined ? undefined : runOf(db, row);
}

/**
 * Where the clock of a run stands: the end of the last trial, event or sample that it has, s; 0 when it has none.
 * A run that goes on continues from there, so that its times keep rising whatever the computer's clock did.
 */
export function runEndS(db: ReadDb, id: string): number {
  return (
    db
      .prepare<{ id: string }, number | null>(
        `SELECT max(at_s) FROM (
           SELECT max(end_s) AS at_s FROM trial WHERE run_id = :id
           UNION ALL SELECT max(at_s) FROM run_event WHERE run_id = :id
           UNION ALL SELECT max(end_s) FROM sample_chunk WHERE run_id = :id
         )`,
      )
      .pluck()
      .get({ id }) ?? 0
  );
}

/** Every run, the latest first. */
export function listRuns(db: ReadDb): RunSummary[] {
  const durationS = db
    .prepare<{ id: string }, number | null>(
      `SELECT max(at_s) - min(at_s) FROM (
         SELECT start_s AS at_s FROM trial WHERE run_id = :id
         UNION ALL SELECT end_s FROM trial WHERE run_id = :id
         UNION ALL SELECT at_s FROM run_event WHERE run_id = :id
       )`,
    )
    .pluck();
  return db
    .prepare(`SELECT ${COLUMNS} FROM run ORDER BY started_at DESC, id`)
    .all()
    .map((row) => {
      const run = runOf(db, row);
      return summariseRun(run, listTrials(db, run.id), durationS.get({ id: run.id }) ?? 0);
    });
}

/** Ids of the runs that measured shards of a sweep, the earliest first. */
export function runsOfSweep(db: ReadDb, sweep: string): string[] {
  return db
    .prepare<[string], string>(
      "SELECT id FROM run WHERE json_extract(plan, '$.shard.sweep') = ? ORDER BY started_at, id",
    )
    .pluck()
    .all(sweep);
}

/**
 * Removes a run with its trials, events and samples, and the profile that was made of it. Studies keep the copy of
 * the profile that they were computed from.
 * @throws LabError "unknown-run"
 */
export function deleteRun(db: WriteDb, id: string): void {
  guarded(db.name, () =>
    db.transaction(() => {
      if (db.prepare('DELETE FROM run WHERE id = ?').run(id).changes === 0) unknown(id);
      dropUnusedContent(db);
    })(),
  );
}

/**
 * Marks the runs that are stored as running although nothing runs: their program died. Only the holder of the
 * writer's lock may say so, before it starts a run of its own. Paused runs stay paused: their user chose that, and
 * both can be resumed.
 * @returns the ids of the marked runs
 */
export function markInterrupted(db: WriteDb): string[] {
  return guarded(db.name, () =>
    db
      .prepare<[], string>("UPDATE run SET state = 'interrupted' WHERE state = 'running' RETURNING id")
      .pluck()
      .all(),
  );
}

function rowOf(run: Run): Record<string, string | null> {
  return {
    id: run.id,
    name: run.name,
    note: run.note,
    state: run.state,
    startedAt: run.startedAt,
    endedAt: run.endedAt ?? null,
    request: run.request === undefined ? null : canonicalJson(run.request),
    plan: canonicalJson(run.plan),
    engine: canonicalJson(run.engine),
    meter: canonicalJson(run.meter),
    truth: run.truth === undefined ? null : canonicalJson(run.truth),
    environment: canonicalJson(run.environment),
  };
}

function runOf(db: ReadDb, row: unknown): Run {
  const result = rowSchema.safeParse(row);
  if (result.success) return result.data;
  throw damaged(db.name, `a run: ${firstIssues(result.error)}`);
}

function omitEnd(changes: RunChanges): Omit<RunChanges, 'endedAt'> {
  const rest = { ...changes };
  delete (rest as { endedAt?: unknown }).endedAt;
  return rest;
}

function unknown(id: string): never {
  throw new LabError(
    'unknown-run',
    `There is no run ${id}. Nothing was changed.`,
    'crossover runs list shows the runs there are.',
  );
}
