import { onScopeDispose, shallowReadonly, shallowRef, type Ref } from 'vue';
import type { StudyWork } from '#ipc/studyWork';
import type { LabClient } from '../lab.ts';

/** From this share on, what is left is told: before, it says little. */
const TELLING = 0.15;

/** How far the main process is. */
export interface Stage {
  readonly what: string;
  readonly fraction: number;
  /** s, where it can be told */
  readonly remainingS: number | undefined;
}

/**
 * How far work of a kind is, for as long as the page that asks is open.
 * @param isWanted whether anybody waits for it; what else is told is let pass
 */
export function useStage(
  client: Pick<LabClient, 'on'>,
  kind: StudyWork,
  isWanted: () => boolean,
): { readonly stage: Readonly<Ref<Stage | undefined>>; readonly clear: () => void } {
  const stage = shallowRef<Stage>();
  let began: { what: string; at: number } | undefined;
  onScopeDispose(
    client.on('studyProgress', (told) => {
      if (told.kind !== kind || !isWanted()) return;
      const { what, fraction } = told;
      if (began?.what !== what) began = { what, at: performance.now() };
      const elapsedS = (performance.now() - began.at) / 1000;
      const remainingS =
        fraction >= TELLING && fraction < 1 ? (elapsedS * (1 - fraction)) / fraction : undefined;
      stage.value = { what, fraction, remainingS };
    }),
  );
  return {
    stage: shallowReadonly(stage),
    clear: () => {
      began = undefined;
      stage.value = undefined;
    },
  };
}
