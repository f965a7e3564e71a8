import type { StoredProfile, StoredWorkload, StudySummary } from '#core/catalogue';
import { z } from 'zod';
import { parseManySettings, type ManySettings } from '#core/analysis/manySettings';
import type { ManyResult } from '#core/analysis/manySystems';
import type { VariationAnswer } from '#core/analysis/variations';
import { compareStudies, type StudyComparison } from '#core/compareStudies';
import { LabError } from '#core/errors';
import { firstIssues } from '#core/profile';
import { parseOperation } from '#core/simulation/operation';
import type { Simulation } from '#core/simulation/simulate';
import {
  parseSettings,
  studyTitle,
  type StudyInputs,
  type StudyResult,
  type StudySettings,
} from '#core/study';
import { currentProjectId, isInProject, putIntoProject } from '../store/projects.ts';
import {
  changeStudy,
  findStudy,
  findStudySummary,
  listStudies,
  putStudy,
  removeStudy,
  studyId,
  type StoredStudy,
  type StudyChanges,
} from '../store/studies.ts';
import { runVariations } from '../workers/runVariations.ts';
import { runManySystems, runStudy, type StudyWatch } from '../workers/runStudy.ts';
import type { WorkerPool } from '../workers/workerPool.ts';
import { listWorkloads } from '../store/workloads.ts';
import { nearestIds } from './nearest.ts';
import type { Store } from './openStore.ts';

/** Running studies, and what is stored of them. Every method throws LabError for what can be expected to go wrong. */
export interface LabStudies {
  /**
   * Runs the study with these settings on threads of its own and stores it in the project that is the current one when it
   * is asked for; the same settings and inputs are the same study, which is run once.
   */
  saveStudy(settings: unknown, watch?: StudyWatch): Promise<StudySummary>;
  /** the result that a study with these settings would have; stores nothing */
  previewStudy(settings: unknown, watch?: StudyWatch): Promise<StudyResult>;
  listStudies(): StudySummary[];
  /** a study with the inputs that it was computed from, even where those have changed since */
  showStudy(id: string): StoredStudy;
  /** names a study, or notes something of it; the study itself never changes */
  changeStudy(id: string, changes: unknown): StudySummary;
  removeStudy(id: string): void;
  /** compares any number of systems; stores nothing */
  compareSystems(
    settings: unknown,
    watch?: StudyWatch,
  ): Promise<{ readonly settings: ManySettings; readonly result: ManyResult }>;
  /** a study with one thing changed at a time, the workload to every one that there is; stores nothing */
  varyStudy(settings: unknown, watch?: StudyWatch): Promise<VariationAnswer[]>;
  /** two studies side by side */
  compareStudies(a: string, b: string): StudyComparison;
  /**
   * the policy of a study carried out with these devices and arrivals, without an arrival rate at half of what they carry;
   * stores nothing
   * @param study its settings, or the id of a stored one, which is taken with its own inputs
   */
  simulateStudy(study: unknown, operation: unknown, watch?: StudyWatch): Promise<Simulation>;
}

/** @param guard turns what the database throws into LabErrors */
export function createLabStudies(options: {
  readonly store: Store;
  readonly pool: WorkerPool;
  readonly now: () => Date;
  /** Crossover's version */
  readonly version: string;
  readonly guard: <T>(work: () => T) => T;
  readonly showProfile: (id: string) => StoredProfile;
  readonly showWorkload: (id: string) => StoredWorkload;
}): LabStudies {
  const { store, pool, now, version, guard, showProfile, showWorkload } = options;
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

  const known = (id: string, found: unknown): void => {
    if (found === undefined || found === false) {
      throw unknownStudy(
        id,
        guard(() => listStudies(db)),
      );
    }
  };
  /** A project holds every study that was asked for in it. */
  const keep = (id: string, project: string | undefined): void =>
    guard(() => {
      if (!isInProject(db, id, project)) putIntoProject(store.writable(), id, now().toISOString(), project);
    });
  const show = (id: string): StoredStudy => {
    const found = guard(() => findStudy(db, id));
    known(id, found);
    return found!;
  };

  return {
    saveStudy: async (asked, watch) => {
      const { settings, inputs, hashes } = prepare(asked);
      const id = studyId({ settings, hashes });
      // Another one may be open when the study is computed.
      const project = guard(() => currentProjectId(db));
      const stored = guard(() => findStudySummary(db, id));
      if (stored !== undefined) {
        keep(id, project);
        return stored;
      }
      // Whether it can be stored is known before it is computed.
      store.writable();
      const result = await runStudy(pool, settings, inputs, watch);
      return guard(() =>
        store.writable().transaction(() => {
          putStudy(store.writable(), {
            study: { id, settings, hashes, result },
            inputs,
            title: studyTitle(inputs),
            storedAt: now().toISOString(),
            crossover: version,
          });
          keep(id, project);
          return findStudySummary(db, id)!;
        })(),
      );
    },
    previewStudy: async (asked, watch) => {
      const { settings, inputs } = prepare(asked);
      return runStudy(pool, settings, inputs, watch);
    },
    compareSystems: async (asked, watch) => {
      const settings = parseManySettings(asked);
      const profiles = settings.profiles.map((id) => showProfile(id).profile);
      const { workload } = showWorkload(settings.workload);
      const result = await runManySystems(pool, { settings, profiles, workload }, watch);
      return { settings, result };
    },
    varyStudy: async (asked, watch) => {
      const { settings, inputs } = prepare(asked);
      const workloads = new Map(
        guard(() => listWorkloads(db)).map(({ id }) => [
          id,
          id === settings.workload ? inputs.workload : showWorkload(id).workload,
        ]),
      );
      return runVariations(pool, { settings, inputs, workloads }, watch);
    },
    listStudies: () => guard(() => listStudies(db)),
    showStudy: show,
    changeStudy: (id, asked) => {
      const changes = parseChanges(asked);
      known(
        id,
        guard(() => changeStudy(store.writable(), id, changes)),
      );
      return guard(() => findStudySummary(db, id)!);
    },
    removeStudy: (id) =>
      known(
        id,
        guard(() => removeStudy(store.writable(), id)),
      ),
    compareStudies: (a, b) => compareStudies(show(a), show(b)),
    simulateStudy: async (asked, how, { signal, onProgress } = {}) => {
      const operation = parseOperation(how);
      const stored = typeof asked === 'string' ? show(asked) : undefined;
      const { settings, inputs } = stored
        ? { settings: stored.study.settings, inputs: stored.inputs }
        : prepare(asked);
      return pool.run(
        'simulate',
        { settings, inputs, operation },
        { signal, onProgress: (fraction) => onProgress?.({ what: 'Simulating the queues', fraction }) },
      );
    },
  };
}

const changesSchema = z.strictObject({
  name: z.exactOptional(z.string().trim().max(200)),
  note: z.exactOptional(z.string().trim().max(10_000)),
});

/** @throws LabError "bad-setting" when they are none */
export function parseChanges(asked: unknown): StudyChanges {
  const result = changesSchema.safeParse(asked);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The study cannot be named like this: ${firstIssues(result.error)}.`,
    'Nothing was changed. A name has at most 200 characters, a note at most 10,000.',
  );
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
