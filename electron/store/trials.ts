import { trialSchema, type Trial } from '#core/trial';
import { canonicalJson, parseStored } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { guarded } from './storeError.ts';

/**
 * Stores a trial of a run; the one with the same index is replaced, so that storing it again changes nothing.
 * @throws LabError "disk-full" and the like; everything stored before is kept
 */
export function putTrial(db: WriteDb, runId: string, trial: Trial): void {
  guarded(db.name, () =>
    db
      .prepare(
        `INSERT INTO trial (run_id, trial_index, start_s, end_s, document)
         VALUES (:runId, :index, :startS, :endS, :document)
         ON CONFLICT (run_id, trial_index) DO UPDATE SET
           start_s = excluded.start_s, end_s = excluded.end_s, document = excluded.document`,
      )
      .run({
        runId,
        index: trial.index,
        startS: trial.startS,
        endS: trial.endS,
        document: canonicalJson(trial),
      }),
  );
}

/**
 * The trials of a run, in their order.
 * @throws LabError "database-damaged" when one is not what it should be
 */
export function listTrials(db: ReadDb, runId: string): Trial[] {
  return db
    .prepare<[string], { trial_index: number; document: string }>(
      'SELECT trial_index, document FROM trial WHERE run_id = ? ORDER BY trial_index',
    )
    .all(runId)
    .map((row) => parseStored(db, row.document, trialSchema, `trial ${row.trial_index} of the run ${runId}`));
}
