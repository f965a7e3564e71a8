import { computed, onScopeDispose } from 'vue';
import { bareSettings, type VariationAnswer } from '#core/analysis/variations';
import { isLive } from './liveStudies.ts';
import { useApart, type Apart } from './useApart.ts';
import type { LabState } from './useLab.ts';

/**
 * The draft with one thing changed at a time, computed beside the window. What takes long, of a large workload, ends when
 * the page is left: the threads are for what is looked at.
 */
export function useVariations({
  draft,
  catalogue,
  client,
  variations,
  units,
}: LabState): Apart<readonly VariationAnswer[]> {
  const workloads = computed(() =>
    catalogue.workloads.value.map(({ id, queries, pairs }) => `${id} ${queries} ${pairs}`),
  );
  const apart = useApart({
    client,
    kind: 'vary',
    cache: variations,
    question: () => {
      if (!('inputs' in draft.outcome.value) && draft.outcome.value.state !== 'failed') return undefined;
      const settings = draft.settings.value;
      return {
        key: JSON.stringify([
          bareSettings(settings),
          catalogue.revision.value,
          workloads.value,
          units.value.numbers,
        ]),
        ask: () => client.varyStudy(settings),
      };
    },
  });
  onScopeDispose(() => {
    const own = catalogue.workloads.value.find(({ id }) => id === draft.settings.value.workload);
    if (apart.found.value.state === 'waiting' && own !== undefined && !isLive(own)) apart.stop();
  });
  return apart;
}
