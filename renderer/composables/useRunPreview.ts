import { onScopeDispose, shallowReadonly, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { RunPreview } from '#core/activeRun';
import type { ErrorData } from '#core/errors';
import type { RunRequest } from '#core/runRequest';
import type { LabClient } from '../lab.ts';
import { useTask } from './useTask.ts';

/** Typing comes in bursts: a preview is asked for once the burst is over, ms. */
const QUIET_MS = 300;

/** What a run would be, as its form stands. */
export interface Preview {
  /** of the request as it stands; undefined while it is being found out */
  readonly preview: Readonly<ShallowRef<RunPreview | undefined>>;
  readonly error: Readonly<ShallowRef<ErrorData | undefined>>;
  /** the request has changed, or the answer is awaited */
  readonly waiting: Readonly<ShallowRef<boolean>>;
  readonly again: () => void;
}

/** Asks for the preview of a request whenever it changes; undefined is not asked for. */
export function useRunPreview(client: LabClient, request: ComputedRef<RunRequest | undefined>): Preview {
  const task = useTask((asked: RunRequest) => client.previewRun(asked));
  const waiting = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function ask(afterMs: number): void {
    clearTimeout(timer);
    const asked = request.value;
    waiting.value = asked !== undefined;
    if (asked === undefined) return;
    timer = setTimeout(() => {
      void task.run(asked).then(() => {
        if (asked === request.value && !task.busy.value) waiting.value = false;
      });
    }, afterMs);
  }

  watch(
    () => JSON.stringify(request.value),
    (_now, before) => ask(before === undefined ? 0 : QUIET_MS),
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return {
    preview: task.result,
    error: task.error,
    waiting: shallowReadonly(waiting),
    again: () => ask(0),
  };
}
