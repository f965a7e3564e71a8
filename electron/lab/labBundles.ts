import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FoundBundle } from '#core/bundleFound';
import { LabError } from '#core/errors';
import { ANALYSIS_VERSION } from '#core/study';
import type { TakenBundle } from '#core/studyBundle';
import type { ReadDb, WriteDb } from '../store/sqlite.ts';
import { findStudySummary } from '../store/studies.ts';
import type { StudyWatch } from '../workers/runStudy.ts';
import type { CheckBundle, CheckedBundle } from './studyBundle/check.ts';
import { takeVerifiedBundle } from './studyBundle/take.ts';

/** Bundles that are looked at before they are opened. One is in hand at a time. */
export interface LabBundles {
  /**
   * what a bundle holds, and whether its numbers hold; stores nothing
   * @throws LabError "bad-bundle" when the file is not as it was written, "file-not-readable", "interrupted"
   */
  inspect(file: string, watch?: StudyWatch): Promise<FoundBundle>;
  /**
   * stores what was looked at, not what the file may have become since
   * @throws LabError "bad-bundle" when its numbers do not hold, "bad-setting" when another one is in hand
   */
  open(file: string): TakenBundle;
  /** lets go of the bundle in hand */
  close(): void;
}

export function createLabBundles({
  store,
  check,
  guard,
  now,
  version,
}: {
  readonly store: { readonly db: ReadDb; readonly writable: () => WriteDb };
  readonly check: CheckBundle;
  readonly guard: <T>(work: () => T) => T;
  readonly now: () => Date;
  readonly version: string;
}): LabBundles {
  let inHand: { file: string; folder: string; checked: CheckedBundle } | undefined;
  const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });
  const close = (): void => {
    if (inHand !== undefined) remove(inHand.folder);
    inHand = undefined;
  };
  return {
    inspect: async (file, watch = {}) => {
      close();
      const folder = mkdtempSync(path.join(tmpdir(), 'crossover-bundle-'));
      try {
        const checked = await check({ file, folder, version }, watch);
        close();
        inHand = { file, folder, checked };
        return found(
          file,
          checked,
          guard(() => findStudySummary(store.db, checked.bundle.study.id)) !== undefined,
        );
      } catch (thrown) {
        remove(folder);
        throw thrown;
      }
    },
    open: (file) => {
      if (inHand?.file !== file) {
        throw new LabError(
          'bad-setting',
          `${path.basename(file)} is not the bundle that was looked at last. Nothing was stored.`,
          'Look at it again.',
        );
      }
      const { checked } = inHand;
      return guard(() => takeVerifiedBundle(store.writable(), checked.bundle, checked, now));
    },
    close,
  };
}

function found(
  file: string,
  { verification, recomputed, bundle }: CheckedBundle,
  already: boolean,
): FoundBundle {
  const { manifest, study, inputs, runs, runFiles } = bundle;
  return {
    file,
    bytes: statSync(file).size,
    verification,
    verdict: study.result.verdict.text,
    small: inputs.small.system,
    large: inputs.large.system,
    model: inputs.small.model.name,
    workload: inputs.workload.name,
    lambda: study.settings.lambda,
    energyModel: study.settings.energyModel,
    samples: manifest.samples,
    runs: runs.length + runFiles.length,
    canOpen: recomputed !== undefined && (verification.verified || manifest.analysis !== ANALYSIS_VERSION),
    already,
  };
}
