import { onScopeDispose, shallowReadonly, shallowRef, watch, type ShallowRef } from 'vue';
import { errorData, type ErrorData } from '#core/errors';
import { DEFAULT_REPLICATES } from '#core/study';
import type { LabState } from './useLab.ts';

/** So long nothing may change before the intervals are asked for, ms: a slider that is drawn asks for none. */
const REST_MS = 450;

/** Whether the intervals of the draft are there, on their way, or why there are none. */
export type IntervalState =
  { readonly state: 'waiting' | 'known' } | { readonly state: 'failed'; readonly error: ErrorData };

/** Has the draft's intervals computed whenever it is at rest, for as long as the page that asks is open. */
export function useIntervals({ draft, client }: LabState): Readonly<ShallowRef<IntervalState>> {
  const found = shallowRef<IntervalState>({ state: 'waiting' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  async function ask(): Promise<void> {
    const call = ++latest;
    const settings = draft.settings.value;
    const outcome = draft.outcome.value;
    if (outcome.state !== 'done') return;
    try {
      const replicates = settings.bootstrap ?? DEFAULT_REPLICATES;
      const { uncertainty } = await client.previewStudy({ ...settings, bootstrap: replicates });
      if (call !== latest) return;
      if (uncertainty !== undefined) draft.learn({ settings, inputs: outcome.inputs, uncertainty });
      found.value = { state: 'known' };
    } catch (thrown) {
      const error = errorData(thrown);
      // Another study took its turn; whoever asked for that one waits for it.
      if (call === latest && error.kind !== 'interrupted') found.value = { state: 'failed', error };
    }
  }

  watch(
    [
      // As a function: a shallow ref among several sources would count as changed whenever any of them is looked at.
      () => draft.settings.value,
      () => (draft.outcome.value.state === 'done' ? draft.outcome.value.inputs : undefined),
    ] as const,
    ([, inputs]) => {
      clearTimeout(timer);
      latest += 1;
      found.value = { state: 'waiting' };
      if (inputs !== undefined) timer = setTimeout(() => void ask(), REST_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    latest += 1;
  });
  return shallowReadonly(found);
}
