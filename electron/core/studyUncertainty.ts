import {
  bootstrapReplicates,
  mergeReplicates,
  type Progress,
  type Replicates,
} from './analysis/bootstrap.ts';
import { bootstrapSetUp } from './analysis/bootstrapSetUp.ts';
import { summariseBootstrap } from './analysis/uncertainty.ts';
import { analyse, DEFAULT_SEED, type StudyInputs, type StudyResult, type StudySettings } from './study.ts';

/**
 * Runs a study with the bootstrap that its settings ask for, in this thread.
 * @throws LabError as `analyse` does, and "interrupted" when the signal says so
 */
export function analyseWithUncertainty(
  settings: StudySettings,
  inputs: StudyInputs,
  follow: Progress = {},
): StudyResult {
  const { bootstrap = 0, seed = DEFAULT_SEED } = settings;
  if (bootstrap === 0) return analyse(settings, inputs);
  const setUp = bootstrapSetUp(settings, inputs, follow.solve);
  return withReplicates(settings, inputs, setUp, [bootstrapReplicates(setUp, seed, 0, bootstrap, follow)]);
}

/**
 * The study with what its replicates say, wherever they were computed.
 * @param chunks all replicates from 0 on, in any order
 */
export function withReplicates(
  settings: StudySettings,
  inputs: StudyInputs,
  setUp: ReturnType<typeof bootstrapSetUp>,
  chunks: readonly Replicates[],
): StudyResult {
  const { seed = DEFAULT_SEED } = settings;
  const uncertainty = summariseBootstrap(setUp, seed, mergeReplicates(chunks));
  return analyse(settings, inputs, undefined, uncertainty);
}
