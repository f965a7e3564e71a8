import { computed, shallowReadonly, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { errorData, type ErrorData } from '#core/errors';
import { analyse, PAPER_SETTINGS, type StudyInputs, type StudyResult, type StudySettings } from '#core/study';
import type { Catalogue } from './useCatalogue.ts';
import { createHistory } from './useHistory.ts';

/** The outcome of the draft as it stands: a result, or why there is none. */
export type Outcome =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: ErrorData }
  | { readonly state: 'done'; readonly inputs: StudyInputs; readonly result: StudyResult };

/** The study being worked on. */
export interface Draft {
  readonly settings: Readonly<ShallowRef<StudySettings>>;
  /** computed in the window, at once, whenever a setting changes */
  readonly outcome: ComputedRef<Outcome>;
  readonly change: (changes: Partial<StudySettings>) => void;
  readonly replace: (settings: StudySettings) => void;
  /** takes up settings that were remembered: nothing before them can be taken back */
  readonly restore: (settings: StudySettings) => void;
  /** takes the last change back */
  readonly undo: () => void;
  /** makes a change again that was taken back */
  readonly redo: () => void;
  readonly canUndo: ComputedRef<boolean>;
  readonly canRedo: ComputedRef<boolean>;
  /** begins to read the inputs; until then the outcome is "loading" */
  readonly begin: () => void;
}

export function createDraft(catalogue: Catalogue): Draft {
  const settings = shallowRef<StudySettings>(PAPER_SETTINGS);
  const inputs = shallowRef<StudyInputs | { error: ErrorData }>();

  let latest = 0;
  async function load(): Promise<void> {
    const call = ++latest;
    const { small, large, workload } = settings.value;
    try {
      const [smallItem, largeItem, workloadItem] = await Promise.all([
        catalogue.profile(small),
        catalogue.profile(large),
        catalogue.workload(workload),
      ]);
      if (call !== latest) return;
      inputs.value = {
        small: smallItem.profile,
        large: largeItem.profile,
        workload: workloadItem.workload,
      };
    } catch (thrown) {
      if (call === latest) inputs.value = { error: errorData(thrown) };
    }
  }

  const outcome = computed((): Outcome => {
    const loaded = inputs.value;
    if (loaded === undefined) return { state: 'loading' };
    if ('error' in loaded) return { state: 'failed', error: loaded.error };
    const { small, large, workload } = settings.value;
    if (loaded.small.id !== small || loaded.large.id !== large || loaded.workload.id !== workload) {
      return { state: 'loading' };
    }
    try {
      return { state: 'done', inputs: loaded, result: analyse(settings.value, loaded) };
    } catch (thrown) {
      return { state: 'failed', error: errorData(thrown) };
    }
  });

  const history = createHistory(settings);

  return {
    settings: shallowReadonly(settings),
    outcome,
    change: (changes) =>
      history.put({ ...settings.value, ...changes }, Object.keys(changes).sort().join(' ')),
    replace: (next) => history.put(next),
    restore: history.restart,
    undo: history.undo,
    redo: history.redo,
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    begin: () => {
      watch(
        () => {
          const { small, large, workload } = settings.value;
          return [small, large, workload, catalogue.revision.value].join(' ');
        },
        load,
        { immediate: true },
      );
    },
  };
}
