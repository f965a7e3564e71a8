import { computed, shallowReadonly, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { StudySummary } from '#core/catalogue';
import { isComparison, type ComparisonSummary } from '#core/storedComparison';
import { errorData, type ErrorData } from '#core/errors';
import type { Project } from '#core/project';
import { START_SETTINGS } from '#core/study';
import type { LabClient } from '../lab.ts';
import type { Catalogue } from './useCatalogue.ts';
import type { Draft } from './useDraft.ts';
import type { Deed } from './useHistory.ts';
import { NOTHING_SAID, type OperationFields } from './useSimulation.ts';

/** Changes come in bursts (a slider): they are written once the burst is over, ms. */
const REST_MS = 150;

/** Something that was just done; a removal can be taken back. */
export interface Notice {
  readonly text: string;
  readonly deed?: Deed;
}

/** The pieces of work, of which one is open. */
export interface Projects {
  readonly list: Readonly<ShallowRef<readonly Project[]>>;
  /** undefined until they are read */
  readonly current: ComputedRef<Project | undefined>;
  /** what was done last, for as long as it is told */
  readonly notice: ShallowRef<Notice | undefined>;
  /** why the last change could not be made */
  readonly error: ShallowRef<ErrorData | undefined>;
  /** takes up the study being worked on in the project that was open last, then remembers every change of it */
  readonly begin: () => Promise<void>;
  /** writes what is being worked on at once */
  readonly flush: () => Promise<void>;
  readonly make: (name: string) => Promise<void>;
  readonly open: (id: string) => Promise<void>;
  readonly rename: (id: string, name: string) => Promise<void>;
  readonly duplicate: (id: string) => Promise<void>;
  readonly remove: (project: Pick<Project, 'id' | 'name'>) => Promise<void>;
  /** names a study or a comparison, or notes something of it */
  readonly changeStudy: (study: string, changes: { name: string; note: string }) => Promise<void>;
  readonly removeStudy: (study: StoredEntry) => Promise<void>;
}

/** What is stored and can be named, removed and reported: a study, or a comparison of several systems. */
export type StoredEntry = StudySummary | ComparisonSummary;

/** What a study or a comparison is called: by its name, or by what it is. */
export const calledStudy = ({ name, title }: Pick<StoredEntry, 'name' | 'title'>): string =>
  name === '' ? title : name;

/** Removals are deeds of the draft's history, so that Undo takes back whatever was done last. */
export function createProjects(
  client: LabClient,
  catalogue: Catalogue,
  draft: Draft,
  operation: ShallowRef<OperationFields>,
): Projects {
  const list = shallowRef<readonly Project[]>([]);
  const notice = shallowRef<Notice>();
  const error = shallowRef<ErrorData>();
  const current = computed(() => list.value.find((project) => project.current));
  let kept = draft.settings.value;
  let keptOperation = operation.value;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  /** Writes what is being worked on, where it is not written yet. */
  async function flush(): Promise<void> {
    clearTimeout(waiting);
    const project = current.value?.id;
    const settings = draft.settings.value;
    const said = operation.value;
    if (project === undefined || (settings === kept && said === keptOperation)) return;
    await client.changeProject({
      project,
      ...(settings === kept ? {} : { draft: settings }),
      ...(said === keptOperation ? {} : { operation: said }),
    });
    // Until then it is not written: where that fails, it is tried again.
    if (current.value?.id === project) [kept, keptOperation] = [settings, said];
  }

  function takeUpOperation(project: Project): void {
    keptOperation = project.operation ?? NOTHING_SAID;
    operation.value = keptOperation;
  }

  async function takeUp(project: Project): Promise<void> {
    const [projects] = await Promise.all([client.listProjects(), catalogue.refreshStudies()]);
    list.value = projects;
    notice.value = undefined;
    kept = project.draft ?? START_SETTINGS;
    draft.restore(kept);
    takeUpOperation(project);
  }

  const guarded = async (work: () => Promise<void>): Promise<void> => {
    error.value = undefined;
    try {
      await work();
    } catch (thrown) {
      error.value = errorData(thrown);
    }
  };
  const changed = (work: () => Promise<Project>): Promise<void> =>
    guarded(async () => {
      await flush();
      await takeUp(await work());
    });
  const refresh = async (): Promise<void> => void (list.value = await client.listProjects());

  function tell(text: string, deed: Deed): void {
    draft.record(deed);
    notice.value = { text, deed };
  }

  const remove: Projects['remove'] = ({ id, name }) =>
    guarded(async () => {
      await flush();
      const was = current.value?.id;
      const now = await client.removeProject(id);
      if (was === id) await takeUp(now);
      else await refresh();
      tell(`“${name}” was deleted.`, {
        undo: () => void changed(() => client.restoreProject(id)),
        redo: () => void remove({ id, name }),
      });
    });

  const refreshList = (id: string): Promise<void> =>
    isComparison(id) ? catalogue.refreshComparisons() : catalogue.refreshStudies();
  const takeOut = (id: string): Promise<void> =>
    guarded(async () => {
      await (isComparison(id) ? client.removeComparison(id) : client.removeStudy(id));
      await refreshList(id);
    });
  const putBack = (id: string): Promise<void> =>
    guarded(async () => {
      notice.value = undefined;
      await (isComparison(id) ? client.restoreComparison(id) : client.restoreStudy(id));
      await refreshList(id);
    });

  return {
    list: shallowReadonly(list),
    current,
    notice,
    error,
    begin: async () => {
      await refresh();
      if (current.value?.draft) draft.restore(current.value.draft);
      kept = draft.settings.value;
      if (current.value) takeUpOperation(current.value);
      watch([draft.settings, operation], () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => void guarded(flush), REST_MS);
      });
    },
    flush: () => guarded(flush),
    make: (name) => changed(() => client.makeProject({ name })),
    open: (id) => changed(() => client.openProject(id)),
    rename: (project, name) =>
      guarded(async () => {
        await client.changeProject({ project, name });
        await refresh();
      }),
    duplicate: (id) => changed(() => client.duplicateProject(id)),
    remove,
    changeStudy: (id, changes) =>
      guarded(async () => {
        await (isComparison(id)
          ? client.changeComparison({ comparison: id, ...changes })
          : client.changeStudy({ study: id, ...changes }));
        await refreshList(id);
      }),
    removeStudy: async (study) => {
      await takeOut(study.id);
      if (error.value !== undefined) return;
      tell(`“${calledStudy(study)}” was removed.`, {
        undo: () => void putBack(study.id),
        redo: () => void takeOut(study.id),
      });
    },
  };
}
