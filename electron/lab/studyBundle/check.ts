import path from 'node:path';
import type { StudyWatch } from '../../workers/runStudy.ts';
import type { WorkerPool } from '../../workers/workerPool.ts';
import { runStudy } from '../../workers/runStudy.ts';
import { readStudyBundle, type TakeableBundle } from './read.ts';
import { verifyBundle, type VerifiedBundle } from './verify.ts';

export interface CheckRequest {
  readonly file: string;
  /** where the run bundles are unpacked to; the caller removes it */
  readonly folder: string;
  /** of this Crossover */
  readonly version: string;
}

/** A bundle that was read whole and verified, so that it can be taken in without another look at the file. */
export interface CheckedBundle extends VerifiedBundle {
  readonly bundle: TakeableBundle;
}

/** Reads and verifies a bundle, here or elsewhere. */
export type CheckBundle = (request: CheckRequest, watch: StudyWatch) => Promise<CheckedBundle>;

/**
 * Reads and verifies a bundle in this process.
 * @throws LabError "bad-bundle" when the file is not as it was written, "file-not-readable", "interrupted"
 */
export function checkHere(pool: WorkerPool): CheckBundle {
  return async ({ file, folder, version }, { signal, onProgress }) => {
    const { stated, ...bundle } = readStudyBundle(file, 'Nothing in it was stored.', folder, (fraction) =>
      onProgress?.({ what: 'Reading the file', fraction: 0.2 * fraction }),
    );
    const verified = await verifyBundle(
      path.basename(file),
      { ...bundle, stated },
      version,
      (settings, inputs) =>
        runStudy(pool, settings, inputs, {
          signal,
          onProgress: ({ fraction }) =>
            onProgress?.({ what: 'Computing the study anew', fraction: 0.2 + 0.75 * fraction }),
        }),
    );
    return { ...verified, bundle };
  };
}
