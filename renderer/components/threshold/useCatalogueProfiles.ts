import { shallowReadonly, shallowRef, watch, type ShallowRef } from 'vue';
import type { Profile } from '#core/profile';
import { useLab } from '../../composables/useLab.ts';

/** The pair's profiles, also where no study comes of them; undefined until they are read. */
export function useCatalogueProfiles(): Readonly<ShallowRef<{ small: Profile; large: Profile } | undefined>> {
  const { draft, catalogue } = useLab();
  const found = shallowRef<{ small: Profile; large: Profile }>();
  watch(
    () => `${draft.settings.value.small} ${draft.settings.value.large} ${catalogue.revision.value}`,
    async () => {
      const { small, large } = draft.settings.value;
      try {
        const [a, b] = await Promise.all([catalogue.profile(small), catalogue.profile(large)]);
        if (draft.settings.value.small === small && draft.settings.value.large === large) {
          found.value = { small: a.profile, large: b.profile };
        }
      } catch {
        // The draft says what is wrong with them.
        found.value = undefined;
      }
    },
    { immediate: true },
  );
  return shallowReadonly(found);
}
