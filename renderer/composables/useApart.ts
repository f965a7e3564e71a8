import { onScopeDispose, shallowReadonly, shallowRef, watch, type Ref } from 'vue';
import { errorData, type ErrorData } from '#core/errors';
import type { StudyWork } from '#ipc/studyWork';
import type { LabClient } from '../lab.ts';
import type { AnswerCache } from './answerCache.ts';
import type { Stage } from './pace.ts';
import { useStage } from './useStage.ts';

/** So long nothing may change before what changed is asked for, ms. */
const REST_MS = 300;

/** What is computed beside the window, with the last answer for as long as the next is on its way. */
export type ApartState<O> =
  | { readonly state: 'idle' }
  | { readonly state: 'waiting' | 'stopped'; readonly last: O | undefined }
  | { readonly state: 'known'; readonly last: O }
  | { readonly state: 'failed'; readonly error: ErrorData; readonly last: undefined };

/** A question with what tells it from others. */
export interface Question<O> {
  readonly key: string;
  readonly ask: () => Promise<O>;
}

export interface Apart<O> {
  readonly found: Readonly<Ref<ApartState<O>>>;
  readonly stage: Readonly<Ref<Stage | undefined>>;
  /** ends what is being computed */
  readonly stop: () => void;
  /** begins again what was stopped, or failed */
  readonly again: () => void;
}

/**
 * Has a question answered beside the window, whenever it is at rest, and at once where the answer is known. What is under
 * way when the page is left goes on, so that it is there when one comes back.
 * @param question undefined: there is none now
 */
export function useApart<O>({
  client,
  kind,
  cache,
  question,
}: {
  readonly client: LabClient;
  readonly kind: StudyWork;
  readonly cache: AnswerCache<O>;
  readonly question: () => Question<O> | undefined;
}): Apart<O> {
  const found = shallowRef<ApartState<O>>({ state: 'idle' });
  const { stage, clear } = useStage(client, kind, () => found.value.state === 'waiting');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  const last = (): O | undefined => ('last' in found.value ? found.value.last : undefined);

  async function ask({ key, ask: work }: Question<O>): Promise<void> {
    const call = ++latest;
    try {
      const answer = await cache.ask(key, work);
      if (call === latest) found.value = { state: 'known', last: answer };
    } catch (thrown) {
      if (call !== latest) return;
      const error = errorData(thrown);
      found.value =
        error.kind === 'interrupted'
          ? { state: 'stopped', last: last() }
          : { state: 'failed', error, last: undefined };
    } finally {
      if (call === latest) clear();
    }
  }

  function begin(asked: Question<O> | undefined, restMs: number): void {
    clearTimeout(timer);
    latest += 1;
    clear();
    if (asked === undefined) {
      found.value = { state: 'idle' };
      return;
    }
    const known = cache.known(asked.key);
    if (known !== undefined) {
      found.value = { state: 'known', last: known };
      return;
    }
    found.value = { state: 'waiting', last: last() };
    if (restMs === 0) void ask(asked);
    else timer = setTimeout(() => void ask(asked), restMs);
  }

  watch(
    () => question()?.key,
    (_key, before) => begin(question(), before === undefined ? 0 : REST_MS),
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    latest += 1;
  });
  return {
    found: shallowReadonly(found),
    stage,
    stop: () => {
      clearTimeout(timer);
      if (found.value.state !== 'waiting') return;
      latest += 1;
      clear();
      found.value = { state: 'stopped', last: last() };
      void client.cancelStudy(kind);
    },
    again: () => begin(question(), 0),
  };
}
