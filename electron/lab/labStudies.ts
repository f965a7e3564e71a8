import type { StoredProfile, StoredWorkload, StudySummary } from '#core/catalogue';
import { LabError } from '#core/errors';
import {
  parseSettings,
  studyTitle,
  type StudyInputs,
  type StudyResult,
  type StudySettings,
} from '#core/study';
import {
  findStudy,
  findStudySummary,
  listStudies,
  putStudy,
  studyId,
  type StoredStudy,
} from '../store/studies.ts';
import { runStudy, type StudyWatch } from '../workers/runStudy.ts';
import type { WorkerPool } from '../workers/workerPool.ts';
import { nearestIds } from './nearest.ts';
import type { Store } from './openStore.ts';

/** Running studies, and what is stored of them. Every method throws LabError for what can be expected to go wrong. */
export interface LabStudies {
  /**
   * Runs the study with these settings on threads of its own and stores it; the same settings and inputs are the same
   * study, which is run once.
   */
  saveStudy(settings: unknown, watch?: StudyWatch): Promise<StudySummary>;
  /** the result that a study with these settings would have; stores nothing */
  previewStudy(settings: unknown, watch?: StudyWatch): Promise<StudyResult>;
  listStudies(): StudySummary[];
  /** a study with the inputs that it was computed from, even where those have changed since */
  showStudy(id: string): StoredStudy;
}

/** @param guard turns what the database throws into LabErrors */
export function createLabStudies(options: {
  readonly store: Store;
  readonly pool: WorkerPool;
  readonly now: () => Date;
  readonly guard: <T>(work: () => T) => T;
  readonly showProfile: (id: string) => StoredProfile;
  readonly showWorkload: (id: string) => StoredWorkload;
}): LabStudies {
  const { store, pool, now, guard, showProfile, showWorkload } = options;
  const { db } = store;

  const prepare = (asked: unknown): Prepared => {
    const settings = parseSettings(asked);
    const small = showProfile(settings.small);
    const large = showProfile(settings.large);
    const workload = showWorkload(settings.workload);
    return {
      settings,
      inputs: { small: small.profile, large: large.profile, workload: workload.workload },
      hashes: {
        small: small.contentHash,
        large: large.contentHash,
        workload: workload.contentHash,
      },
    };
  };

  return {
    saveStudy: async (asked, watch) => {
      const { settings, inputs, hashes } = prepare(asked);
      const id = studyId({ settings, hashes });
      const known = guard(() => findStudySummary(db, id));
      if (known !== undefined) return known;
      // Whether it can be stored is known before it is computed.
      store.writable();
      const result = await runStudy(pool, settings, inputs, watch);
      return guard(() => {
        putStudy(store.writable(), {
          study: { id, settings, hashes, result },
          title: studyTitle(inputs),
          storedAt: now().toISOString(),
        });
        return findStudySummary(db, id)!;
      });
    },
    previewStudy: async (asked, watch) => {
      const { settings, inputs } = prepare(asked);
      return runStudy(pool, settings, inputs, watch);
    },
    listStudies: () => guard(() => listStudies(db)),
    showStudy: (id) => {
      const found = guard(() => findStudy(db, id));
      if (found !== undefined) return found;
      throw unknownStudy(
        id,
        guard(() => listStudies(db)),
      );
    },
  };
}

interface Prepared {
  readonly settings: StudySettings;
  readonly inputs: StudyInputs;
  readonly hashes: StoredStudy['study']['hashes'];
}

function unknownStudy(id: string, known: readonly StudySummary[]): LabError {
  const nearest = nearestIds(
    id,
    known.map((study) => study.id),
  );
  const list = 'crossover studies list shows them all.';
  return new LabError(
    'unknown-study',
    `There is no study with the id "${id}".`,
    nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ${list}` : list,
  );
}
