import type { Replicates } from '#core/analysis/bootstrap';
import type { BootstrapSetUp, NamedPolicy } from '#core/analysis/bootstrapPart';
import type { ManySettings } from '#core/analysis/manySettings';
import type { ManyResult } from '#core/analysis/manySystems';
import type { Profile } from '#core/profile';
import { DEFAULT_SEED, type StudyInputs, type StudyResult, type StudySettings } from '#core/study';
import type { Workload } from '#core/workload';
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
  watch: StudyWatch = {},
): Promise<StudyResult> {
  const { signal } = watch;
  const asked = { settings, inputs };
  return withBootstrap(pool, settings, watch, {
    setUp: () => pool.run('setUpBootstrap', asked, { signal }),
    finish: (bootstrap) =>
      pool.run('analyse', { ...asked, ...(bootstrap === undefined ? {} : { bootstrap }) }, { signal }),
  });
}

/** What is asked of a comparison of any number of systems. */
export interface ManyQuestion {
  readonly settings: ManySettings;
  /** in the order of the settings */
  readonly profiles: readonly Profile[];
  readonly workload: Workload;
}

/**
 * Compares any number of systems on threads of their own; see `runStudy`.
 * @throws LabError what the analysis throws; "interrupted" when the signal aborts
 */
export async function runManySystems(
  pool: WorkerPool,
  asked: ManyQuestion,
  watch: StudyWatch = {},
): Promise<ManyResult> {
  const { signal } = watch;
  return withBootstrap(pool, asked.settings, watch, {
    setUp: () => pool.run('setUpManyBootstrap', asked, { signal }),
    finish: (bootstrap) =>
      pool.run('compareSystems', { ...asked, ...(bootstrap === undefined ? {} : { bootstrap }) }, { signal }),
  });
}

/** The replicates that settings ask for, shared out among the threads, and what is made of them. */
async function withBootstrap<S extends BootstrapSetUp<NamedPolicy>, R>(
  pool: WorkerPool,
  {
    bootstrap: replicates = 0,
    seed = DEFAULT_SEED,
  }: { readonly bootstrap?: number | undefined; readonly seed?: number | undefined },
  { signal, onProgress }: StudyWatch,
  work: {
    readonly setUp: () => Promise<S>;
    readonly finish: (
      bootstrap:
        { readonly setUp: S; readonly seed: number; readonly chunks: readonly Replicates[] } | undefined,
    ) => Promise<R>;
  },
): Promise<R> {
  const tell = (what: string, fraction: number): void => onProgress?.({ what, fraction });
  if (replicates === 0) {
    tell('Looking for policies', 0);
    const result = await work.finish(undefined);
    tell('Looking for policies', 1);
    return result;
  }
  tell('Preparing the bootstrap', 0);
  const setUp = await work.setUp();
  const chunks = await pool.runAll(
    'replicate',
    spansOf(replicates, pool.workers).map((span) => ({ setUp, seed, ...span })),
    {
      signal,
      onProgress: (fraction) => tell('Drawing trials and queries again', 0.1 + 0.8 * fraction),
    },
  );
  tell('Looking for policies', 0.9);
  const result = await work.finish({ setUp, seed, chunks });
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
