import { onScopeDispose, shallowReadonly, shallowRef, watch, type Ref } from 'vue';

/** What is done sooner than this shows no progress, ms. */
const SLOW_MS = 500;

/** Whether work has been under way for longer than one waits without being told. */
export function useSlow(busy: () => boolean): Readonly<Ref<boolean>> {
  const slow = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    busy,
    (is) => {
      clearTimeout(timer);
      slow.value = false;
      if (is) timer = setTimeout(() => (slow.value = true), SLOW_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return shallowReadonly(slow);
}
