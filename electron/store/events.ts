import type { MeterKind } from '#core/meter';
import { runEventSchema, type Environment, type RunEvent } from '#core/run';
import { canonicalJson, parseStored } from './content.ts';
import type { ReadDb, WriteDb } from './sqlite.ts';
import { guarded } from './storeError.ts';

/**
 * Stores something that happened in a run.
 * @throws LabError "disk-full" and the like; everything stored before is kept
 */
export function putEvent(db: WriteDb, runId: string, event: RunEvent): void {
  guarded(db.name, () =>
    db
      .prepare('INSERT INTO run_event (run_id, at_s, document) VALUES (?, ?, ?)')
      .run(runId, event.atS, canonicalJson(event)),
  );
}

/**
 * What happened in a run, in the order in which it was stored.
 * @throws LabError "database-damaged" when an event is not what it should be
 */
export function listEvents(db: ReadDb, runId: string): RunEvent[] {
  return db
    .prepare<[string], string>('SELECT document FROM run_event WHERE run_id = ? ORDER BY id')
    .pluck()
    .all(runId)
    .map((document) => parseStored(db, document, runEventSchema, `an event of the run ${runId}`));
}

/** Whether a meter of this kind was found to agree with another one, in a run on this system. */
export function hasAgreed(
  db: ReadDb,
  meter: MeterKind,
  { chip, os }: Pick<Environment, 'chip' | 'os'>,
): boolean {
  return (
    db
      .prepare<{ meter: string; chip: string; os: string }, 1>(
        `SELECT 1 FROM run_event e JOIN run r ON r.id = e.run_id
         WHERE json_extract(e.document, '$.crossCheck.agrees') = 1
           AND json_extract(r.meter, '$.kind') = :meter
           AND json_extract(r.environment, '$.chip') = :chip AND json_extract(r.environment, '$.os') = :os
         LIMIT 1`,
      )
      .pluck()
      .get({ meter, chip, os }) !== undefined
  );
}
