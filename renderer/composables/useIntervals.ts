import {
  computed,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
} from 'vue';
import { errorData, type ErrorData } from '#core/errors';
import { DEFAULT_REPLICATES, type StudySettings } from '#core/study';
import { without } from './useDraft.ts';
import type { LabState } from './useLab.ts';
import type { Stage } from './pace.ts';
import { useStage } from './useStage.ts';

/** So long nothing may change before more is asked for, ms: a slider that is drawn asks for none. */
const REST_MS = 450;

/** What is computed apart of the window for the draft. */
export type IntervalState =
  /** "result": the policies themselves, of a large study; "intervals": the bootstrap, and the devices */
  | { readonly state: 'waiting' | 'stopped'; readonly wanted: 'result' | 'intervals' }
  | { readonly state: 'known' }
  | { readonly state: 'failed'; readonly error: ErrorData };

export interface Intervals {
  readonly found: Readonly<Ref<IntervalState>>;
  readonly stage: Readonly<Ref<Stage | undefined>>;
  /** why the devices cannot carry the queries, where they cannot; everything else is known all the same */
  readonly capacityError: Readonly<Ref<ErrorData | undefined>>;
  /** ends what is being computed */
  readonly stop: () => void;
  /** begins again what was stopped, or failed */
  readonly again: () => void;
  readonly isLarge: ComputedRef<boolean>;
}

/**
 * Has computed what takes longer than a redraw, whenever the draft is at rest and for as long as the page that asks is
 * open: intervals, the optimum under capacity, and a large study as a whole, first without its intervals.
 */
export function useIntervals({ draft, client }: LabState): Intervals {
  const found = shallowRef<IntervalState>({ state: 'waiting', wanted: 'intervals' });
  const { stage, clear } = useStage(client, 'preview', () => found.value.state === 'waiting');
  const capacityError = shallowRef<ErrorData>();
  const isLarge = computed(() => {
    const { value } = draft.outcome;
    return 'inputs' in value && value.inputs.workload.pairs.length === 0;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  async function ask(): Promise<void> {
    const call = ++latest;
    const settings = draft.settings.value;
    const outcome = draft.outcome.value;
    if (!('inputs' in outcome)) return;
    const { inputs } = outcome;
    const replicates = settings.bootstrap ?? DEFAULT_REPLICATES;
    let wanted: 'result' | 'intervals' = isLarge.value ? 'result' : 'intervals';
    found.value = { state: 'waiting', wanted };
    try {
      if (wanted === 'result' && outcome.state !== 'done') {
        const result = await preview({ ...settings, bootstrap: 0 }, call);
        if (call !== latest) return;
        draft.learn({ settings, inputs, result });
      }
      wanted = 'intervals';
      found.value = { state: 'waiting', wanted };
      const result = await preview({ ...settings, bootstrap: replicates }, call);
      if (call !== latest) return;
      draft.learn({ settings, inputs, result });
      found.value = { state: 'known' };
    } catch (thrown) {
      if (call !== latest) return;
      const error = errorData(thrown);
      if (error.kind === 'interrupted') found.value = { state: 'stopped', wanted };
      else if (wanted === 'result') draft.learn({ settings, inputs, result: { error } });
      else found.value = { state: 'failed', error };
    } finally {
      if (call === latest) clear();
    }
  }

  /** Devices that cannot carry the queries are told apart, and the rest is asked for without them. */
  async function preview(settings: StudySettings, call: number) {
    if (capacityError.value === undefined) {
      try {
        return await client.previewStudy(settings);
      } catch (thrown) {
        const error = errorData(thrown);
        if (error.kind !== 'infeasible' || call !== latest) throw thrown;
        capacityError.value = error;
      }
    }
    return client.previewStudy(without(settings, 'capacity'));
  }

  /** Of the very draft, from an earlier visit. */
  function isKnown(): boolean {
    const { value } = draft.outcome;
    if (value.state !== 'done' || value.result.uncertainty === undefined) return false;
    return draft.settings.value.capacity === undefined || value.result.capacity !== undefined;
  }

  const begin = (restMs: number): void => {
    clearTimeout(timer);
    latest += 1;
    clear();
    const wanted = isLarge.value ? 'result' : 'intervals';
    // A slider that is drawn begins again and again: nothing need be drawn anew for that.
    if (found.value.state !== 'waiting' || found.value.wanted !== wanted) {
      found.value = { state: 'waiting', wanted };
    }
    timer = setTimeout(() => void ask(), restMs);
  };

  watch(
    [
      // As a function: a shallow ref among several sources would count as changed whenever any of them is looked at.
      () => draft.settings.value,
      () => ('inputs' in draft.outcome.value ? draft.outcome.value.inputs : undefined),
    ] as const,
    ([, inputs]) => {
      capacityError.value = undefined;
      clearTimeout(timer);
      latest += 1;
      if (isKnown()) found.value = { state: 'known' };
      else if (inputs !== undefined) begin(REST_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    latest += 1;
    // Nobody would take in what comes of it: the threads are for what is looked at.
    if (found.value.state === 'waiting') void client.cancelStudy('preview');
  });
  return {
    found: shallowReadonly(found),
    stage,
    capacityError: shallowReadonly(capacityError),
    stop: () => {
      clearTimeout(timer);
      if (found.value.state !== 'waiting') return;
      const { wanted } = found.value;
      latest += 1;
      found.value = { state: 'stopped', wanted };
      clear();
      void client.cancelStudy('preview');
    },
    again: () => begin(0),
    isLarge,
  };
}
