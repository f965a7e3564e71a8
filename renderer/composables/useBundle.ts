import {
  computed,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  type ComputedRef,
  type ShallowRef,
} from 'vue';
import type { FoundBundle } from '#core/bundleFound';
import type { TakenBundle } from '#core/studyBundle';
import type { LabClient } from '../lab.ts';
import { useTold, type StageFound } from './useStage.ts';
import { useTask, type Task } from './useTask.ts';

/** A study's bundle that is being looked at. */
export interface BundleInHand {
  /** its path; undefined when none is */
  readonly file: Readonly<ShallowRef<string | undefined>>;
  /** its name, without its folder */
  readonly name: ComputedRef<string>;
  readonly looking: Task<[], FoundBundle>;
  readonly opening: Task<[], TakenBundle>;
  /** how far the look is; undefined when nothing was told of it */
  readonly stage: StageFound['stage'];
  readonly begin: (file: string) => void;
  /** stops the look, or lets go of the bundle */
  readonly close: () => void;
}

/** Looks at a bundle, and opens it when it is accepted. Ends with the component that uses it. */
export function useBundle(client: LabClient): BundleInHand {
  const file = shallowRef<string>();
  const looking = useTask(() => client.inspectBundle(file.value!));
  const opening = useTask(() => client.openBundle(file.value!));
  const { stage, clear } = useTold(
    (hear) => client.on('bundleProgress', hear),
    () => looking.busy.value,
  );
  function close(): void {
    if (file.value !== undefined) void client.closeBundle();
    looking.clear();
    opening.clear();
    file.value = undefined;
  }
  onScopeDispose(close);
  return {
    file: shallowReadonly(file),
    name: computed(() => file.value?.split(/[\\/]/).at(-1) ?? ''),
    looking,
    opening,
    stage,
    begin: (chosen) => {
      looking.clear();
      opening.clear();
      clear();
      file.value = chosen;
      void looking.run();
    },
    close,
  };
}
