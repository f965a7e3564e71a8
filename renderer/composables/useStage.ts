import { onScopeDispose, shallowReadonly, shallowRef, type Ref } from 'vue';
import type { StudyWork } from '#ipc/studyWork';
import type { LabClient } from '../lab.ts';
import { createPace, type Stage, type Told } from './pace.ts';

/** How far work is that tells of itself now and then. */
export interface StageFound {
  readonly stage: Readonly<Ref<Stage | undefined>>;
  /** the work is over, or begins anew */
  readonly clear: () => void;
}

/**
 * How far work is, for as long as the page that asks is open.
 * @param listen to what is told; gives the way to end it
 * @param isWanted whether anybody waits for it; what else is told is let pass
 */
export function useTold(
  listen: (hear: (told: Told) => void) => () => void,
  isWanted: () => boolean,
): StageFound {
  const stage = shallowRef<Stage>();
  const pace = createPace();
  onScopeDispose(
    listen((told) => {
      if (isWanted()) stage.value = pace.stageOf(told);
    }),
  );
  return {
    stage: shallowReadonly(stage),
    clear: () => {
      pace.begin();
      stage.value = undefined;
    },
  };
}

/** How far work of a kind is, of what is computed of studies beside the window. */
export function useStage(
  client: Pick<LabClient, 'on'>,
  kind: StudyWork,
  isWanted: () => boolean,
): StageFound {
  return useTold(
    (hear) =>
      client.on('studyProgress', (told) => {
        if (told.kind === kind) hear(told);
      }),
    isWanted,
  );
}
