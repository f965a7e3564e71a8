import { onScopeDispose, shallowReadonly, shallowRef, watch, type Ref } from 'vue';
import type { ManySettings } from '#core/analysis/manySettings';
import type { ManyResult } from '#core/analysis/manySystems';
import { errorData, type ErrorData } from '#core/errors';
import { DEFAULT_REPLICATES, DEFAULT_SEED } from '#core/study';
import type { LabState } from './useLab.ts';

/** So long nothing may change before a comparison is asked for, ms. */
const REST_MS = 300;

/** How far a comparison of several systems is. */
export type ManyState =
  | { readonly state: 'none' }
  /** "result": the policies themselves; "intervals": the bootstrap */
  | { readonly state: 'waiting'; readonly wanted: 'result' | 'intervals'; readonly fraction: number }
  | { readonly state: 'known' | 'stopped' }
  | { readonly state: 'failed'; readonly error: ErrorData };

/** A comparison that was asked for, as far as it is known. */
export interface ManyFound {
  readonly settings: ManySettings;
  readonly result: ManyResult;
}

export interface ManySystems {
  /** the last that was found, kept while the next is computed */
  readonly found: Readonly<Ref<ManyFound | undefined>>;
  readonly state: Readonly<Ref<ManyState>>;
  /** ends what is being computed */
  readonly stop: () => void;
  /** begins again what was stopped, or failed */
  readonly again: () => void;
}

/**
 * Has the settings compared whenever they are at rest, first without intervals and then with them.
 * @param asked undefined where there is nothing to compare
 */
export function useManySystems({ client }: LabState, asked: () => ManySettings | undefined): ManySystems {
  const found = shallowRef<ManyFound>();
  const state = shallowRef<ManyState>({ state: 'none' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  const unlisten = client.on('studyProgress', ({ kind, fraction }) => {
    const { value } = state;
    if (kind !== 'compare') return;
    if (value.state === 'waiting' && value.wanted === 'intervals') state.value = { ...value, fraction };
  });

  async function ask(settings: ManySettings, call: number): Promise<void> {
    try {
      for (const wanted of ['result', 'intervals'] as const) {
        state.value = { state: 'waiting', wanted, fraction: 0 };
        const { bootstrap = DEFAULT_REPLICATES, seed = DEFAULT_SEED } = settings;
        const used = { ...settings, bootstrap: wanted === 'result' ? 0 : bootstrap, seed };
        const result = await client.compareSystems(used);
        if (call !== latest) return;
        found.value = { settings: used, result };
      }
      state.value = { state: 'known' };
    } catch (thrown) {
      if (call !== latest) return;
      const error = errorData(thrown);
      state.value = error.kind === 'interrupted' ? { state: 'stopped' } : { state: 'failed', error };
    }
  }

  const begin = (restMs: number): void => {
    clearTimeout(timer);
    const call = ++latest;
    const settings = asked();
    if (settings === undefined) {
      found.value = undefined;
      state.value = { state: 'none' };
      return;
    }
    state.value = { state: 'waiting', wanted: 'result', fraction: 0 };
    timer = setTimeout(() => void ask(settings, call), restMs);
  };
  watch(asked, () => begin(REST_MS), { immediate: true });
  onScopeDispose(() => {
    clearTimeout(timer);
    latest += 1;
    unlisten();
    // Nobody would take in what comes of it: the threads are for what is looked at.
    if (state.value.state === 'waiting') void client.cancelStudy('compare');
  });
  return {
    found: shallowReadonly(found),
    state: shallowReadonly(state),
    stop: () => {
      if (state.value.state !== 'waiting') return;
      clearTimeout(timer);
      latest += 1;
      state.value = { state: 'stopped' };
      void client.cancelStudy('compare');
    },
    again: () => begin(0),
  };
}
