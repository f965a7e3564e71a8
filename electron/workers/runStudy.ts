import type { StudyInputs, StudyResult, StudySettings } from '#core/study';
import type { WorkerPool } from './workerPool.ts';

/** How a study is told to stop, and tells how far it is. */
export interface StudyWatch {
  readonly signal?: AbortSignal | undefined;
  /** what is being done, and the share of the study that is done, 0 to 1 */
  readonly onProgress?:
    ((progress: { readonly what: string; readonly fraction: number }) => void) | undefined;
}

/**
 * Runs a study on threads of its own. The result follows from the settings and the inputs alone, however many threads
 * there are.
 * @throws LabError what the analysis throws; "interrupted" when the signal aborts
 */
export async function runStudy(
  pool: WorkerPool,
  settings: StudySettings,
  inputs: StudyInputs,
  { signal, onProgress }: StudyWatch = {},
): Promise<StudyResult> {
  const tell = (what: string, fraction: number): void => onProgress?.({ what, fraction });
  tell('Looking for policies', 0);
  const result = await pool.run('analyse', { settings, inputs }, { signal });
  tell('Looking for policies', 1);
  return result;
}
