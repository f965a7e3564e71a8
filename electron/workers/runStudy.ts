import { DEFAULT_SEED, type StudyInputs, type StudyResult, type StudySettings } from '#core/study';
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
  const { bootstrap: replicates = 0, seed = DEFAULT_SEED } = settings;
  const asked = { settings, inputs };
  const tell = (what: string, fraction: number): void => onProgress?.({ what, fraction });
  if (replicates === 0) {
    tell('Looking for policies', 0);
    const result = await pool.run('analyse', asked, { signal });
    tell('Looking for policies', 1);
    return result;
  }
  tell('Preparing the bootstrap', 0);
  const setUp = await pool.run('setUpBootstrap', asked, { signal });
  const chunks = await pool.runAll(
    'replicate',
    spansOf(replicates, pool.workers).map((span) => ({ setUp, seed, ...span })),
    {
      signal,
      onProgress: (fraction) => tell('Drawing trials and queries again', 0.1 + 0.8 * fraction),
    },
  );
  tell('Looking for policies', 0.9);
  const result = await pool.run('analyse', { ...asked, bootstrap: { setUp, chunks } }, { signal });
  tell('Looking for policies', 1);
  return result;
}

/** Parts of a bootstrap: a few for each thread, so that none waits long for the last. */
function spansOf(replicates: number, workers: number): { readonly from: number; readonly to: number }[] {
  const parts = Math.min(replicates, 4 * workers);
  return Array.from({ length: parts }, (_, part) => ({
    from: Math.floor((part * replicates) / parts),
    to: Math.floor(((part + 1) * replicates) / parts),
  }));
}
