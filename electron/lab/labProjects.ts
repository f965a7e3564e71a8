import { z } from 'zod';
import type { StudySummary } from '#core/catalogue';
import { LabError } from '#core/errors';
import { firstIssues } from '#core/profile';
import { copyName, freeProjectName, LONGEST_PROJECT_NAME, type Project } from '#core/project';
import { saidOperationSchema } from '#core/simulation/operation';
import { settingsSchema } from '#core/study';
import {
  changeProject,
  copyProjectStudies,
  currentProjectId,
  findProject,
  listProjects,
  listProjectStudies,
  makeProject,
  markProjectRemoved,
  markStudyRemoved,
  openProject,
  putIntoProject,
} from '../store/projects.ts';
import type { WriteDb } from '../store/sqlite.ts';
import { findStudySummary } from '../store/studies.ts';
import type { Store } from './openStore.ts';

/**
 * Pieces of work beside one another. Exactly one is the current one: what is stored goes into it. What is removed can
 * be taken back until the lab is opened again. Every method throws LabError for what can be expected to go wrong.
 */
export interface LabProjects {
  list(): Project[];
  /** an empty one, which is then the current one; without a name it gets one */
  make(name?: string): Project;
  /** makes a project the current one */
  open(id: string): Project;
  /** renames it, or remembers the study being worked on in it, or how its devices are run */
  change(id: string, changes: unknown): Project;
  /** the same draft and the same studies under another name, which is then the current one */
  duplicate(id: string): Project;
  /** @returns the project that is the current one from now on; after the last one an empty one is made */
  remove(id: string): Project;
  /** takes a removal back; the project is then the current one */
  restore(id: string): Project;
  /** the studies of the current project, the latest first */
  studies(): StudySummary[];
  /** takes a study out of the current project */
  removeStudy(id: string): void;
  /** takes that back */
  restoreStudy(id: string): StudySummary;
}

const changesSchema = z.strictObject({
  name: z.exactOptional(z.string().trim().min(1).max(LONGEST_PROJECT_NAME)),
  draft: z.exactOptional(settingsSchema),
  operation: z.exactOptional(saidOperationSchema),
});

/** @param guard turns what the database throws into LabErrors */
export function createLabProjects({
  store,
  now,
  guard,
}: {
  readonly store: Store;
  readonly now: () => Date;
  readonly guard: <T>(work: () => T) => T;
}): LabProjects {
  const { db } = store;
  const at = (): string => now().toISOString();
  const write = <T>(work: (db: WriteDb) => T): T =>
    guard(() => {
      const writable = store.writable();
      return writable.transaction(() => work(writable))();
    });
  const shown = (id: string): Project => {
    const project = findProject(db, id);
    if (project === undefined) throw unknownProject(id);
    return project;
  };
  const names = (): string[] => listProjects(db).map(({ name }) => name);
  const made = (writable: WriteDb, name = freeProjectName(names())): Project =>
    shown(makeProject(writable, { name, draft: null, madeAt: at() }));
  const current = (writable: WriteDb): Project => {
    const id = currentProjectId(writable);
    return id === undefined ? made(writable) : shown(id);
  };

  return {
    list: () => guard(() => listProjects(db)),
    make: (name) =>
      write((writable) => made(writable, name === undefined ? undefined : parse({ name }).name)),
    open: (id) =>
      write((writable) => {
        shown(id);
        openProject(writable, id);
        return shown(id);
      }),
    change: (id, asked) => {
      const changes = parse(asked);
      return write((writable) => {
        changeProject(writable, id, changes);
        return shown(id);
      });
    },
    duplicate: (id) =>
      write((writable) => {
        const { name, draft, operation } = shown(id);
        const copy = makeProject(writable, { name: copyName(name, names()), draft, operation, madeAt: at() });
        copyProjectStudies(writable, id, copy);
        return shown(copy);
      }),
    remove: (id) =>
      write((writable) => {
        if (!markProjectRemoved(writable, id, at())) throw unknownProject(id);
        return current(writable);
      }),
    restore: (id) =>
      write((writable) => {
        if (!openProject(writable, id)) throw unknownProject(id);
        return shown(id);
      }),
    studies: () =>
      guard(() => {
        const id = currentProjectId(db);
        return id === undefined ? [] : listProjectStudies(db, id);
      }),
    removeStudy: (id) =>
      write((writable) => {
        if (!markStudyRemoved(writable, currentProjectId(writable) ?? '', id, at())) throw notHere(id);
      }),
    restoreStudy: (id) =>
      write((writable) => {
        const study = findStudySummary(writable, id);
        if (study === undefined) throw notHere(id);
        putIntoProject(writable, id, at());
        return study;
      }),
  };
}

/** @throws LabError "bad-setting" when they are none */
function parse(asked: unknown): z.output<typeof changesSchema> {
  const result = changesSchema.safeParse(asked);
  if (result.success) return result.data;
  throw new LabError(
    'bad-setting',
    `The project cannot be changed like this: ${firstIssues(result.error)}.`,
    `Nothing was changed. A name has 1 to ${LONGEST_PROJECT_NAME} characters.`,
  );
}

function unknownProject(id: string): LabError {
  return new LabError(
    'unknown-project',
    `There is no project with the id "${id}".`,
    'It may have been deleted in an earlier start, after which it cannot be taken back.',
  );
}

function notHere(id: string): LabError {
  return new LabError('unknown-study', `The current project holds no study with the id "${id}".`);
}
